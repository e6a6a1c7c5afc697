package etesian.pipeline.forecast;

import etesian.ingest.field.Variable;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A field of a window with values that nobody can have seen, which a forecast takes for missing.
 *
 * @param variable its name
 * @param validAt when it is valid; of a field that stands in for a missing one, when that would be
 * @param cells how many such values
 * @param value the first of them; most often all are the same
 */
record DoubtedField(String variable, Instant validAt, int cells, float value) {

  /**
   * Those of a window, the oldest first.
   *
   * @param seen the rollout with NaN in the place of such values
   */
  static List<DoubtedField> in(Rollout rollout, Rollout seen, StreamSettings stream) {
    List<DoubtedField> doubted = new ArrayList<>();
    int newest = rollout.frames().size() - 1;
    for (int i = 0; i <= newest; i++) {
      float[] came = rollout.frames().get(i);
      float[] left = seen.frames().get(i);
      if (came != left) { // most are the same array
        Instant validAt = stream.timeAfter(rollout.issueTime(), i - newest);
        for (int v = 0; v < rollout.variables().size(); v++) {
          add(rollout, v, came, left, validAt, doubted);
        }
      }
    }
    return doubted;
  }

  private static void add(
      Rollout rollout,
      int index,
      float[] came,
      float[] left,
      Instant validAt,
      List<DoubtedField> doubted) {
    Variable variable = rollout.variables().get(index);
    int first = index * rollout.grid().cells();
    int cells = 0;
    float value = Float.NaN;
    for (int i = first; i < first + rollout.grid().cells(); i++) {
      if (Float.isNaN(left[i]) && !Float.isNaN(came[i])) {
        value = cells == 0 ? came[i] : value;
        cells++;
      }
    }
    if (cells > 0) {
      doubted.add(new DoubtedField(variable.name(), validAt, cells, value));
    }
  }
}
