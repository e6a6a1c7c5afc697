package etesian.pipeline.forecast;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.model.Forecaster.Carry;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.window.FieldWindow;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A forecast on its way: small, immutable, checkpointed, resumable at any step.
 *
 * @param variable what is forecast
 * @param grid of every frame
 * @param issueTime forecast reference time; the key of its state
 * @param revision of the window that it started from
 * @param model architecture of the weights; empty while it waits
 * @param weightsSha256 weights it began with and keeps to its end; empty while it waits
 * @param nextLead the lead that the next step gives, from 1
 * @param frames the carry: newest frames, oldest first, in the unit of the variable
 * @param inputs where the fields of the window came from
 */
record Rollout(
    Variable variable,
    Grid grid,
    Instant issueTime,
    int revision,
    String model,
    String weightsSha256,
    int nextLead,
    List<float[]> frames,
    List<Origin> inputs) {

  /** A rollout that waits for its turn. */
  static Rollout of(FieldWindow window) {
    List<float[]> frames = new ArrayList<>();
    List<Origin> inputs = new ArrayList<>();
    for (Field field : window.frames()) {
      frames.add(field.toArray());
      inputs.add(field.origin());
    }
    return new Rollout(
        window.newest().frame().variable(),
        window.newest().frame().grid(),
        window.issueTime(),
        window.revision(),
        "",
        "",
        1,
        frames,
        inputs.stream().distinct().toList());
  }

  boolean hasBegun() {
    return !weightsSha256.isEmpty();
  }

  Rollout begin(Champion champion) {
    return new Rollout(
        variable,
        grid,
        issueTime,
        revision,
        champion.model(),
        champion.weightsSha256(),
        nextLead,
        frames,
        inputs);
  }

  /** What the model advances from. */
  Carry carry(StreamSettings stream) {
    return new Carry(frames, stream.timeAfter(issueTime, nextLead - 1L));
  }

  /**
   * The leads that a step gave, as messages: one, unless the leads are many and the grid is large.
   *
   * @param leadsPerMessage so many that a record stays within the limit of its topic
   * @param before what was issued of this issue time until now
   */
  List<Forecast> forecasts(
      StreamSettings stream, List<float[]> values, int leadsPerMessage, Issued before) {
    List<Forecast> messages = new ArrayList<>();
    for (int first = 0; first < values.size(); first += leadsPerMessage) {
      List<Forecast.Step> steps = new ArrayList<>();
      for (int i = first; i < Math.min(values.size(), first + leadsPerMessage); i++) {
        int lead = nextLead + i;
        steps.add(new Forecast.Step(lead, stream.timeAfter(issueTime, lead), values.get(i)));
      }
      messages.add(
          new Forecast(
              stream.name(),
              variable,
              grid,
              issueTime,
              revision,
              before.revisionOf(nextLead + first),
              steps,
              model,
              weightsSha256,
              inputs));
    }
    return messages;
  }

  /** The rollout after a step: the new frames push the oldest out. */
  Rollout after(List<float[]> values) {
    List<float[]> carried = new ArrayList<>(frames);
    carried.addAll(values);
    return new Rollout(
        variable,
        grid,
        issueTime,
        revision,
        model,
        weightsSha256,
        nextLead + values.size(),
        carried.subList(carried.size() - frames.size(), carried.size()).stream().toList(),
        inputs);
  }

  long bytes() {
    return (long) frames.size() * grid.cells() * Float.BYTES;
  }

  /**
   * Version 1: the components in their order without the revision, which is 0; a grid with even
   * rows. Version 2: likewise, a grid with uneven rows. Version 3: with the revision, either grid.
   * The lowest that holds all is written.
   */
  static final class RolloutCodec implements Codec<Rollout> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(Rollout r, DataOutput out) throws IOException {
      int version = r.revision == 0 ? Binary.gridVersion(r.grid) : 3;
      out.writeByte(version);
      Binary.variable(r.variable, out);
      Binary.grid(r.grid, out);
      Binary.instant(r.issueTime, out);
      if (version == 3) {
        out.writeInt(r.revision);
      }
      Binary.text(r.model, out);
      Binary.text(r.weightsSha256, out);
      out.writeInt(r.nextLead);
      out.writeInt(r.frames.size());
      for (float[] frame : r.frames) {
        Binary.floats(FloatBuffer.wrap(frame), out);
      }
      out.writeInt(r.inputs.size());
      for (Origin origin : r.inputs) {
        Binary.origin(origin, out);
      }
    }

    @Override
    public Rollout read(DataInput in) throws IOException {
      int version = Binary.version(in, 3, "a rollout");
      Variable variable = Binary.variable(in);
      Grid grid = Binary.grid(in);
      Instant issueTime = Binary.instant(in);
      int revision = version == 3 ? in.readInt() : 0;
      String model = Binary.text(in);
      String sha256 = Binary.text(in);
      int nextLead = in.readInt();
      int count = in.readInt();
      List<float[]> frames = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        frames.add(Binary.floats(grid.cells(), in));
      }
      int origins = in.readInt();
      List<Origin> inputs = new ArrayList<>(origins);
      for (int i = 0; i < origins; i++) {
        inputs.add(Binary.origin(in));
      }
      return new Rollout(
          variable, grid, issueTime, revision, model, sha256, nextLead, frames, inputs);
    }
  }
}
