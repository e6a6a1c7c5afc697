package etesian.pipeline.tune;

import etesian.ingest.field.Field;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Fields of one stream in time order, each time once, with its gaps known.
 *
 * @param times ascending
 * @param frames shape (cells) each, in the unit of the variable, NaN is missing
 */
record Series(List<Instant> times, List<float[]> frames) {

  /** Of the same time the field of the highest revision counts. */
  static Series of(List<Field> fields) {
    NavigableMap<Instant, Field> byTime = new TreeMap<>();
    for (Field field : fields) {
      byTime.merge(
          field.frame().validAt(),
          field,
          (before, other) -> other.revision() >= before.revision() ? other : before);
    }
    return new Series(
        List.copyOf(byTime.keySet()), byTime.values().stream().map(Field::toArray).toList());
  }

  int size() {
    return times.size();
  }

  int cells() {
    return frames.get(0).length;
  }

  /** Positions at which {@code length} fields follow each other by exactly a step. */
  int[] runs(StreamSettings stream, int length) {
    int[] follows = new int[size()]; // how many fields from here on follow without a gap
    IntStream.Builder starts = IntStream.builder();
    for (int i = size() - 1; i >= 0; i--) {
      boolean next = i + 1 < size() && stream.timeAfter(times.get(i), 1).equals(times.get(i + 1));
      follows[i] = next ? follows[i + 1] + 1 : 1;
      if (follows[i] >= length) {
        starts.add(i);
      }
    }
    return starts.build().sorted().toArray();
  }

  /** Whether no frame misses a cell. */
  boolean[] alwaysPresent() {
    boolean[] present = new boolean[cells()];
    Arrays.fill(present, true);
    for (float[] frame : frames) {
      for (int cell = 0; cell < present.length; cell++) {
        present[cell] &= !Float.isNaN(frame[cell]);
      }
    }
    return present;
  }
}
