package etesian.pipeline.learn;

import etesian.pipeline.learn.PromotionTest.Verdict;
import java.util.Arrays;
import java.util.Random;

/** Square errors of two forecasts that have most of their error in common. */
final class SimulatedErrors {
  private final Random random;
  private final double persistence; // of the errors from pair to pair
  private final double[] common;
  private final double[] own;
  private final double[] other;

  SimulatedErrors(Random random, double persistence, int leads) {
    this.random = random;
    this.persistence = persistence;
    common = new double[leads];
    own = new double[leads];
    other = new double[leads];
  }

  /**
   * @param factor of the challenger's mean square error
   */
  void feed(double factor, int pairs, PromotionTest... tests) {
    for (int i = 0; i < pairs && isOpen(tests); i++) {
      double[] champion = new double[common.length];
      double[] challenger = new double[common.length];
      for (int lead = 0; lead < common.length; lead++) {
        common[lead] = next(common[lead]);
        own[lead] = next(own[lead]);
        other[lead] = next(other[lead]);
        champion[lead] = square(common[lead] + 0.3 * own[lead]);
        challenger[lead] = factor * square(common[lead] + 0.3 * other[lead]);
      }
      for (PromotionTest test : tests) {
        test.add(champion, challenger);
      }
    }
  }

  private static boolean isOpen(PromotionTest... tests) {
    return Arrays.stream(tests).anyMatch(test -> test.verdict() == Verdict.OPEN);
  }

  private double next(double x) {
    return persistence * x + Math.sqrt(1 - persistence * persistence) * random.nextGaussian();
  }

  private static double square(double x) {
    return x * x;
  }
}
