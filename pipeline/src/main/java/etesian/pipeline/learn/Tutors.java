package etesian.pipeline.learn;

import etesian.ingest.wire.CodeVersion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;

/** The tutor of a stream's architecture. */
public final class Tutors {
  private Tutors() {}

  /**
   * @param store of weights; the state of training lies in its folder {@code training}
   */
  public static Tutor of(StreamSettings stream, TuningSettings tuning, WeightsStore store) {
    return stream.model().equals("smnn")
        ? new MechanisticTutor(stream, tuning)
        : new GradientTutor(stream, tuning, store.training());
  }

  /** Where weights come from, for their header. */
  static Map<String, String> lineage(
      String parent, NavigableMap<Instant, float[]> fields, int windows, int steps) {
    Map<String, String> lineage = new LinkedHashMap<>();
    lineage.put("lineage.parent", parent);
    lineage.put("lineage.first_time", fields.firstKey().toString());
    lineage.put("lineage.last_time", fields.lastKey().toString());
    lineage.put("lineage.times", Integer.toString(fields.size()));
    lineage.put("lineage.windows", Integer.toString(windows));
    lineage.put("lineage.steps", Integer.toString(steps));
    lineage.put("lineage.code_version", CodeVersion.get());
    return lineage;
  }
}
