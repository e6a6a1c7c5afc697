package etesian.operators.smnn;

import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.util.List;

/**
 * The forecast of a mechanism as a linear map. One solve spans history and horizon: the laws hold
 * at every point, the sum of the modes meets the observations on the history. The solution is
 * linear in the observations and the left side is the same for every cell, so solving once for each
 * unit history gives the whole map.
 */
final class Response {
  private final Mechanism mechanism;
  private final int history;
  private final int horizon;
  private final int orders;
  private final BandedSolver.Solved solved;

  Response(Mechanism mechanism, int history, int horizon) {
    this.mechanism = mechanism;
    this.history = history;
    this.horizon = horizon;
    orders = mechanism.modes().stream().anyMatch(m -> m.law() == Law.OSCILLATION) ? 3 : 2;
    solved = BandedSolver.solveAndKeep(ode());
  }

  private LinearOde ode() {
    List<Mode> modes = mechanism.modes();
    int d = modes.size();
    int points = history + horizon;
    int equations = 2 * d + 1; // laws, the observation, where the modes begin
    DoubleTensor c = DoubleTensor.zeros(1, points, equations, d, orders);
    DoubleTensor r = DoubleTensor.zeros(history, points, equations);
    for (int s = 0; s < points; s++) {
      for (int m = 0; m < d; m++) {
        Mode mode = modes.get(m);
        double[] law = law(mode);
        for (int o = 0; o < law.length; o++) {
          c.values()[at(s, m, m, o)] = mode.stiffness() * law[o];
        }
        if (s < history) {
          c.values()[at(s, d, m, 0)] = mode.gain();
        }
        if (s == 0) {
          c.values()[at(s, d + 1 + m, m, 0)] = mode.prior();
        }
      }
      if (s < history) {
        r.values()[(s * points + s) * equations + d] = 1;
      }
    }
    return new LinearOde(
        c,
        r,
        DoubleTensor.zeros(1, 0, d, 1),
        new DoubleTensor(new double[] {1}, 1, 1),
        points,
        LinearOde.Penalties.ONES,
        true);
  }

  private static double[] law(Mode mode) {
    double a = mode.rate();
    double f = mode.frequency();
    return mode.law() == Law.RELAXATION
        ? new double[] {a, 1}
        : new double[] {a * a + f * f, 2 * a, 1};
  }

  private int at(int s, int equation, int variable, int order) {
    int d = mechanism.modes().size();
    return ((s * (2 * d + 1) + equation) * d + variable) * orders + order;
  }

  /** The map, [lead][position in the history]. */
  double[][] matrix() {
    double[][] matrix = new double[horizon][history];
    for (int lead = 0; lead < horizon; lead++) {
      for (int j = 0; j < history; j++) {
        for (int m = 0; m < mechanism.modes().size(); m++) {
          matrix[lead][j] += mechanism.modes().get(m).gain() * state(j, lead, m);
        }
      }
    }
    return matrix;
  }

  private double state(int j, int lead, int mode) {
    return solved.values().values()[stateAt(j, lead, mode)];
  }

  private int stateAt(int j, int lead, int mode) {
    int d = mechanism.modes().size();
    return ((j * (history + horizon) + history + lead) * d + mode) * orders;
  }

  /** Gradient by {@link Mechanism#logarithms} of a scalar whose gradient by the map is given. */
  double[] gradient(double[][] byMatrix) {
    List<Mode> modes = mechanism.modes();
    int d = modes.size();
    DoubleTensor cotangent = DoubleTensor.zeros(solved.values().shape());
    double[] byGain = new double[d];
    for (int lead = 0; lead < horizon; lead++) {
      for (int j = 0; j < history; j++) {
        for (int m = 0; m < d; m++) {
          cotangent.values()[stateAt(j, lead, m)] = byMatrix[lead][j] * modes.get(m).gain();
          byGain[m] += byMatrix[lead][j] * state(j, lead, m);
        }
      }
    }
    double[] byC = Adjoint.of(solved, cotangent).coefficients().values();
    double[] gradient = new double[mechanism.size()];
    int next = 0;
    for (int m = 0; m < d; m++) {
      Mode mode = modes.get(m);
      double a = mode.rate();
      double f = mode.frequency();
      double[] law = law(mode);
      double[] byLaw = new double[law.length];
      for (int s = 0; s < history + horizon; s++) {
        for (int o = 0; o < law.length; o++) {
          byLaw[o] += byC[at(s, m, m, o)];
        }
        if (s < history) {
          byGain[m] += byC[at(s, d, m, 0)];
        }
      }
      double byStiffness = 0;
      for (int o = 0; o < law.length; o++) {
        byStiffness += byLaw[o] * law[o];
        byLaw[o] *= mode.stiffness();
      }
      if (mode.law() == Law.RELAXATION) {
        gradient[next++] = a * byLaw[0];
      } else {
        gradient[next++] = a * (2 * a * byLaw[0] + 2 * byLaw[1]);
        gradient[next++] = f * 2 * f * byLaw[0];
      }
      gradient[next++] = mode.gain() * byGain[m];
      gradient[next++] = mode.stiffness() * byStiffness;
      gradient[next++] = mode.prior() * byC[at(0, d + 1 + m, m, 0)];
    }
    return gradient;
  }
}
