package etesian.operators.smnn;

import etesian.operators.smnn.Correction.Forced;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.util.ArrayList;
import java.util.List;

/**
 * The forecast of a batch of cells, each with the coefficients that the encoder reads from its
 * history: encoder, {@link Correction}, {@link ModalRows}, one call of the solver. Differentiable
 * from end to end by closed forms.
 */
final class EncodedForecast {
  private final Encoder encoder;
  private final Correction correction;
  private final int history;
  private final int horizon;
  private final ModalRows rows;

  EncodedForecast(Mechanism mechanism, Encoder encoder, int history, int horizon) {
    this.encoder = encoder;
    this.history = history;
    this.horizon = horizon;
    correction = new Correction(mechanism);
    rows = new ModalRows(mechanism.modes(), history, horizon);
    if (encoder.inputs() != history || encoder.outputs() != correction.size()) {
      throw new IllegalArgumentException(
          String.format(
              "an encoder of %d inputs and %d outputs, expected %d and %d",
              encoder.inputs(), encoder.outputs(), history, correction.size()));
    }
  }

  /** The modes of one cell from its history. */
  List<Forced> modes(double[] y) {
    return correction.modes(encoder.forward(y).z(), 0);
  }

  /**
   * @param y histories, (cells, history)
   * @return (cells, horizon)
   */
  double[] of(double[] y) {
    Batch batch = new Batch(y);
    return batch.observed(BandedSolver.solve(batch.ode));
  }

  /** A pass that keeps what the gradient needs. */
  Pass forward(double[] y) {
    Batch batch = new Batch(y);
    return new Pass(batch, BandedSolver.solveAndKeep(batch.ode));
  }

  /** The systems of a batch of cells. */
  private final class Batch {
    final int cells;
    final Encoder.Pass encoded;
    final List<List<Forced>> modes;
    final LinearOde ode;

    Batch(double[] y) {
      cells = y.length / history;
      encoded = encoder.forward(y);
      DoubleTensor coefficients = rows.emptyCoefficients(cells);
      DoubleTensor rhs = rows.emptyRhs(cells);
      modes = new ArrayList<>(cells);
      for (int b = 0; b < cells; b++) {
        List<Forced> forced = correction.modes(encoded.z(), b * correction.size());
        modes.add(forced);
        rows.write(b, forced.stream().map(Forced::mode).toList(), coefficients);
        for (int s = 0; s < rows.points(); s++) {
          for (int m = 0; m < forced.size(); m++) {
            Mode mode = forced.get(m).mode();
            rhs.values()[rows.forcingAt(b, s, m)] =
                mode.stiffness() * ModalRows.law(mode)[0] * forced.get(m).target() / mode.gain();
          }
          if (s < history) {
            rhs.values()[rows.observedAt(b, s)] = y[b * history + s];
          }
        }
      }
      ode = rows.ode(coefficients, rhs);
    }

    double[] observed(DoubleTensor solution) {
      double[] forecast = new double[cells * horizon];
      for (int b = 0; b < cells; b++) {
        for (int lead = 0; lead < horizon; lead++) {
          for (int m = 0; m < modes.get(b).size(); m++) {
            forecast[b * horizon + lead] +=
                modes.get(b).get(m).mode().gain()
                    * solution.values()[rows.stateAt(b, history + lead, m)];
          }
        }
      }
      return forecast;
    }
  }

  /** A forecast with the way back to the parameters of the encoder. */
  final class Pass {
    private final Batch batch;
    private final BandedSolver.Solved solved;

    private Pass(Batch batch, BandedSolver.Solved solved) {
      this.batch = batch;
      this.solved = solved;
    }

    /** (cells, horizon). */
    double[] forecast() {
      return batch.observed(solved.values());
    }

    /** What the encoder said, (cells, {@link Correction#size}). */
    double[] z() {
      return batch.encoded.z();
    }

    /**
     * @param byForecast gradient of a scalar by the forecast
     * @param byZ its gradient by z apart from that through the forecast
     * @return its gradient by the parameters of the encoder
     */
    double[] gradient(double[] byForecast, double[] byZ) {
      DoubleTensor cotangent = DoubleTensor.zeros(solved.values().shape());
      for (int b = 0; b < batch.cells; b++) {
        for (int lead = 0; lead < horizon; lead++) {
          for (int m = 0; m < batch.modes.get(b).size(); m++) {
            cotangent.values()[rows.stateAt(b, history + lead, m)] =
                byForecast[b * horizon + lead] * batch.modes.get(b).get(m).mode().gain();
          }
        }
      }
      Adjoint.Gradients by = Adjoint.of(solved, cotangent);
      double[] through = new double[byZ.length];
      for (int b = 0; b < batch.cells; b++) {
        int at = b * correction.size();
        for (int m = 0; m < batch.modes.get(b).size(); m++) {
          at = ofMode(b, m, by, through, at);
        }
      }
      for (int i = 0; i < through.length; i++) {
        through[i] += byZ[i];
      }
      return encoder.gradient(batch.encoded, through);
    }

    private int ofMode(int b, int m, Adjoint.Gradients by, double[] through, int at) {
      Forced forced = batch.modes.get(b).get(m);
      Mode mode = forced.mode();
      double a = mode.rate();
      double f = mode.frequency();
      double[] law = ModalRows.law(mode);
      double byConstant = 0; // law[0], the coefficient of u
      double bySlope = 0; // law[1], the coefficient of u'
      double byForcing = 0;
      for (int s = 0; s < rows.points(); s++) {
        byConstant += by.coefficients().values()[rows.lawAt(b, s, m, 0)];
        bySlope += by.coefficients().values()[rows.lawAt(b, s, m, 1)];
        byForcing += by.rhs().values()[rows.forcingAt(b, s, m)];
      }
      byConstant += byForcing * forced.target() / mode.gain();
      byConstant *= mode.stiffness();
      bySlope *= mode.stiffness();
      double byTarget = byForcing * mode.stiffness() * law[0] / mode.gain();
      double byRate =
          mode.law() == Law.RELAXATION ? a * byConstant : 2 * a * (a * byConstant + bySlope);
      double byFrequency = 2 * f * f * byConstant;
      return Correction.gradient(mode.law(), z(), through, at, byRate, byFrequency, byTarget);
    }
  }
}
