package etesian.pipeline.ensemble;

import etesian.ingest.field.Ensemble;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the members of an ensemble say together of one step and one variable. A cell that any of
 * them misses is missing.
 *
 * @param mean shape (cells), in the unit of the variable; sums in double
 * @param ensemble with the members
 */
public record Products(float[] mean, Ensemble ensemble) {

  /**
   * @param members values of each, shape (cells)
   * @param probabilities of the quantiles, ascending
   */
  public static Products of(List<float[]> members, List<Double> probabilities) {
    int cells = members.get(0).length;
    float[] mean = new float[cells];
    float[] spread = new float[cells];
    List<Ensemble.Quantile> quantiles = new ArrayList<>();
    for (double probability : probabilities) {
      quantiles.add(new Ensemble.Quantile(probability, new float[cells]));
    }
    float[] values = new float[members.size()];
    for (int cell = 0; cell < cells; cell++) {
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = members.get(i)[cell];
        sum += values[i];
      }
      double middle = Double.isFinite(sum) ? sum / values.length : Double.NaN;
      mean[cell] = (float) middle;
      spread[cell] = (float) deviation(values, middle);
      Arrays.sort(values);
      for (Ensemble.Quantile quantile : quantiles) {
        quantile.values()[cell] =
            Double.isNaN(middle) ? Float.NaN : (float) quantile(values, quantile.probability());
      }
    }
    return new Products(mean, new Ensemble(members.size(), spread, quantiles, members));
  }

  private static double deviation(float[] values, double mean) {
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (values.length - 1));
  }

  /** Of ascending values. */
  private static double quantile(float[] values, double probability) {
    double rank = probability * (values.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, values.length - 1);
    return values[below] + (rank - below) * ((double) values[above] - values[below]);
  }
}
