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
  private final ModalRows rows;
  private final BandedSolver.Solved solved;

  Response(Mechanism mechanism, int history, int horizon) {
    this.mechanism = mechanism;
    this.history = history;
    this.horizon = horizon;
    rows = new ModalRows(mechanism.modes(), history, horizon);
    DoubleTensor coefficients = rows.emptyCoefficients(1);
    rows.write(0, mechanism.modes(), coefficients);
    DoubleTensor rhs = rows.emptyRhs(history);
    for (int j = 0; j < history; j++) {
      rhs.values()[rows.observedAt(j, j)] = 1;
    }
    solved = BandedSolver.solveAndKeep(rows.ode(coefficients, rhs));
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
    return solved.values().values()[rows.stateAt(j, history + lead, mode)];
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
          cotangent.values()[rows.stateAt(j, history + lead, m)] =
              byMatrix[lead][j] * modes.get(m).gain();
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
      double[] law = ModalRows.law(mode);
      double[] byLaw = new double[law.length];
      for (int s = 0; s < rows.points(); s++) {
        for (int o = 0; o < law.length; o++) {
          byLaw[o] += byC[rows.lawAt(0, s, m, o)];
        }
        if (s < history) {
          byGain[m] += byC[rows.observationAt(0, s, m)];
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
      gradient[next++] = mode.prior() * byC[rows.priorAt(0, m)];
    }
    return gradient;
  }
}
