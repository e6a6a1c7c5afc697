package etesian.pipeline.learn;

import etesian.ingest.field.TimeStep;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Which fields of a series are those of an instrument that sticks. A field is a repeat when it says
 * in a variable, bit for bit and in all cells, what the field one step before it said. Two kinds of
 * repeat are honest: a field that is the same everywhere, as there is no rain for hours; and a few
 * repeats in a row, as some variables are analysed once a day and say the same of all its hours. So
 * a field is stuck when it varies in space and is one of a run of repeats that is longer than a day
 * and has at least three. The field that they repeat is not: it was seen.
 *
 * <p>Whatever order fields come in, and also when one is replaced. Steps are counted from the
 * anchor of the series. Mutable, for one thread.
 */
final class StuckFields {
  private static final int FEWEST = 3;

  private final int variables;
  private final int fewest; // repeats in a row

  // Of fields that are repeats, by step: how many in a row up to it, of each variable, and no more
  // than are needed, so that what comes before it is not asked for again.
  private final NavigableMap<Long, int[]> repeats = new TreeMap<>();

  /**
   * @param step between two fields
   * @param variables of a field, whose values follow each other
   */
  StuckFields(TimeStep step, int variables) {
    this.variables = variables;
    fewest = fewest(step);
  }

  private static int fewest(TimeStep step) {
    if (step instanceof TimeStep.Fixed fixed) {
      long day = Duration.ofDays(1).toMillis();
      long length = fixed.length().toMillis();
      return (int) Math.max(FEWEST, (day + length - 1) / length);
    }
    return FEWEST;
  }

  /**
   * A field has come or was replaced.
   *
   * @param fields by their step; null where there is none
   */
  void came(long step, LongFunction<float[]> fields) {
    boolean changed = true;
    float[] before = fields.apply(step - 1);
    for (long s = step; changed || s == step + 1; s++) {
      float[] field = fields.apply(s);
      changed = field != null && count(s, field, before);
      before = field;
    }
  }

  /**
   * @return whether it changes what is known of the step
   */
  private boolean count(long step, float[] field, float[] before) {
    int[] count = new int[variables];
    if (before != null) {
      int[] last = repeats.get(step - 1);
      int cells = field.length / variables;
      for (int v = 0; v < variables; v++) {
        if (isRepeat(field, before, v * cells, (v + 1) * cells)) {
          count[v] = Math.min(fewest, last == null ? 1 : last[v] + 1);
        }
      }
    }
    int[] known = isNone(count) ? repeats.remove(step) : repeats.put(step, count);
    return !Arrays.equals(count, known == null ? new int[variables] : known);
  }

  private static boolean isNone(int[] count) {
    return Arrays.stream(count).allMatch(n -> n == 0);
  }

  private static boolean isRepeat(float[] field, float[] before, int from, int to) {
    return Arrays.equals(field, from, to, before, from, to) && varies(field, from, to);
  }

  private static boolean varies(float[] field, int from, int to) {
    float any = Float.NaN;
    for (int i = from; i < to; i++) {
      if (field[i] != any && !Float.isNaN(field[i])) {
        if (!Float.isNaN(any)) {
          return true;
        }
        any = field[i];
      }
    }
    return false;
  }

  /** A field is let go of. */
  void went(long step) {
    repeats.remove(step);
  }

  /** Whether any field from a step to another is stuck. */
  boolean isAny(long first, long last) {
    return !repeats.isEmpty() // as in most streams
        && repeats.subMap(first, true, last, true).keySet().stream().anyMatch(this::isStuck);
  }

  /** Whether the run that a repeat is part of becomes long enough, after it perhaps. */
  private boolean isStuck(long step) {
    for (int v = 0; v < variables; v++) {
      int[] count = repeats.get(step);
      for (long s = step + 1; count != null && count[v] > 0; s++) {
        if (count[v] == fewest) {
          return true;
        }
        count = repeats.get(s);
      }
    }
    return false;
  }

  /** The variable in which fields have been stuck up to a step. */
  OptionalInt variable(long step) {
    int[] count = repeats.get(step);
    for (int v = 0; count != null && v < variables; v++) {
      if (count[v] == fewest) {
        return OptionalInt.of(v);
      }
    }
    return OptionalInt.empty();
  }

  /** The number of repeats; of each its step and a number for each variable. */
  void write(DataOutput out) throws IOException {
    out.writeInt(repeats.size());
    for (Map.Entry<Long, int[]> entry : repeats.entrySet()) {
      out.writeLong(entry.getKey());
      for (int n : entry.getValue()) {
        out.writeInt(n);
      }
    }
  }

  void read(DataInput in) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      long step = in.readLong();
      int[] count = new int[variables];
      for (int v = 0; v < variables; v++) {
        count[v] = in.readInt();
      }
      repeats.put(step, count);
    }
  }

  /** Takes over what another one of the same series knows. */
  void putAll(StuckFields other) {
    repeats.putAll(other.repeats);
  }
}
