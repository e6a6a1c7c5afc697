package etesian.pipeline.forecast;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.ensemble.Member;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecaster.Carry;
import etesian.pipeline.model.Stack;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
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
 * @param variables what is forecast
 * @param grid of every variable
 * @param issueTime forecast reference time; the key of its state
 * @param revision of the window that it started from
 * @param model architecture of the weights; empty while it waits
 * @param weightsSha256 weights it began with and keeps to its end; empty while it waits
 * @param nextLead the lead that the next step gives, from 1
 * @param frames the carry: newest frames, oldest first, each a {@link Stack} of the variables in
 *     their units; of an ensemble the window that its members are made of, and none afterwards
 * @param inputs where the fields of the window came from
 * @param runs members of an ensemble, 1 for a forecast of one run
 * @param members of an ensemble from its first step on; else none
 */
record Rollout(
    List<Variable> variables,
    Grid grid,
    Instant issueTime,
    int revision,
    String model,
    String weightsSha256,
    int nextLead,
    List<float[]> frames,
    List<Origin> inputs,
    int runs,
    List<Member> members) {

  /** A rollout of one run. */
  Rollout(
      List<Variable> variables,
      Grid grid,
      Instant issueTime,
      int revision,
      String model,
      String weightsSha256,
      int nextLead,
      List<float[]> frames,
      List<Origin> inputs) {
    this(
        variables,
        grid,
        issueTime,
        revision,
        model,
        weightsSha256,
        nextLead,
        frames,
        inputs,
        1,
        List.of());
  }

  /** A rollout of one run that waits for its turn. */
  static Rollout of(FieldWindow window) {
    return of(window, 1);
  }

  /** A rollout of so many members that waits for its turn. */
  static Rollout of(FieldWindow window, int runs) {
    List<Field> newest = window.newest();
    return new Rollout(
        newest.stream().map(field -> field.frame().variable()).toList(),
        newest.get(0).frame().grid(),
        window.issueTime(),
        window.revision(),
        "",
        "",
        1,
        window.members().stream().map(Stack::of).toList(),
        window.frames().stream().map(Field::origin).distinct().toList(),
        runs,
        List.of());
  }

  boolean hasBegun() {
    return !weightsSha256.isEmpty();
  }

  /** Whether it has made a step: from then on it keeps its weights. */
  boolean hasMoved() {
    return nextLead > 1 || !members.isEmpty();
  }

  /**
   * Before it has moved: with its window as the model takes it; itself where that is as it came.
   */
  Rollout observedBy(Forecaster model) {
    List<float[]> seen = frames.stream().map(model::observed).toList();
    for (int i = 0; i < seen.size(); i++) {
      if (seen.get(i) != frames.get(i)) {
        return with(nextLead, seen, runs, members);
      }
    }
    return this;
  }

  boolean isEnsemble() {
    return runs > 1;
  }

  /** Whether settings that may have changed since it began still ask for it and can go on. */
  boolean fits(StreamSettings stream) {
    boolean of =
        grid.equals(stream.grid())
            && variables.stream()
                .map(Variable::name)
                .toList()
                .equals(stream.variables().stream().map(StreamVariable::name).toList());
    boolean carries =
        members.isEmpty()
            ? frames.size() == (isEnsemble() ? stream.windowLength() : stream.history())
            : members.stream().allMatch(member -> member.frames().size() == stream.history());
    return of && carries && nextLead <= stream.horizon();
  }

  Rollout begin(Champion champion) {
    return by(champion.model(), champion.weightsSha256());
  }

  /** As it was before it began; it must not have moved. */
  Rollout unbegun() {
    return by("", "");
  }

  private Rollout by(String otherModel, String sha256) {
    return new Rollout(
        variables,
        grid,
        issueTime,
        revision,
        otherModel,
        sha256,
        nextLead,
        frames,
        inputs,
        runs,
        members);
  }

  /**
   * The unperturbed member alone, of settings that ask for no ensemble any more; with fewer frames
   * than asked for where it has not got them, so that it does not fit.
   */
  Rollout alone(int history) {
    List<float[]> carried = members.isEmpty() ? frames : members.get(0).frames();
    return with(nextLead, newest(Math.min(history, carried.size()), carried), 1, List.of());
  }

  /** An ensemble whose members are made, or have moved. */
  Rollout with(List<Member> others, int lead) {
    return with(lead, List.of(), others.size(), others);
  }

  private Rollout with(int lead, List<float[]> carried, int otherRuns, List<Member> others) {
    return new Rollout(
        variables,
        grid,
        issueTime,
        revision,
        model,
        weightsSha256,
        lead,
        carried,
        inputs,
        otherRuns,
        others);
  }

  private static List<float[]> newest(int count, List<float[]> all) {
    return List.copyOf(all.subList(all.size() - count, all.size()));
  }

  /** Steps that the member has to go which is furthest behind. */
  int behind() {
    return members.stream().mapToInt(Member::behind).max().orElse(0);
  }

  /** The members of the next step: those that are furthest behind, or all. */
  List<Member> moving() {
    int furthest = behind();
    return members.stream().filter(member -> member.behind() == furthest).toList();
  }

  /** What the model advances from; of an ensemble its {@link #moving} members. */
  List<Carry> carries(StreamSettings stream) {
    Instant newestAt = stream.timeAfter(issueTime, nextLead - 1L - behind());
    return isEnsemble()
        ? moving().stream().map(member -> new Carry(member.frames(), newestAt)).toList()
        : List.of(new Carry(frames, newestAt));
  }

  /**
   * The next leads of one run, of each the step of each variable.
   *
   * @param values frames of the leads, a {@link Stack} each
   */
  List<List<Forecast.Step>> steps(StreamSettings stream, List<float[]> values) {
    List<List<Forecast.Step>> leads = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      int lead = nextLead + i;
      List<Forecast.Step> steps = new ArrayList<>();
      for (int variable = 0; variable < variables.size(); variable++) {
        float[] layer = Stack.layer(values.get(i), variable, grid.cells());
        steps.add(new Forecast.Step(lead, stream.timeAfter(issueTime, lead), layer));
      }
      leads.add(steps);
    }
    return leads;
  }

  /**
   * The leads that a step gave, as messages: one of each variable, unless the leads are many and
   * the grid is large.
   *
   * @param leads the next ones; of each the step of each variable
   * @param leadsPerMessage so many that a record stays within the limit of its topic
   * @param before what was issued of this issue time until now
   */
  List<Forecast> forecasts(
      StreamSettings stream, List<List<Forecast.Step>> leads, int leadsPerMessage, Issued before) {
    List<Forecast> messages = new ArrayList<>();
    for (int first = 0; first < leads.size(); first += leadsPerMessage) {
      int end = Math.min(leads.size(), first + leadsPerMessage);
      for (int i = 0; i < variables.size(); i++) {
        int variable = i;
        messages.add(
            new Forecast(
                stream.name(),
                variables.get(variable),
                grid,
                issueTime,
                revision,
                before.revisionOf(nextLead + first),
                leads.subList(first, end).stream().map(lead -> lead.get(variable)).toList(),
                model,
                weightsSha256,
                inputs));
      }
    }
    return messages;
  }

  /** A rollout of one run after a step: the new frames push the oldest out. */
  Rollout after(List<float[]> values) {
    List<float[]> carried = new ArrayList<>(frames);
    carried.addAll(values);
    return with(nextLead + values.size(), newest(frames.size(), carried), 1, List.of());
  }

  /** Of what is held now. */
  long bytes() {
    int count = frames.size();
    for (Member member : members) {
      count += member.frames().size();
    }
    return count * frameBytes();
  }

  /** Of what is held once the members of an ensemble are made. */
  long bytesOnceBegun() {
    return members.isEmpty() ? (long) runs * frames.size() * frameBytes() : bytes();
  }

  private long frameBytes() {
    return (long) variables.size() * grid.cells() * Float.BYTES;
  }

  /**
   * Version 1: the components in their order without the revision, which is 0; a grid with even
   * rows. Version 2: likewise, a grid with uneven rows. Version 3: with the revision, either grid.
   * Version 4: as 3, with several variables behind their number. Version 5: as 4, of an ensemble,
   * with the number of runs and of the members that there are, of each the steps that it is behind,
   * the number of its frames and the frames. The lowest that holds all is written.
   */
  static final class RolloutCodec implements Codec<Rollout> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(Rollout r, DataOutput out) throws IOException {
      int version = version(r);
      out.writeByte(version);
      if (version >= 4) {
        out.writeInt(r.variables.size());
      }
      for (Variable variable : r.variables) {
        Binary.variable(variable, out);
      }
      Binary.grid(r.grid, out);
      Binary.instant(r.issueTime, out);
      if (version >= 3) {
        out.writeInt(r.revision);
      }
      Binary.text(r.model, out);
      Binary.text(r.weightsSha256, out);
      out.writeInt(r.nextLead);
      write(r.frames, out);
      out.writeInt(r.inputs.size());
      for (Origin origin : r.inputs) {
        Binary.origin(origin, out);
      }
      if (version >= 5) {
        out.writeInt(r.runs);
        out.writeInt(r.members.size());
        for (Member member : r.members) {
          out.writeInt(member.behind());
          write(member.frames(), out);
        }
      }
    }

    private static void write(List<float[]> frames, DataOutput out) throws IOException {
      out.writeInt(frames.size());
      for (float[] frame : frames) {
        Binary.floats(FloatBuffer.wrap(frame), out);
      }
    }

    private static List<float[]> readFrames(int length, DataInput in) throws IOException {
      int count = in.readInt();
      List<float[]> frames = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        frames.add(Binary.floats(length, in));
      }
      return frames;
    }

    private static int version(Rollout r) {
      if (r.isEnsemble()) {
        return 5;
      }
      if (r.variables.size() > 1) {
        return 4;
      }
      return r.revision > 0 ? 3 : Binary.gridVersion(r.grid);
    }

    @Override
    public Rollout read(DataInput in) throws IOException {
      int version = Binary.version(in, 5, "a rollout");
      int count = version >= 4 ? in.readInt() : 1;
      List<Variable> variables = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        variables.add(Binary.variable(in));
      }
      Grid grid = Binary.grid(in);
      Instant issueTime = Binary.instant(in);
      int revision = version >= 3 ? in.readInt() : 0;
      String model = Binary.text(in);
      String sha256 = Binary.text(in);
      int nextLead = in.readInt();
      List<float[]> frames = readFrames(count * grid.cells(), in);
      int origins = in.readInt();
      List<Origin> inputs = new ArrayList<>(origins);
      for (int i = 0; i < origins; i++) {
        inputs.add(Binary.origin(in));
      }
      int runs = version >= 5 ? in.readInt() : 1;
      List<Member> members = new ArrayList<>();
      for (int left = version >= 5 ? in.readInt() : 0; left > 0; left--) {
        members.add(new Member(in.readInt(), readFrames(count * grid.cells(), in)));
      }
      return new Rollout(
          variables, grid, issueTime, revision, model, sha256, nextLead, frames, inputs, runs,
          members);
    }
  }
}
