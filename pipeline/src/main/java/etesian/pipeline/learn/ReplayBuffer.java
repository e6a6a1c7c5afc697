package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.TimeStep;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import etesian.pipeline.revision.Arrival;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What a stream remembers to learn from: verified windows, that is a history and the fields that
 * came after it. Half of the memory holds the newest fields without a gap, half a sample of all
 * windows that have left the newest part, as many for each time of the year (and of the day, for
 * steps below one), so that a warm spell of summer does not make it forget winter.
 *
 * <p>Each field is kept once, whatever windows share it. Of the {@link SeasonalSample} each window
 * that was ever seen whole has the same chance, a replay chooses the same ones, and {@link #merge}
 * of two buffers is the buffer of both. Windows that hold {@link StuckFields} are none. At most
 * {@link Shape#bytes} of fields. Mutable, for one thread; windows that it hands out are for any.
 */
public final class ReplayBuffer {
  private final Shape shape;
  private final NavigableMap<Long, Kept> fields = new TreeMap<>(); // by step from the anchor
  private final StuckFields stuck;
  private final SeasonalSample sample;
  private long newest = Long.MIN_VALUE;
  private int length; // values of a field; 0 before the first
  private int[] usual = {}; // revisions of a field, which most fields share

  /**
   * @param values never written, so that who reads them may keep them
   * @param revisions of each variable, see {@link Field#revision}
   */
  private record Kept(float[] values, int[] revisions) {}

  /**
   * What a window is, and how much of it is kept.
   *
   * @param step between two fields
   * @param anchor a valid time that steps are counted from
   * @param variables of a field, whose values follow each other
   * @param history fields of a window up to its issue time
   * @param targets fields after it
   * @param bytes of all fields together, at most
   * @param seed of the sample
   */
  public record Shape(
      TimeStep step, Instant anchor, int variables, int history, int targets, long bytes, long seed)
      implements Serializable {
    public Shape {
      Check.that(
          history >= 1 && targets >= 1 && bytes > 0,
          "a buffer of %d + %d fields a window in %d bytes: expected at least 1, 1 and 1",
          history,
          targets,
          bytes);
    }

    int span() {
      return history + targets;
    }

    /**
     * @param values of a field
     * @throws IllegalArgumentException when they leave no room for a window of each stratum
     */
    void checkRoom(int values) {
      long least = 2L * span() * strata() * values * Float.BYTES;
      Check.that(
          bytes >= least,
          "a replay buffer of %d bytes is too small: %d strata x %d fields x %d values x 4 bytes x 2"
              + " are %d; set replay_mebibytes to %d or more",
          bytes,
          strata(),
          span(),
          values,
          least,
          (least + (1 << 20) - 1) >> 20);
    }

    int strata() {
      return SeasonalSample.strata(step);
    }

    long indexOf(Instant time) {
      return step.indexOf(anchor, time);
    }

    Instant timeOf(long index) {
      return step.plus(anchor, index);
    }
  }

  /**
   * One window.
   *
   * @param issueTime valid time of the newest field of the history
   * @param fields history, then targets, oldest first; not to be changed
   */
  public record Window(Instant issueTime, List<float[]> fields) {}

  public ReplayBuffer(Shape shape) {
    this.shape = shape;
    stuck = new StuckFields(shape.step, shape.variables);
    sample = new SeasonalSample(shape.step, shape.anchor, shape.seed);
  }

  /**
   * Takes a field in. One of a time that is kept already takes its place; whether it should is for
   * {@link #revise} to say.
   *
   * @param values of all variables and cells; NaN is missing; not copied, and not to be written
   * @param revisions of each variable; not copied
   * @return whether it is kept; a field that is older than the newest part is not
   */
  public boolean add(Instant validAt, float[] values, int[] revisions) {
    long index = shape.indexOf(validAt);
    if (length == 0) {
      shape.checkRoom(values.length);
      length = values.length;
    }
    Check.that(values.length == length, "a field of %d values, expected %d", values.length, length);
    boolean known = fields.containsKey(index);
    if (!known && newest != Long.MIN_VALUE && index <= newest - recentFields()) {
      return false;
    }
    put(index, values, revisions);
    long before = newest;
    newest = Math.max(newest, index);
    if (before != Long.MIN_VALUE && newest > before) {
      retire(before, newest);
    }
    return true;
  }

  private void put(long step, float[] values, int[] revisions) {
    keep(step, values, revisions);
    stuck.came(step, this::values);
  }

  private void keep(long step, float[] values, int[] revisions) {
    usual = Arrays.equals(usual, revisions) ? usual : revisions;
    fields.put(step, new Kept(values, usual));
  }

  private float[] values(long step) {
    Kept kept = fields.get(step);
    return kept == null ? null : kept.values;
  }

  /**
   * Takes in what comes again of one variable. It takes the place of what is kept if it is better
   * by {@link Arrival}, in the sample of old windows, too; of windows that were handed out nothing
   * changes.
   *
   * @param variable its number in a field
   * @return whether a field of its time is kept at all
   */
  public boolean revise(int variable, Field field) {
    long step = shape.indexOf(field.frame().validAt());
    Kept before = fields.get(step);
    if (before == null) {
      return false;
    }
    int cells = length / shape.variables;
    Check.that(
        field.values().remaining() == cells,
        "%s has %d values, expected %d",
        field,
        field.values().remaining(),
        cells);
    FloatBuffer known = FloatBuffer.wrap(before.values, variable * cells, cells).slice();
    Arrival arrival = Arrival.of(field, before.revisions[variable], known);
    if (arrival.counts() || field.revision() > before.revisions[variable]) {
      float[] values = before.values;
      if (arrival.counts()) {
        values = values.clone();
        field.values().get(values, variable * cells, cells);
      }
      int[] revisions = before.revisions.clone();
      revisions[variable] = field.revision();
      put(step, values, revisions);
    }
    return true;
  }

  /** The variable in which fields have been stuck up to the newest: {@link StuckFields}. */
  OptionalInt stuckVariable() {
    return stuck.variable(newest);
  }

  /** Whether a window holds a stuck field. */
  boolean isStuck(long issue, int targets) {
    return stuck.isAny(issue - shape.history + 1, issue + targets);
  }

  /** The first step whose window can lie in the newest part. */
  long edge() {
    return newest - recentFields() + shape.history;
  }

  /** Fields that the newest part holds. */
  private long recentFields() {
    return shape.bytes / (2L * length * Float.BYTES);
  }

  private long sampleOfStratum() {
    return shape.bytes / (2L * length * Float.BYTES * shape.span() * shape.strata());
  }

  /** Windows whose oldest field leaves the newest part are drawn; then what nothing needs goes. */
  private void retire(long before, long now) {
    long firstLeaving = before - recentFields() + shape.history;
    long lastLeaving = now - recentFields() + shape.history - 1;
    long oldest = fields.firstKey() + shape.history - 1;
    List<Long> gone = new ArrayList<>();
    for (long issue = Math.max(firstLeaving, oldest); issue <= lastLeaving; issue++) {
      if (issue > before) {
        break; // a gap as long as the newest part: nothing is known there
      }
      if (isWhole(issue) && !isStuck(issue, shape.targets)) {
        draw(issue, gone);
      }
    }
    letGo(before - recentFields() + 1, now);
    gone.forEach(issue -> letGo(issue - shape.history + 1, issue + shape.targets));
  }

  private boolean isWhole(long issue) {
    return fields.subMap(issue - shape.history, false, issue + shape.targets, true).size()
        == shape.span();
  }

  /**
   * Takes a window into the sample unless those of its stratum come before it.
   *
   * @param gone takes the one that gives way to it
   */
  private void draw(long issue, List<Long> gone) {
    sample.draw(issue, sampleOfStratum()).ifPresent(gone::add);
  }

  /** Lets go of those fields, from a step to another, that are neither new nor drawn. */
  private void letGo(long first, long last) {
    long old = Math.min(last, newest - recentFields());
    if (first <= old) {
      Iterator<Long> steps = fields.subMap(first, true, old, true).keySet().iterator();
      while (steps.hasNext()) {
        long step = steps.next();
        if (!isDrawn(step)) {
          steps.remove();
          stuck.went(step);
        }
      }
    }
  }

  /** Whether the field of a step is part of a window of the sample. */
  private boolean isDrawn(long step) {
    return sample.hasAny(step - shape.targets, step + shape.history - 1);
  }

  /** All whole windows without stuck fields, oldest first, as they are now. */
  public List<Window> windows() {
    return windows(newest);
  }

  /**
   * Those that were known when an earlier step was the newest.
   *
   * @param last that step
   */
  List<Window> windows(long last) {
    NavigableMap<Long, Kept> known = fields.headMap(last, true);
    long[] steps = new long[known.size()];
    float[][] values = new float[steps.length][];
    int at = 0;
    for (Map.Entry<Long, Kept> entry : known.entrySet()) {
      steps[at] = entry.getKey();
      values[at++] = entry.getValue().values;
    }
    long edge = length == 0 ? 0 : edge();
    return new RememberedWindows(
        shape,
        steps,
        values,
        issue -> (issue >= edge || sample.contains(issue)) && !isStuck(issue, shape.targets));
  }

  private Window window(long issue, int targets) {
    return new Window(
        shape.timeOf(issue),
        fields.subMap(issue - shape.history, false, issue + targets, true).values().stream()
            .map(Kept::values)
            .toList());
  }

  /**
   * The first window of the newest part that was issued after a step and is whole as far as asked.
   *
   * @param judged steps from the anchor; {@link Long#MIN_VALUE} for any
   * @param targets of the window, at most those of the shape
   */
  Optional<Window> firstAfter(long judged, int targets) {
    if (newest == Long.MIN_VALUE) {
      return Optional.empty();
    }
    long first = Math.max(judged + 1, edge());
    long following = 0; // fields without a gap, up to one
    long before = 0;
    for (long step : fields.tailMap(first - shape.history, false).keySet()) {
      following = step == before + 1 ? following + 1 : 1;
      before = step;
      if (following == shape.history + targets) {
        return Optional.of(window(step - targets, targets));
      }
    }
    return Optional.empty();
  }

  /** Whether it can go on where the other one stands. */
  boolean isOf(ReplayBuffer other) {
    return shape.equals(other.shape);
  }

  /** Whether its fields mean in another one what they mean here. */
  boolean countsAs(ReplayBuffer other) {
    return shape.step.equals(other.shape.step)
        && shape.anchor.equals(other.shape.anchor)
        && shape.variables == other.shape.variables;
  }

  /** Fields of another one that {@link #countsAs} it, oldest first, as many as it has room for. */
  void takeOver(ReplayBuffer other) {
    other.fields.forEach((step, kept) -> add(shape.timeOf(step), kept.values, kept.revisions));
  }

  /** Whether a field of so many values has the length of those before it. */
  boolean takes(int values) {
    return length == 0 || length == values;
  }

  /** Number of the fields: there are no more windows than that. */
  int size() {
    return fields.size();
  }

  /** Bytes of the fields. */
  public long bytes() {
    return (long) fields.size() * length * Float.BYTES;
  }

  /** Adds what another part of the same stream remembers; where both know a time, the other's. */
  public void merge(ReplayBuffer other) {
    Check.that(shape.equals(other.shape), "buffers of %s and %s are not one", shape, other.shape);
    if (other.length == 0) {
      return;
    }
    Check.that(
        length == 0 || length == other.length, "fields of %d and %d values", length, other.length);
    length = other.length;
    long mine = newest;
    fields.putAll(other.fields);
    other.fields.keySet().forEach(step -> stuck.came(step, this::values));
    newest = Math.max(newest, other.newest);
    List<Long> gone = new ArrayList<>();
    other.sample.issues().forEach(issue -> draw(issue, gone));
    long first = Math.min(mine == Long.MIN_VALUE ? other.newest : mine, other.newest);
    for (long issue = first - recentFields() + shape.history;
        issue < newest - recentFields() + shape.history;
        issue++) {
      if (isWhole(issue) && !isStuck(issue, shape.targets)) {
        draw(issue, gone);
      }
    }
    letGo(fields.firstKey(), newest);
  }

  /**
   * Version 2: shape, newest step, sample, fields with their revisions, repeats. Version 1, up to
   * 0.1.0, knows of no revisions, which count as provisional, and of no repeats.
   */
  public static final class ReplayBufferCodec implements Codec<ReplayBuffer> {
    private static final long serialVersionUID = 1L;

    private final int variables;

    /**
     * @param variables of a field, of which version 1 says nothing
     */
    public ReplayBufferCodec(int variables) {
      this.variables = variables;
    }

    @Override
    public void write(ReplayBuffer buffer, DataOutput out) throws IOException {
      out.writeByte(2);
      Shape shape = buffer.shape;
      Binary.text(shape.step.toString(), out);
      Binary.instant(shape.anchor, out);
      out.writeInt(shape.variables);
      out.writeInt(shape.history);
      out.writeInt(shape.targets);
      out.writeLong(shape.bytes);
      out.writeLong(shape.seed);
      out.writeInt(buffer.length);
      out.writeLong(buffer.newest);
      out.writeInt(buffer.sample.issues().size());
      for (long issue : buffer.sample.issues()) {
        out.writeLong(issue);
      }
      out.writeInt(buffer.fields.size());
      for (Map.Entry<Long, Kept> entry : buffer.fields.entrySet()) {
        out.writeLong(entry.getKey());
        for (int revision : entry.getValue().revisions) {
          out.writeInt(revision);
        }
        Binary.floats(FloatBuffer.wrap(entry.getValue().values), out);
      }
      buffer.stuck.write(out);
    }

    @Override
    public ReplayBuffer read(DataInput in) throws IOException {
      int version = Binary.version(in, 2, "a replay buffer");
      ReplayBuffer buffer =
          new ReplayBuffer(
              new Shape(
                  TimeStep.parse(Binary.text(in)),
                  Binary.instant(in),
                  version == 1 ? variables : in.readInt(),
                  in.readInt(),
                  in.readInt(),
                  in.readLong(),
                  in.readLong()));
      buffer.length = in.readInt();
      buffer.newest = in.readLong();
      int drawn = in.readInt();
      for (int i = 0; i < drawn; i++) {
        buffer.draw(in.readLong(), new ArrayList<>());
      }
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        long step = in.readLong();
        int[] revisions = new int[buffer.shape.variables];
        for (int v = 0; version > 1 && v < revisions.length; v++) {
          revisions[v] = in.readInt();
        }
        buffer.keep(step, Binary.floats(buffer.length, in), revisions);
      }
      if (version == 1) {
        buffer.fields.keySet().forEach(step -> buffer.stuck.came(step, buffer::values));
      } else {
        buffer.stuck.read(in);
      }
      return buffer;
    }

    /** The arrays of the fields are shared: they are never written. */
    @Override
    public ReplayBuffer copy(ReplayBuffer buffer) {
      ReplayBuffer copy = new ReplayBuffer(buffer.shape);
      copy.length = buffer.length;
      copy.newest = buffer.newest;
      copy.fields.putAll(buffer.fields);
      copy.stuck.putAll(buffer.stuck);
      buffer.sample.issues().forEach(issue -> copy.draw(issue, new ArrayList<>()));
      return copy;
    }
  }
}
