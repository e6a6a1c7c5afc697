package etesian.operators.smnn;

import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.util.List;

/**
 * How a sum of D modes becomes a {@link LinearOde} over history and horizon. At each time point the
 * rows are
 *
 * <pre>
 *   d = 0..D-1:   stiffness_d ( law_d u_d ) = stiffness_d law_d[0] target_d / gain_d
 *   D:            sum_d gain_d u_d = y       on the history, no row on the horizon
 *   D+1+d:        prior_d u_d = 0            at the first point only
 * </pre>
 *
 * where law_d are the coefficients of u, u', u'' of {@link Law} and target_d is the value towards
 * which the mode relaxes, in the unit of the observation y.
 */
final class ModalRows {
  private final int modes;
  private final int history;
  private final int points;
  private final int orders;

  ModalRows(List<Mode> modes, int history, int horizon) {
    this.modes = modes.size();
    this.history = history;
    points = history + horizon;
    orders = modes.stream().anyMatch(m -> m.law() == Law.OSCILLATION) ? 3 : 2;
  }

  /** The coefficients of u, u' and, for an oscillation, u''. */
  static double[] law(Mode mode) {
    double a = mode.rate();
    double f = mode.frequency();
    return mode.law() == Law.RELAXATION
        ? new double[] {a, 1}
        : new double[] {a * a + f * f, 2 * a, 1};
  }

  int points() {
    return points;
  }

  DoubleTensor emptyCoefficients(int batch) {
    return DoubleTensor.zeros(batch, points, 2 * modes + 1, modes, orders);
  }

  DoubleTensor emptyRhs(int batch) {
    return DoubleTensor.zeros(batch, points, 2 * modes + 1);
  }

  /** Writes the rows of one batch element. */
  void write(int b, List<Mode> element, DoubleTensor coefficients) {
    double[] c = coefficients.values();
    for (int m = 0; m < modes; m++) {
      Mode mode = element.get(m);
      double[] law = law(mode);
      for (int s = 0; s < points; s++) {
        for (int o = 0; o < law.length; o++) {
          c[lawAt(b, s, m, o)] = mode.stiffness() * law[o];
        }
        if (s < history) {
          c[observationAt(b, s, m)] = mode.gain();
        }
      }
      c[priorAt(b, m)] = mode.prior();
    }
  }

  LinearOde ode(DoubleTensor coefficients, DoubleTensor rhs) {
    return new LinearOde(
        coefficients,
        rhs,
        DoubleTensor.zeros(1, 0, modes, 1),
        new DoubleTensor(new double[] {1}, 1, 1),
        points,
        LinearOde.Penalties.ONES,
        true);
  }

  /** Where the law of a mode lies in the coefficients. */
  int lawAt(int b, int s, int mode, int order) {
    return at(b, s, mode, mode, order);
  }

  int observationAt(int b, int s, int mode) {
    return at(b, s, modes, mode, 0);
  }

  int priorAt(int b, int mode) {
    return at(b, 0, modes + 1 + mode, mode, 0);
  }

  private int at(int b, int s, int equation, int mode, int order) {
    return (((b * points + s) * (2 * modes + 1) + equation) * modes + mode) * orders + order;
  }

  /** Where the right side of the law of a mode lies. */
  int forcingAt(int b, int s, int mode) {
    return (b * points + s) * (2 * modes + 1) + mode;
  }

  int observedAt(int b, int s) {
    return (b * points + s) * (2 * modes + 1) + modes;
  }

  /** Where the value of a mode lies in the solution. */
  int stateAt(int b, int s, int mode) {
    return ((b * points + s) * modes + mode) * orders;
  }
}
