package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.operators.Weights;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.TornFields;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What the windows of a stream teach about what is normal. */
final class Anomalies {
  private Anomalies() {}

  /** All fields of the windows by valid time, each once. */
  static NavigableMap<Instant, float[]> fields(StreamSettings stream, List<Window> windows) {
    NavigableMap<Instant, float[]> fields = new TreeMap<>();
    for (Window window : windows) {
      for (int i = 0; i < window.fields().size(); i++) {
        long steps = i - stream.history() + 1L;
        fields.put(stream.timeAfter(window.issueTime(), steps), window.fields().get(i));
      }
    }
    return fields;
  }

  /**
   * The champion's, or one of the newest years when the settings ask for it and the fields span
   * them.
   */
  static Standardiser standardiser(
      StreamSettings stream, Weights champion, NavigableMap<Instant, float[]> fields, int years) {
    if (years == 0) {
      return Standardiser.of(champion);
    }
    Instant from = fields.lastKey().atOffset(ZoneOffset.UTC).minusYears(years).toInstant();
    Map<Instant, float[]> newest = fields.tailMap(from, false);
    if (fields.firstKey().isAfter(from)) {
      return Standardiser.of(champion); // too few years yet to say better what is normal
    }
    return Standardiser.fit(
        Harmonics.forStep(stream.step()),
        stream.variables().size(),
        new ArrayList<>(newest.keySet()),
        new ArrayList<>(newest.values()));
  }

  /**
   * The windows that a lesson can use. What nobody can have seen is missing ({@link
   * Standardiser#observed}), and windows of {@link TornFields} are left out.
   *
   * @param evidence takes how many values and windows those are
   * @throws IllegalArgumentException when no window is left
   */
  static List<Window> sound(
      StreamSettings stream, Weights champion, List<Window> windows, Map<String, Double> evidence) {
    Standardiser standardiser = Standardiser.of(champion);
    Map<float[], float[]> observed = new IdentityHashMap<>(); // windows share their fields
    int variables = stream.variables().size();
    for (Window window : windows) {
      for (float[] field : window.fields()) {
        observed.computeIfAbsent(field, unseen -> standardiser.observed(unseen, variables));
      }
    }
    TornFields fields = new TornFields(observed.values(), variables);
    Set<float[]> torn = Collections.newSetFromMap(new IdentityHashMap<>());
    observed.forEach(
        (field, seen) -> {
          if (fields.isTorn(seen)) {
            torn.add(field);
          }
        });
    List<Window> sound =
        windows.stream()
            .filter(window -> window.fields().stream().noneMatch(torn::contains))
            .map(w -> new Window(w.issueTime(), w.fields().stream().map(observed::get).toList()))
            .toList();
    note("fields_with_absurd_values", replaced(observed), evidence);
    note("windows_left_out", windows.size() - sound.size(), evidence);
    Check.that(
        !sound.isEmpty(),
        "each of %d windows holds a field that misses more than half of what most fields have",
        windows.size());
    return sound;
  }

  private static long replaced(Map<float[], float[]> observed) {
    return observed.entrySet().stream().filter(e -> e.getKey() != e.getValue()).count();
  }

  /** Puts a count into the evidence unless there is nothing to tell. */
  static void note(String what, long count, Map<String, Double> evidence) {
    if (count > 0) {
      evidence.put(what, (double) count);
    }
  }

  /**
   * A stream that says the same again and again teaches nothing but to repeat it, and so does one
   * of its variables.
   *
   * @throws IllegalArgumentException when all fields of a variable are one and the same
   */
  static void checkVaried(StreamSettings stream, NavigableMap<Instant, float[]> fields) {
    float[] first = fields.firstEntry().getValue();
    int cells = stream.grid().cells();
    for (int variable = 0; variable < stream.variables().size(); variable++) {
      int from = variable * cells;
      Check.that(
          fields.values().stream()
              .anyMatch(
                  field -> !Arrays.equals(field, from, from + cells, first, from, from + cells)),
          "all %d fields of %s from %s to %s are the same: a stuck instrument or a copy?",
          fields.size(),
          stream.variables().get(variable).name(),
          fields.firstKey(),
          fields.lastKey());
    }
  }
}
