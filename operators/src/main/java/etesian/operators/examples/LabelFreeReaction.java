package etesian.operators.examples;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.spectral.Basis;
import etesian.operators.spectral.Expansion;
import etesian.operators.spectral.GaussianFields;
import etesian.operators.spectral.Mollifier;
import etesian.operators.spectral.Nsm;
import etesian.operators.spectral.NsmSettings;
import etesian.operators.spectral.ReactionDiffusion;
import etesian.operators.spectral.ReactionDiffusionSolver;
import etesian.operators.spectral.SpectralLoss;
import etesian.operators.spectral.Transforms;
import etesian.operators.training.Descent;
import etesian.operators.training.Schedule;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Learns to solve reaction and diffusion without a single solution (Du, Chalapathi, Krishnapriyan,
 * 2024, section 5.2): for random initial states phi on [0, 1],
 *
 * <pre>  u_t = 0.01 u_xx + 5 u (1 - u),    u(0, .) = phi,    0 to 1 in time, periodic in x  </pre>
 *
 * a neural spectral method predicts u, and the sum of squares of the residual's coefficients is
 * made small. Afterwards it is compared with a solver on initial states that it has not seen.
 */
public final class LabelFreeReaction {
  private static final ReactionDiffusion EQUATION = new ReactionDiffusion(0.01, 5);

  /** Correlation length of the initial states, on 64 points, as published. */
  private static final double LENGTH = 0.2;

  private static final int POINTS = 64;

  /** Steps of the solver between two times of the finest grid. */
  private static final int SOLVER_STEPS = 8;

  private static final List<Integer> GRIDS = List.of(33, 65, 129);

  private final Settings settings;
  private final GaussianFields fields = GaussianFields.periodic(LENGTH, POINTS);

  /**
   * How to learn.
   *
   * @param budget wall-clock time of the training, at most
   * @param steps of the training, at most
   * @param batch initial states of a step, drawn anew
   * @param learningRate of Adam, falling to 0 along a cosine
   * @param timeModes of the network; it has 64 in space
   * @param hidden channels
   * @param depth mixing layers
   * @param tests initial states of the comparison
   * @param finest grid of the comparison, 2^k + 1 points each way; coarser ones are every so many
   *     of its points. The solver has twice the points and eight times the steps: space is exact,
   *     time of first order
   * @param seed of everything
   */
  public record Settings(
      Duration budget,
      int steps,
      int batch,
      double learningRate,
      int timeModes,
      int hidden,
      int depth,
      int tests,
      int finest,
      long seed) {
    /** 128 unseen initial states. The limit of time is for slow machines. */
    public static final Settings FULL =
        new Settings(Duration.ofMinutes(15), 4000, 16, 3e-3, 16, 32, 4, 128, 513, 1);
  }

  /** Told the share that is done and the loss of the last step. */
  @FunctionalInterface
  public interface Progress {
    void report(double done, double loss);
  }

  /**
   * The prediction on one grid.
   *
   * @param points of time and of space, both ends included
   * @param relativeL2 mean over the initial states of |u - solver| / |solver|
   * @param deviation greatest difference to the finest grid at the points of both
   */
  public record OnGrid(int points, double relativeL2, double deviation) {}

  /**
   * What was learned.
   *
   * @param weights of the network, with the equation and the error in their metadata
   * @param steps made
   * @param training wall time
   * @param loss mean over the last tenth of the steps
   * @param persistence relative L2 of the initial state as prediction, on the finest grid
   * @param grids from coarse to fine
   * @param networkMs of one prediction of all states together, whatever the grid
   * @param solverMs of the solver for all states together
   */
  public record Learned(
      Weights weights,
      int steps,
      Duration training,
      double loss,
      double persistence,
      List<OnGrid> grids,
      double networkMs,
      double solverMs) {}

  private LabelFreeReaction(Settings settings) {
    this.settings = settings;
  }

  public static Learned run(Settings settings, Progress progress) {
    return new LabelFreeReaction(settings).learn(progress);
  }

  private Learned learn(Progress progress) {
    Tensor unseen = states(settings.tests(), new Random(settings.seed() ^ 0x5eed));
    long start = System.nanoTime();
    float[] truth = solve(unseen);
    double solverMs = (System.nanoTime() - start) / 1e6;
    NsmSettings network =
        new NsmSettings(
            NsmSettings.Network.NSM,
            Basis.of("CF"),
            List.of(settings.timeModes(), POINTS),
            List.of(POINTS),
            1,
            1,
            settings.hidden(),
            settings.depth(),
            NsmSettings.Activation.RELU,
            Mollifier.INITIAL,
            1e-3,
            1,
            POINTS,
            1,
            false);
    try (Nsm nsm = Nsm.create(network, settings.seed())) {
      Descent.Reached reached = train(nsm, progress);
      nsm.apply(unseen); // the first call is slower
      start = System.nanoTime();
      nsm.apply(unseen);
      double networkMs = (System.nanoTime() - start) / 1e6;
      List<OnGrid> grids = compare(nsm, unseen, truth);
      return new Learned(
          described(nsm.weights(), grids),
          reached.steps(),
          reached.elapsed(),
          reached.meanLoss(),
          relativeL2(persistence(truth), truth, settings.finest()),
          grids,
          networkMs,
          solverMs);
    }
  }

