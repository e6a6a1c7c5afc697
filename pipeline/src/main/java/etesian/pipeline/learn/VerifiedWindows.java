package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.ReplayBuffer.ReplayBufferCodec;
import etesian.pipeline.learn.ReplayBuffer.Shape;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import etesian.pipeline.settings.TuningSettings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The windows of a stream whose targets are known: the replay buffer, and how far they have been
 * judged. Those issued before {@code issueFrom} of the stream only teach: the first weights were
 * trained on them, so what a champion makes of them says nothing. Steps are counted from the anchor
 * of the stream.
 */
final class VerifiedWindows {
  private static final long NEVER = Long.MIN_VALUE;

  private final StreamSettings stream;
  private final long teachesOnly; // issue steps up to it are not judged
  private final ReplayBufferCodec codec;
  private ReplayBuffer buffer;
  private long newest = NEVER; // step of the newest field
  private long judged = NEVER; // newest issue step that was judged

  VerifiedWindows(StreamSettings stream, TuningSettings tuning) {
    this.stream = stream;
    teachesOnly = stepOf(stream.issueFrom().minusMillis(1));
    codec = new ReplayBufferCodec(stream.variables().size());
    buffer = new ReplayBuffer(shape(stream, tuning));
  }

  /**
   * @throws IllegalArgumentException when the replay buffer is too small for fields of the stream
   */
  static Shape shape(StreamSettings stream, TuningSettings tuning) {
    Shape shape =
        new Shape(
            stream.step(),
            stream.anchor(),
            stream.variables().size(),
            stream.history(),
            Shadow.targets(stream),
            (long) tuning.replayMebibytes() << 20,
            tuning.seed());
    try {
      shape.checkRoom(values(stream));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("stream " + stream.name() + ": " + e.getMessage(), e);
    }
    return shape;
  }

  /** Of a field. */
  private static int values(StreamSettings stream) {
    return stream.variables().size() * stream.grid().cells();
  }

  /**
   * Takes a field in.
   *
   * @param revisions of each variable
   */
  void observe(Instant validAt, float[] values, int[] revisions) {
    if (buffer.add(validAt, values, revisions)) {
      newest = Math.max(newest, stepOf(validAt));
    }
  }

  /** See {@link Learning#revise}. */
  boolean revise(Field field) {
    List<String> names = stream.variables().stream().map(StreamVariable::name).toList();
    return buffer.revise(names.indexOf(field.frame().variable().name()), field);
  }

  /** Says so when the newest field is one of an instrument that sticks. */
  Optional<String> stuck() {
    OptionalInt variable = buffer.stuckVariable();
    return variable.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                "the newest fields of %s, up to %s, are the same: a stuck instrument or a copy? As"
                    + " long as they are, windows that hold them neither teach nor judge",
                stream.variables().get(variable.getAsInt()).name(), timeOf(newest)));
  }

  /**
   * The next one that is to be judged; empty until its targets are there. An observation that is
   * wrong says nothing: windows that hold stuck fields are passed over.
   */
  Optional<Window> next() {
    Optional<Window> next = buffer.firstAfter(Math.max(judged, teachesOnly), lastLead());
    while (next.isPresent() && buffer.isStuck(stepOf(next.get().issueTime()), lastLead())) {
      judged = stepOf(next.get().issueTime());
      next = buffer.firstAfter(judged, lastLead());
    }
    return next;
  }

  /**
   * Windows that nobody is judged by.
   *
   * @param why for people
   * @param evidence how many, where fields are missing; empty where learning fell behind
   */
  record Gap(String why, Map<String, Double> evidence) {}

  /**
   * It is judged.
   *
   * @return why those before it are not, if they are not
   */
  Optional<Gap> judged(Window window) {
    long last = judged;
    judged = Math.max(judged, stepOf(window.issueTime())); // those after it may be passed over
    if (last == NEVER || judged - last <= stream.history() + lastLead()) {
      return Optional.empty();
    }
    String between = "no window is whole between " + timeOf(last) + " and " + window.issueTime();
    return Optional.of(
        judged <= buffer.edge() // the first window that is remembered at all
            ? new Gap(
                between + ": learning fell behind, and its buffer no longer holds what lies there",
                Map.of())
            : new Gap(
                between + ": fields are missing; learning goes on after them",
                Map.of(Learning.WINDOWS_MISSING, (double) (judged - last - 1))));
  }

  /** Issue time of the newest that was judged. */
  Optional<Instant> newestJudged() {
    return judged == NEVER ? Optional.empty() : Optional.of(timeOf(judged));
  }

  /** Step of the newest field that was needed to judge them, and that a lesson may learn from. */
  long newestTarget() {
    return judged + lastLead();
  }

  /**
   * What there is to learn from. It is what is known when a window is judged, however many fields
   * have come since: what a lesson learned from is never what its candidate is judged by.
   */
  List<Window> toLearnFrom() {
    return buffer.windows(newestTarget());
  }

  /** Whether there may be so many to learn from, which is asked for each field. */
  boolean mayBe(int windows) {
    return buffer.size() >= windows;
  }

  /** Issue time of the first forecast that has not been issued; before the first field, any. */
  Instant nextIssueTime() {
    return newest == NEVER ? Champion.ALWAYS : timeOf(newest + 1);
  }

  /** Fields after the issue time that a window is judged by. */
  private int lastLead() {
    return Shadow.lastLead(stream);
  }

  long stepOf(Instant time) {
    return stream.step().indexOf(stream.anchor(), time);
  }

  Instant timeOf(long step) {
    return stream.timeAfter(stream.anchor(), step);
  }

  /** Whether the fields that are remembered have the variables and cells of the stream. */
  boolean areOfTheirStream() {
    return buffer.takes(values(stream));
  }

  /** Bytes of the fields that are remembered. */
  long bytes() {
    return buffer.bytes();
  }

  /** The replay buffer. */
  void writeFields(DataOutput out) throws IOException {
    codec.write(buffer, out);
  }

  /** Fields of windows of another length, or in another room, are moved into those of today. */
  void readFields(DataInput in) throws IOException {
    ReplayBuffer stored = codec.read(in);
    if (stored.isOf(buffer) || !stored.takes(values(stream))) { // else the whole is let go of
      buffer = stored;
      return;
    }
    Check.that(
        stored.countsAs(buffer),
        "stream %s: what was remembered has another step or anchor than the settings ask for; these"
            + " stay, or the stream gets another name",
        stream.name());
    buffer.takeOver(stored);
  }

  /** Step of the newest field, and newest issue step that was judged. */
  void writeSteps(DataOutput out) throws IOException {
    out.writeLong(newest);
    out.writeLong(judged);
  }

  void readSteps(DataInput in) throws IOException {
    newest = in.readLong();
    judged = in.readLong();
  }
}
