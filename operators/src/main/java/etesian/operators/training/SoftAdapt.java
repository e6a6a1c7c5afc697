package etesian.operators.training;

import java.util.Arrays;

/**
 * Balance of several losses: what falls more slowly than the others counts more.
 *
 * <pre>
 *   w_i = exp( L_i / (L_i_before + 1e-8) - max_j L_j / L_j_before ),   factor_i = n w_i / (sum w + 1e-8)
 * </pre>
 *
 * The factors are numbers, not differentiated. Heydari and others, "SoftAdapt", 2019, as
 * NeuralOperator has it.
 */
public final class SoftAdapt {
  private static final double TINY = 1e-8;

  private double[] before;
  private double[] weights;

  /**
   * The factors of this step; all 1 in the first. Their sum is the number of losses.
   *
   * @param losses finite, at least 0, in the same order at each step
   */
  public double[] factors(double... losses) {
    if (before != null && before.length != losses.length) {
      throw new IllegalArgumentException(losses.length + " losses after " + before.length);
    }
    double[] factors = new double[losses.length];
    weights = new double[losses.length];
    if (before == null) {
      Arrays.fill(factors, 1);
      Arrays.fill(weights, 1);
    } else {
      double fastest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < losses.length; i++) {
        fastest = Math.max(fastest, losses[i] / Math.max(before[i], Double.MIN_NORMAL));
      }
      double sum = 0;
      for (int i = 0; i < losses.length; i++) {
        weights[i] = Math.exp(losses[i] / (before[i] + TINY) - fastest);
        sum += weights[i];
      }
      for (int i = 0; i < losses.length; i++) {
        factors[i] = losses.length * weights[i] / (sum + TINY);
      }
    }
    before = losses.clone();
    return factors;
  }

  /** W of the last step, between 0 and 1. */
  double[] weights() {
    return weights.clone();
  }
}
