package etesian.pipeline.tune;

import etesian.ingest.field.Field;
import etesian.pipeline.model.Presence;
import etesian.pipeline.model.Stack;
import etesian.pipeline.model.TornFields;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Fields of one stream in time order, each time once and only with all its variables, with its gaps
 * known.
 *
 * @param times ascending
 * @param frames a {@link Stack} each, in the units of the variables, NaN is missing
 */
record Series(List<Instant> times, List<float[]> frames) {

  /**
   * Of the same time and variable the field of the highest revision counts; {@link TornFields} are
   * gaps.
   */
  static Series of(StreamSettings stream, List<Field> fields) {
    NavigableMap<Instant, Map<String, Field>> byTime = new TreeMap<>();
    for (Field field : fields) {
      byTime
          .computeIfAbsent(field.frame().validAt(), time -> new HashMap<>())
          .merge(
              field.frame().variable().name(),
              field,
              (before, other) -> other.revision() >= before.revision() ? other : before);
    }
    List<String> names = stream.variables().stream().map(StreamVariable::name).toList();
    byTime.values().removeIf(found -> !found.keySet().containsAll(names));
    NavigableMap<Instant, float[]> frames = new TreeMap<>();
    byTime.forEach(
        (time, found) -> frames.put(time, Stack.of(names.stream().map(found::get).toList())));
    if (!frames.isEmpty()) {
      TornFields torn = new TornFields(frames.values(), names.size());
      frames.values().removeIf(torn::isTorn);
    }
    return new Series(List.copyOf(frames.keySet()), List.copyOf(frames.values()));
  }

  int size() {
    return times.size();
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

  /** See {@link Presence#ofCells}. */
  boolean[] alwaysPresent(int cells) {
    return Presence.ofCells(frames, frames.get(0).length / cells, cells);
  }
}