  private Descent.Reached train(Nsm nsm, Progress progress) {
    Random random = new Random(settings.seed());
    Descent descent =
        new Descent(
            settings.steps(), settings.budget(), settings.learningRate(), Schedule.COSINE, 1);
    return descent.run(
        nsm.parameters(),
        (scope, step) -> {
          Tensor states = states(settings.batch(), random);
          Expansion phi = nsm.parameterFunction(scope, states);
          return SpectralLoss.PLAIN.of(EQUATION.of(nsm.solve(phi), phi));
        },
        progress::report);
  }

  private static Weights described(Weights weights, List<OnGrid> grids) {
    Map<String, String> card = new LinkedHashMap<>(weights.metadata());
    card.put("equation", "u_t = nu u_xx + rho u (1 - u)");
    card.put("equation.nu", String.valueOf(EQUATION.nu()));
    card.put("equation.rho", String.valueOf(EQUATION.rho()));
    card.put("training.labels", "0");
    card.put("score.relative_l2", String.valueOf(grids.get(grids.size() - 1).relativeL2()));
    return new Weights(card, weights.tensors());
  }

  /** Random functions, each stretched to [0, 1]; shape (samples, 1, 1, 64). */
  private Tensor states(int samples, Random random) {
    double[] drawn = fields.draw(samples, random);
    float[] states = new float[drawn.length];
    for (int from = 0; from < drawn.length; from += POINTS) {
      double[] one = Arrays.copyOfRange(drawn, from, from + POINTS);
      double least = Arrays.stream(one).min().orElseThrow();
      double most = Arrays.stream(one).max().orElseThrow();
      for (int i = 0; i < POINTS; i++) {
        states[from + i] = (float) ((one[i] - least) / (most - least));
      }
    }
    return new Tensor(states, samples, 1, 1, POINTS);
  }

  /** On the finest grid, shape (samples, time, x). */
  private float[] solve(Tensor initial) {
    int samples = (int) initial.shape()[0];
    int finest = settings.finest();
    int times = finest - 1;
    int points = 2 * times;
    double[] state = refine(initial, points);
    float[] solution = new float[samples * finest * finest];
    try (ReactionDiffusionSolver solver =
        new ReactionDiffusionSolver(points, EQUATION, 1.0 / (SOLVER_STEPS * times), SOLVER_STEPS)) {
      for (int t = 0; t <= times; t++) {
        for (int s = 0; s < samples; s++) {
          for (int i = 0; i < finest; i++) {
            solution[(s * finest + t) * finest + i] = (float) state[s * points + 2 * i % points];
          }
        }
        state = t < times ? solver.advance(state) : state;
      }
    }
    return solution;
  }

  /** The trigonometric polynomials through the initial values, on the points of the solver. */
  private static double[] refine(Tensor initial, int points) {
    int samples = (int) initial.shape()[0];
    double[] x = new double[points];
    Arrays.setAll(x, i -> (double) i / points);
    try (Transforms exact = new Transforms(DataType.FLOAT64);
        NDManager scope = Devices.newManager();
        NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      double[] values = new double[initial.values().length];
      Arrays.setAll(values, i -> initial.values()[i]);
      return Expansion.transform(
              exact, Basis.of("F"), scope.create(values, new Shape(samples, POINTS)).transpose())
          .on(x)
          .transpose()
          .toDoubleArray();
    }
  }

  /** On all grids; state by state, as the finest has many values. */
  private List<OnGrid> compare(Nsm nsm, Tensor unseen, float[] truth) {
    int finest = settings.finest();
    List<Integer> grids =
        Stream.concat(GRIDS.stream().filter(points -> points < finest), Stream.of(finest)).toList();
    double[] relative = new double[grids.size()];
    double[] deviation = new double[grids.size()];
    int samples = (int) unseen.shape()[0];
    for (int s = 0; s < samples; s++) {
      float[] values = Arrays.copyOfRange(unseen.values(), s * POINTS, (s + 1) * POINTS);
      Tensor one = new Tensor(values, 1, 1, 1, POINTS);
      float[] fine = nsm.evaluate(one, finest, finest).values();
      for (int g = 0; g < relative.length; g++) {
        int points = grids.get(g);
        int stride = (finest - 1) / (points - 1);
        float[] u = points == finest ? fine : nsm.evaluate(one, points, points).values();
        float[] expected = new float[u.length];
        for (int i = 0; i < u.length; i++) {
          int at = i / points * stride * finest + i % points * stride;
          expected[i] = truth[s * finest * finest + at];
          deviation[g] = Math.max(deviation[g], Math.abs(u[i] - fine[at]));
        }
        relative[g] += relativeL2(u, expected, points) / samples;
      }
    }
    return IntStream.range(0, relative.length)
        .mapToObj(g -> new OnGrid(grids.get(g), relative[g], deviation[g]))
        .toList();
  }

  /** Mean over the samples. */
  private static double relativeL2(float[] u, float[] truth, int points) {
    int size = points * points;
    int samples = u.length / size;
    double mean = 0;
    for (int s = 0; s < samples; s++) {
      double error = 0;
      double norm = 0;
      for (int i = s * size; i < (s + 1) * size; i++) {
        error += (u[i] - truth[i]) * (double) (u[i] - truth[i]);
        norm += truth[i] * (double) truth[i];
      }
      mean += Math.sqrt(error / norm) / samples;
    }
    return mean;
  }

  private float[] persistence(float[] truth) {
    int finest = settings.finest();
    float[] constant = new float[truth.length];
    for (int i = 0; i < truth.length; i++) {
      int sample = i / (finest * finest);
      constant[i] = truth[sample * finest * finest + i % finest];
    }
    return constant;
  }
}
