package etesian.operators.smnn;

import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.util.ArrayList;
import java.util.List;

/**
 * From numbers z of an {@link Encoder} to the coefficients of the modes of one cell:
 *
 * <pre>
 *   rate = rate0 R^tanh(z)     frequency = frequency0 R^tanh(z)     target = T tanh(z)
 * </pre>
 *
 * with R = {@value #RATIO} and T = {@value #LARGEST_TARGET} standard deviations of the observation.
 * So rates and frequencies stay positive and within a known range of the fitted mechanism, and z =
 * 0 is the mechanism itself. A relaxation takes two numbers (rate, target), an oscillation three
 * (rate, frequency, target).
 */
final class Correction {
  static final double RATIO = 4;
  static final double LARGEST_TARGET = 2;
  private static final double LOG_RATIO = Math.log(RATIO);

  private final Mechanism mechanism;
  private final boolean[] odd;

  Correction(Mechanism mechanism) {
    this.mechanism = mechanism;
    odd = new boolean[mechanism.modes().stream().mapToInt(m -> numbers(m.law())).sum()];
    int end = 0;
    for (Mode mode : mechanism.modes()) {
      end += numbers(mode.law());
      odd[end - 1] = true;
    }
  }

  private static int numbers(Law law) {
    return law == Law.OSCILLATION ? 3 : 2;
  }

  /** Numbers for each cell. */
  int size() {
    return odd.length;
  }

  /** Which of them change their sign with the anomalies: the targets. */
  boolean[] odd() {
    return odd.clone();
  }

  /**
   * A mode of one cell.
   *
   * @param target the value towards which it relaxes, in the unit of the observation
   */
  record Forced(Mode mode, double target) {}

  /** The modes of the cell whose numbers begin at {@code z[at]}. */
  List<Forced> modes(double[] z, int at) {
    List<Forced> forced = new ArrayList<>();
    int next = at;
    for (Mode m : mechanism.modes()) {
      double rate = m.rate() * factor(z[next++]);
      double frequency = m.law() == Law.OSCILLATION ? m.frequency() * factor(z[next++]) : 0;
      double target = LARGEST_TARGET * Math.tanh(z[next++]);
      forced.add(
          new Forced(
              new Mode(m.law(), rate, frequency, m.gain(), m.stiffness(), m.prior()), target));
    }
    return forced;
  }

  private static double factor(double z) {
    return Math.exp(LOG_RATIO * Math.tanh(z));
  }

  /**
   * Chain rule of one mode.
   *
   * @param z numbers, of which those of the mode begin at {@code at}
   * @param byZ where the gradient goes, at the same place
   * @param byRate gradient by the logarithm of the rate; {@code byFrequency} likewise
   * @param byTarget gradient by the target
   * @return where the next mode begins
   */
  static int gradient(
      Law law,
      double[] z,
      double[] byZ,
      int at,
      double byRate,
      double byFrequency,
      double byTarget) {
    int next = at;
    byZ[next] = byRate * LOG_RATIO * slope(z[next++]);
    if (law == Law.OSCILLATION) {
      byZ[next] = byFrequency * LOG_RATIO * slope(z[next++]);
    }
    byZ[next] = byTarget * LARGEST_TARGET * slope(z[next++]);
    return next;
  }

  private static double slope(double z) {
    double tanh = Math.tanh(z);
    return 1 - tanh * tanh;
  }
}
