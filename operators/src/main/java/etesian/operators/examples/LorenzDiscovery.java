package etesian.operators.examples;

import etesian.operators.smnn.Adjoint;
import etesian.operators.smnn.BandedSolver;
import etesian.operators.smnn.DoubleTensor;
import etesian.operators.smnn.LinearOde;
import etesian.operators.smnn.VectorAdam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Finds the equations of Lorenz (1963) in a trajectory, as S-MNN does (Chen et al., 2025): in
 * windows of 50 steps of 0.01 the least-squares solver integrates
 *
 * <pre>  u' = sum over k of basis_k(x) xi_k,    u(0) = x(0)  </pre>
 *
 * with the ten polynomials of x, y, z up to second degree, and Adam makes the mean of (u - x)^2
 * small; the gradient goes through the solver by its adjoint. After each round coefficients below
 * 0.1 are set to zero for good.
 *
 * <p>The authors learn the 30 coefficients as the output of a network, and smooth the trajectory by
 * a second one. Here the coefficients themselves are learned, and the trajectory is taken as it is;
 * basis functions are nearly dependent on it (z and z^2), so Adam moves orthonormal combinations.
 */
public final class LorenzDiscovery {
  private static final double STEP = 0.01;
  private static final int WINDOW = 50;
  private static final double THRESHOLD = 0.1;
  private static final String[] NAMES = {
    "1", "x", "y", "z", "x^2", "x y", "x z", "y^2", "y z", "z^2"
  };

  /** sigma (y - x); x (rho - z) - y; x y - beta z. */
  private static final double SIGMA = 10;

  private static final double RHO = 28;
  private static final double BETA = 8.0 / 3;

  private final Settings settings;
  private final double[][] trajectory;
  private final double[][] basis;

  /** Of the basis functions over the trajectory: mean of basis_k basis_l. */
  private final double[][] gram = new double[NAMES.length][NAMES.length];

  private final double[][] coefficients = new double[3][NAMES.length];
  private final boolean[][] alive = new boolean[3][NAMES.length];

  /**
   * How to search.
   *
   * @param steps of the trajectory
   * @param batch windows of an update
   * @param rounds each ends with the threshold
   * @param updates of a round
   * @param rate of Adam at the beginning of a round, by orthonormal combinations of the basis
   * @param seed of the choice of windows
   */
  public record Settings(int steps, int batch, int rounds, int updates, double rate, long seed) {
    /** The trajectory and the batches of the authors, who need ten rounds of 400 epochs. */
    public static final Settings FULL = new Settings(10_000, 512, 4, 300, 5, 1);
  }

  /** Told the share that is done and the loss of the last update. */
  @FunctionalInterface
  public interface Progress {
    void report(double done, double loss);
  }

  private LorenzDiscovery(Settings settings) {
    this.settings = settings;
    trajectory = trajectory(settings.steps() + WINDOW);
    basis = new double[trajectory.length][];
    for (int s = 0; s < basis.length; s++) {
      basis[s] = polynomials(trajectory[s]);
      for (int k = 0; k < NAMES.length; k++) {
        for (int l = 0; l < NAMES.length; l++) {
          gram[k][l] += basis[s][k] * basis[s][l] / basis.length;
        }
      }
    }
    for (boolean[] terms : alive) {
      Arrays.fill(terms, true);
    }
  }

  /**
   * What was found.
   *
   * @param coefficients shape (3, 10): of the derivative of x, y, z by {@link #names}
   * @param loss of the last update
   * @param millisecondsPerUpdate mean wall time
   */
  public record Found(double[][] coefficients, double loss, double millisecondsPerUpdate) {

    /** {@code x' = -10.00 x + 10.00 y} and so on; terms that are zero are left out. */
    public List<String> equations() {
      List<String> equations = new ArrayList<>();
      for (int d = 0; d < 3; d++) {
        StringBuilder text = new StringBuilder("xyz".substring(d, d + 1)).append("' =");
        for (int k = 0; k < NAMES.length; k++) {
          if (coefficients[d][k] != 0) {
            text.append(String.format(Locale.ROOT, " %+.4f %s", coefficients[d][k], NAMES[k]));
          }
        }
        equations.add(text.toString());
      }
      return equations;
    }

    /** Largest deviation of a coefficient from the true one. */
    public double deviation() {
      double[][] truth = truth();
      double deviation = 0;
      for (int d = 0; d < 3; d++) {
        for (int k = 0; k < NAMES.length; k++) {
          deviation = Math.max(deviation, Math.abs(coefficients[d][k] - truth[d][k]));
        }
      }
      return deviation;
    }
  }

  /** Of the basis functions. */
  public static List<String> names() {
    return List.of(NAMES);
  }

  /** Shape (3, 10), as {@link Found#coefficients}. */
  public static double[][] truth() {
    double[][] truth = new double[3][NAMES.length];
    truth[0][1] = -SIGMA;
    truth[0][2] = SIGMA;
    truth[1][1] = RHO;
    truth[1][2] = -1;
    truth[1][6] = -1;
    truth[2][3] = -BETA;
    truth[2][5] = 1;
    return truth;
  }

  public static Found run(Settings settings, Progress progress) {
    return new LorenzDiscovery(settings).search(progress);
  }

