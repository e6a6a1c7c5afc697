package etesian.operators.examples;

import etesian.operators.smnn.BandedSolver;
import etesian.operators.smnn.DoubleTensor;
import etesian.operators.smnn.LinearOde;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * The standalone validation of S-MNN (Chen et al., 2025): six linear equations of textbooks, solved
 * from one initial value with 1000 steps of 0.01, orders 0 to 2, all weights 1, without the central
 * smoothness. A fixed least-squares problem, so the error is one number: that of the
 * discretisation.
 */
public enum StandaloneOde {
  /** c2 q' + q / c1 = c0. */
  RC_CIRCUIT(
      new double[][][] {{{1 / 1.2, 2.31, 0}}},
      new double[] {0.7},
      new Published(1.5e-6, 5.1e-6, 7.3e-6, 1.3e-6),
      new Case(10, t -> charge(10, t)),
      new Case(3.54, t -> charge(3.54, t))),
  /** c0 x - x' = 0. */
  POPULATION_GROWTH(
      new double[][][] {{{0.23, -1, 0}}},
      new double[] {0},
      new Published(6.6e-6, 3.6e-5, 9.6e-5, 1.7e-6),
      new Case(4.78, t -> new double[] {4.78 * Math.exp(0.23 * t)}),
      new Case(0.87, t -> new double[] {0.87 * Math.exp(0.23 * t)})),
  /** x' + (c0 + c1) x = c0. */
  LANGUAGE_DEATH(
      new double[][][] {{{0.6, 1, 0}}},
      new double[] {0.32},
      new Published(2.0e-8, 4.8e-7, 8.6e-7, 1.0e-6),
      new Case(0.14, t -> speakers(0.14, t)),
      new Case(0.55, t -> speakers(0.55, t))),
  /** x0' = x1, x1' = -c0 x0. */
  HARMONIC_OSCILLATOR(
      new double[][][] {{{0, 1, 0}, {-1, 0, 0}}, {{2.1, 0, 0}, {0, 1, 0}}},
      new double[] {0, 0},
      new Published(3.6e-5, 1.0e-4, 2.5e-4, 3.0e-4),
      new Case(new double[] {0.4, -0.03}, t -> oscillation(2.1, 0, 0.4, -0.03, t)),
      new Case(new double[] {0, 0.2}, t -> oscillation(2.1, 0, 0, 0.2, t))),
  /** x0' = x1, x1' = -c0 x0 - c1 x1. */
  DAMPED_OSCILLATOR(
      new double[][][] {{{0, 1, 0}, {-1, 0, 0}}, {{4.5, 0, 0}, {0.43, 1, 0}}},
      new double[] {0, 0},
      new Published(3.3e-5, 3.7e-5, 8.1e-5, 4.7e-4),
      new Case(new double[] {0.12, 0.043}, t -> oscillation(4.5, 0.43, 0.12, 0.043, t)),
      new Case(new double[] {0, -0.3}, t -> oscillation(4.5, 0.43, 0, -0.3, t))),
  /** x0' = x1, x1' = x2, x2' = -x1 - x2. */
  THIRD_ORDER(
      new double[][][] {
        {{0, 1, 0}, {-1, 0, 0}, {0, 0, 0}},
        {{0, 0, 0}, {0, 1, 0}, {-1, 0, 0}},
        {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}}
      },
      new double[] {0, 0, 0},
      new Published(6.0e-6, 6.0e-6, 1.4e-5, 2.3e-5),
      new Case(new double[] {0, -1, 1}, StandaloneOde::thirdOrder));

  private static final int STEPS = 1000;
  private static final double STEP = 0.01;

  private final double[][][] coefficients;
  private final double[] rhs;
  private final Published published;
  private final List<Case> cases;

  StandaloneOde(double[][][] coefficients, double[] rhs, Published published, Case... cases) {
    this.coefficients = coefficients;
    this.rhs = rhs;
    this.published = published;
    this.cases = List.of(cases);
  }

  /**
   * What the authors' program reaches in float64, to two digits.
   *
   * @param leastRmse root mean square error of the better initial value
   * @param mostRmse of the worse one
   * @param greatest absolute error of both
   * @param relative 2-norm of the error over that of the solution, of the worse one
   */
  public record Published(double leastRmse, double mostRmse, double greatest, double relative) {}

  /**
   * Deviation from the analytic solution, over all variables and times.
   *
   * @param rmse root mean square
   * @param greatest absolute
   * @param relative 2-norm over that of the solution
   */
  public record Error(double rmse, double greatest, double relative) {}

  private record Case(double[] initial, DoubleFunction<double[]> solution) {
    Case(double initial, DoubleFunction<double[]> solution) {
      this(new double[] {initial}, solution);
    }
  }

  public Published published() {
    return published;
  }

  /** One for each initial value. */
  public List<Error> errors() {
    return cases.stream().map(this::error).toList();
  }

  private Error error(Case from) {
    double[] u = BandedSolver.solve(ode(from.initial)).values();
    int variables = rhs.length;
    double squares = 0;
    double size = 0;
    double greatest = 0;
    for (int s = 0; s < STEPS; s++) {
      double[] truth = from.solution.apply(s * STEP);
      for (int d = 0; d < variables; d++) {
        double deviation = Math.abs(u[(s * variables + d) * orders()] - truth[d]);
        greatest = Math.max(greatest, deviation);
        squares += deviation * deviation;
        size += truth[d] * truth[d];
      }
    }
    return new Error(Math.sqrt(squares / (STEPS * variables)), greatest, Math.sqrt(squares / size));
  }

  private LinearOde ode(double[] initial) {
    int variables = rhs.length;
    double[] flat =
        Arrays.stream(coefficients)
            .flatMap(Arrays::stream)
            .flatMapToDouble(Arrays::stream)
            .toArray();
    return new LinearOde(
        new DoubleTensor(flat, 1, variables, variables, orders()),
        new DoubleTensor(rhs, 1, variables),
        new DoubleTensor(initial, 1, variables, 1),
        new DoubleTensor(new double[] {STEP}, 1),
        STEPS,
        LinearOde.Penalties.ONES,
        false);
  }

  private int orders() {
    return coefficients[0][0].length;
  }

  private static double[] charge(double initial, double t) {
    double steady = 0.7 * 1.2;
    return new double[] {steady + (initial - steady) * Math.exp(-t / (1.2 * 2.31))};
  }

  private static double[] speakers(double initial, double t) {
    double steady = 0.32 / 0.6;
    return new double[] {steady - (steady - initial) * Math.exp(-0.6 * t)};
  }

  /** Position and velocity of x'' + c x' + k x = 0 with weak damping. */
  private static double[] oscillation(double k, double c, double x, double v, double t) {
    double a = c / 2;
    double f = Math.sqrt(k - a * a);
    double decay = Math.exp(-a * t);
    double slope = (a * x + v) / f;
    return new double[] {
      decay * (x * Math.cos(f * t) + slope * Math.sin(f * t)),
      decay * (v * Math.cos(f * t) - (a * slope + f * x) * Math.sin(f * t))
    };
  }

  /** From (0, -1, 1); the characteristic roots are 0 and (-1 +- i sqrt 3) / 2. */
  private static double[] thirdOrder(double t) {
    double f = Math.sqrt(0.75) * t;
    double decay = Math.exp(-t / 2);
    double root = Math.sqrt(3);
    return new double[] {
      decay * -2 / root * Math.sin(f),
      decay * (-Math.cos(f) + 1 / root * Math.sin(f)),
      decay * (Math.cos(f) + 1 / root * Math.sin(f))
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
