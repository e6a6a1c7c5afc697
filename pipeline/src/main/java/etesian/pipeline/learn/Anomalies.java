package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import etesian.operators.Weights;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the windows of a stream teach about what is normal and which cells are ever there. */
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

  /** For each value of a field whether none of the fields misses it. */
  static boolean[] alwaysPresent(Iterable<float[]> fields, int values) {
    boolean[] present = new boolean[values];
    Arrays.fill(present, true);
    for (float[] field : fields) {
      for (int i = 0; i < values; i++) {
        present[i] &= !Float.isNaN(field[i]);
      }
    }
    return present;
  }

  /** Weight of each row, above 0 also on a pole. */
  static float[] rowWeights(Grid grid) {
    float[] weights = new float[grid.rows()];
    for (int row = 0; row < weights.length; row++) {
      weights[row] = (float) Math.max(1e-6, grid.weight(row));
    }
    return weights;
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