  private Found search(Progress progress) {
    Random random = new Random(settings.seed());
    int all = settings.rounds() * settings.updates();
    long start = System.nanoTime();
    double loss = Double.NaN;
    for (int round = 0; round < settings.rounds(); round++) {
      Orthonormal[] terms = new Orthonormal[3];
      Arrays.setAll(terms, d -> new Orthonormal(gram, alive[d]));
      double[][] weights = new double[3][];
      Arrays.setAll(weights, d -> terms[d].weights(coefficients[d]));
      VectorAdam[] adam = new VectorAdam[3];
      Arrays.setAll(adam, d -> new VectorAdam(weights[d].length));
      for (int i = 0; i < settings.updates(); i++) {
        int[] windows = random.ints(settings.batch(), 0, settings.steps()).toArray();
        double[][] gradient = new double[3][NAMES.length];
        loss = descend(windows, gradient);
        double rate = settings.rate() * (1 + Math.cos(Math.PI * i / settings.updates())) / 2;
        for (int d = 0; d < 3; d++) {
          adam[d].step(weights[d], terms[d].gradient(gradient[d]), rate);
          coefficients[d] = terms[d].coefficients(weights[d]);
        }
        progress.report((round * settings.updates() + i + 1.0) / all, loss);
      }
      threshold();
    }
    return new Found(coefficients, loss, (System.nanoTime() - start) / 1e6 / all);
  }

  private void threshold() {
    for (int d = 0; d < 3; d++) {
      for (int k = 0; k < NAMES.length; k++) {
        alive[d][k] &= Math.abs(coefficients[d][k]) >= THRESHOLD;
        coefficients[d][k] = alive[d][k] ? coefficients[d][k] : 0;
      }
    }
  }

  /**
   * The loss of a batch.
   *
   * @param gradient by the coefficients, filled in
   */
  private double descend(int[] windows, double[][] gradient) {
    int systems = 3 * windows.length;
    double[] rhs = new double[systems * WINDOW];
    double[] initial = new double[systems];
    for (int i = 0; i < systems; i++) {
      int from = windows[i / 3];
      initial[i] = trajectory[from][i % 3];
      for (int s = 0; s < WINDOW; s++) {
        rhs[i * WINDOW + s] = derivative(i % 3, basis[from + s]);
      }
    }
    BandedSolver.Solved solved = BandedSolver.solveAndKeep(ode(rhs, initial));
    double[] u = solved.values().values();
    int orders = 3;
    DoubleTensor cotangent = DoubleTensor.zeros(systems, WINDOW, 1, orders);
    double loss = 0;
    double count = systems * WINDOW;
    for (int i = 0; i < systems; i++) {
      for (int s = 0; s < WINDOW; s++) {
        int at = (i * WINDOW + s) * orders;
        double deviation = u[at] - trajectory[windows[i / 3] + s][i % 3];
        loss += deviation * deviation / count;
        cotangent.values()[at] = 2 * deviation / count;
      }
    }
    double[] byRhs = Adjoint.of(solved, cotangent).rhs().values();
    for (int i = 0; i < systems; i++) {
      for (int s = 0; s < WINDOW; s++) {
        double[] values = basis[windows[i / 3] + s];
        for (int k = 0; k < values.length; k++) {
          gradient[i % 3][k] += byRhs[i * WINDOW + s] * values[k];
        }
      }
    }
    return loss;
  }

  private double derivative(int d, double[] values) {
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      sum += coefficients[d][k] * values[k];
    }
    return sum;
  }

  /** u' = r, one unknown function of three orders for each component and window. */
  private static LinearOde ode(double[] rhs, double[] initial) {
    int systems = initial.length;
    return new LinearOde(
        new DoubleTensor(new double[] {0, 1, 0}, 1, 1, 1, 1, 3),
        new DoubleTensor(rhs, systems, WINDOW, 1),
        new DoubleTensor(initial, systems, 1, 1, 1),
        new DoubleTensor(new double[] {STEP}, 1, 1),
        WINDOW,
        LinearOde.Penalties.ONES,
        false);
  }

  private static double[] polynomials(double[] state) {
    double x = state[0];
    double y = state[1];
    double z = state[2];
    return new double[] {1, x, y, z, x * x, x * y, x * z, y * y, y * z, z * z};
  }

  /** From (1, 1, 1) by the classical Runge-Kutta method with ten substeps. */
  private static double[][] trajectory(int length) {
    int substeps = 10;
    double h = STEP / substeps;
    double[][] states = new double[length][];
    double[] state = {1, 1, 1};
    for (int s = 0; s < length; s++) {
      states[s] = state.clone();
      for (int i = 0; i < substeps; i++) {
        double[] k1 = lorenz(state);
        double[] k2 = lorenz(plus(state, h / 2, k1));
        double[] k3 = lorenz(plus(state, h / 2, k2));
        double[] k4 = lorenz(plus(state, h, k3));
        for (int d = 0; d < 3; d++) {
          state[d] += h / 6 * (k1[d] + 2 * k2[d] + 2 * k3[d] + k4[d]);
        }
      }
    }
    return states;
  }

  private static double[] lorenz(double[] s) {
    return new double[] {
      SIGMA * (s[1] - s[0]), s[0] * (RHO - s[2]) - s[1], s[0] * s[1] - BETA * s[2]
    };
  }

  private static double[] plus(double[] state, double h, double[] slope) {
    double[] sum = new double[3];
    Arrays.setAll(sum, d -> state[d] + h * slope[d]);
    return sum;
  }
}
