package etesian.pipeline.forecast;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Variable;
import etesian.ingest.wire.Codec;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.model.Forecaster.Carry;
import etesian.pipeline.window.FieldWindow;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A forecast on its way: small, immutable, checkpointed, resumable at any step.
 *
 * @param variable what is forecast
 * @param grid of every frame
 * @param issueTime forecast reference time; the key of its state
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
        champion.model(),
        champion.weightsSha256(),
        nextLead,
        frames,
        inputs);
  }

  /** What the model advances from. */
  Carry carry(TimeStep step) {
    return new Carry(frames, step.plus(issueTime, nextLead - 1L));
  }

  /** The leads that a step gave, as a message. */
  Forecast forecast(String stream, TimeStep step, List<float[]> values) {
    List<Forecast.Step> steps = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      int lead = nextLead + i;
      steps.add(new Forecast.Step(lead, step.plus(issueTime, lead), values.get(i)));
    }
    return new Forecast(stream, variable, grid, issueTime, 0, steps, model, weightsSha256, inputs);
  }

  /** The rollout after a step: the new frames push the oldest out. */
  Rollout after(List<float[]> values) {
    List<float[]> carried = new ArrayList<>(frames);
    carried.addAll(values);
    return new Rollout(
        variable,
        grid,
        issueTime,
        model,
        weightsSha256,
        nextLead + values.size(),
        carried.subList(carried.size() - frames.size(), carried.size()).stream().toList(),
        inputs);
  }

  long bytes() {
    return (long) frames.size() * grid.cells() * Float.BYTES;
  }

  /** Version 1, in the order of the components. */
  static final class RolloutCodec implements Codec<Rollout> {
    private static final long serialVersionUID = 1L;

    public RolloutCodec() {}

    @Override
    public void write(Rollout r, DataOutput out) throws IOException {
      out.writeByte(1);
      out.writeUTF(r.variable.name());
      out.writeUTF(r.variable.units());
      out.writeUTF(r.variable.longName());
      out.writeUTF(r.variable.standardName());
      out.writeInt(r.grid.rows());
      out.writeInt(r.grid.columns());
      out.writeDouble(r.grid.northDegrees());
      out.writeDouble(r.grid.westDegrees());
      out.writeDouble(r.grid.rowStepDegrees());
      out.writeDouble(r.grid.columnStepDegrees());
      out.writeLong(r.issueTime.toEpochMilli());
      out.writeUTF(r.model);
      out.writeUTF(r.weightsSha256);
      out.writeInt(r.nextLead);
      out.writeInt(r.frames.size());
      ByteBuffer bytes = ByteBuffer.allocate(r.grid.cells() * Float.BYTES);
      for (float[] frame : r.frames) {
        bytes.asFloatBuffer().put(frame);
        out.write(bytes.array());
      }
      out.writeInt(r.inputs.size());
      for (Origin origin : r.inputs) {
        out.writeUTF(origin.sha256());
        out.writeUTF(origin.location());
      }
    }

    @Override
    public Rollout read(DataInput in) throws IOException {
      int version = in.readUnsignedByte();
      if (version != 1) {
        throw new IOException("a rollout of version " + version + ", this code reads 1");
      }
      Variable variable = new Variable(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
      Grid grid =
          new Grid(
              in.readInt(),
              in.readInt(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble());
      Instant issueTime = Instant.ofEpochMilli(in.readLong());
      String model = in.readUTF();
      String sha256 = in.readUTF();
      int nextLead = in.readInt();
      int count = in.readInt();
      List<float[]> frames = new ArrayList<>(count);
      byte[] bytes = new byte[grid.cells() * Float.BYTES];
      for (int i = 0; i < count; i++) {
        in.readFully(bytes);
        float[] frame = new float[grid.cells()];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(frame);
        frames.add(frame);
      }
      int origins = in.readInt();
      List<Origin> inputs = new ArrayList<>(origins);
      for (int i = 0; i < origins; i++) {
        inputs.add(new Origin(in.readUTF(), in.readUTF()));
      }
      return new Rollout(variable, grid, issueTime, model, sha256, nextLead, frames, inputs);
    }
  }
}
