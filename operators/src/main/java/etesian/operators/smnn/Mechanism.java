package etesian.operators.smnn;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link MechanisticForecaster} believes about the world: the observed quantity is a sum of
 * modes, each obeying its own linear differential equation, known up to a tolerated error. All
 * numbers are positive and per time step, so that they can be read as physics.
 *
 * @param modes at least one
 */
public record Mechanism(List<Mode> modes) {
  public Mechanism {
    modes = List.copyOf(modes);
    if (modes.isEmpty()) {
      throw new IllegalArgumentException("a mechanism needs a mode");
    }
  }

  /** The law of a mode; a is the rate, f the angular frequency. */
  public enum Law {
    /** {@code u' + a u = 0}. */
    RELAXATION,
    /** {@code u'' + 2 a u' + (a^2 + f^2) u = 0}. */
    OSCILLATION
  }

  /**
   * One mode.
   *
   * @param law its differential equation
   * @param rate decay per step
   * @param frequency angular frequency in radians per step; 0 for a relaxation
   * @param gain weight of the mode in the observation; the larger, the more freely it follows
   * @param stiffness how strictly the law holds, against an observation row of weight 1
   * @param prior how strongly the mode begins at zero
   */
  public record Mode(
      Law law, double rate, double frequency, double gain, double stiffness, double prior) {
    public Mode {
      if (!(rate > 0 && gain > 0 && stiffness > 0 && prior > 0)
          || law == Law.OSCILLATION != frequency > 0) {
        throw new IllegalArgumentException(
            String.format(
                "%s mode with rate %s, frequency %s, gain %s, stiffness %s, prior %s: all must be"
                    + " positive, but frequency 0 for a relaxation",
                law, rate, frequency, gain, stiffness, prior));
      }
    }

    /** Steps until the mode has decayed to 1/e. */
    public double eFoldingSteps() {
      return 1 / rate;
    }

    /** Steps of one turn; infinite for a relaxation. */
    public double periodSteps() {
      return 2 * Math.PI / frequency;
    }

    /** Fraction of critical damping; 1 for a relaxation. */
    public double damping() {
      return rate / Math.hypot(rate, frequency);
    }
  }

  /**
   * Modes to begin training with, which know nothing of the data: all weights are 1, e-folding
   * times are spread evenly in the logarithm from 1 or 4 steps to 1, 2 or 4 times the horizon,
   * periods of oscillations twice that. Where a fit ends on its way depends on where it began, so
   * there are several.
   */
  static List<Mechanism> starts(List<Law> laws, int horizon) {
    List<Mechanism> starts = new ArrayList<>();
    for (double fastest : new double[] {1, 4}) {
      for (double slowest : new double[] {horizon, 2.0 * horizon, 4.0 * horizon}) {
        starts.add(neutral(laws, fastest, slowest));
      }
    }
    return starts;
  }

  private static Mechanism neutral(List<Law> laws, double fastest, double slowest) {
    int last = Math.max(1, laws.size() - 1);
    Mode[] modes = new Mode[laws.size()];
    for (int d = 0; d < modes.length; d++) {
      double steps = fastest * Math.pow(slowest / fastest, (double) d / last);
      double frequency = laws.get(d) == Law.OSCILLATION ? Math.PI / steps : 0;
      modes[d] = new Mode(laws.get(d), 1 / steps, frequency, 1, 1, 1);
    }
    return new Mechanism(List.of(modes));
  }

  /** Number of free parameters. */
  int size() {
    return modes.stream().mapToInt(m -> m.law() == Law.OSCILLATION ? 5 : 4).sum();
  }

  /** All free parameters as logarithms, mode by mode. */
  double[] logarithms() {
    double[] values = new double[size()];
    int at = 0;
    for (Mode m : modes) {
      values[at++] = Math.log(m.rate());
      if (m.law() == Law.OSCILLATION) {
        values[at++] = Math.log(m.frequency());
      }
      values[at++] = Math.log(m.gain());
      values[at++] = Math.log(m.stiffness());
      values[at++] = Math.log(m.prior());
    }
    return values;
  }

  /** The same laws with other parameters. */
  Mechanism withLogarithms(double[] values) {
    Mode[] changed = new Mode[modes.size()];
    int at = 0;
    for (int d = 0; d < changed.length; d++) {
      Law law = modes.get(d).law();
      changed[d] =
          new Mode(
              law,
              Math.exp(values[at++]),
              law == Law.OSCILLATION ? Math.exp(values[at++]) : 0,
              Math.exp(values[at++]),
              Math.exp(values[at++]),
              Math.exp(values[at++]));
    }
    return new Mechanism(List.of(changed));
  }
}
