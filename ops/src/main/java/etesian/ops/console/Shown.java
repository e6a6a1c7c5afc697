package etesian.ops.console;

import etesian.ingest.field.Ensemble;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields of one lead, by product: {@value #FORECAST}, and of an ensemble {@value #SPREAD},
 * {@code q0.1} for a quantile, {@code member3} for a member, counted from 1.
 *
 * @param validAt the time that they are for
 * @param revision that issued them
 * @param fields shape (rows, columns) each, row-major, NaN is missing
 * @param range least and greatest value of the forecast; NaN when all are missing
 */
record Shown(Instant validAt, int revision, Map<String, float[]> fields, float[] range) {
  static final String FORECAST = "forecast";
  static final String SPREAD = "spread";

  static Shown of(Instant validAt, int revision, float[] values, Ensemble ensemble) {
    Map<String, float[]> fields = new LinkedHashMap<>();
    fields.put(FORECAST, values);
    if (ensemble != null) {
      fields.put(SPREAD, ensemble.spread());
      ensemble.quantiles().forEach(q -> fields.put("q" + q.probability(), q.values()));
      int number = 0;
      for (float[] member : ensemble.members()) {
        fields.put("member" + ++number, member);
      }
    }
    return new Shown(validAt, revision, fields, range(values));
  }

  long bytes() {
    return fields.values().stream().mapToLong(values -> 4L * values.length).sum();
  }

  static float[] range(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      if (!Float.isNaN(value)) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
      }
    }
    return least > greatest ? new float[] {Float.NaN, Float.NaN} : new float[] {least, greatest};
  }
}
