package etesian.operators.examples;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.m2no.Padding;
import etesian.operators.physics.Equation.AdvectionDiffusion;
import etesian.operators.physics.PhysicsTerm;
import etesian.operators.physics.StepResidual;
import etesian.operators.physics.StepResidual.Size;
import etesian.operators.physics.Surface;
import etesian.operators.training.FineTuneSettings;
import etesian.operators.training.FineTuner;
import etesian.operators.training.HeldBack;
import etesian.operators.training.Loss;
import etesian.operators.training.LossTerm;
import etesian.operators.training.Samples;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingListener;
import etesian.operators.training.TrainingSettings;
import etesian.operators.training.TuneScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleConsumer;

/**
 * What a known equation is worth where targets are few: M2NO has learned a tracer in one wind, the
 * wind turns, and it is fine-tuned to the new one with few labelled pairs, with and without the
 * residual of the equation on windows that have no next field. The equation may also be wrong: it
 * may still have the old wind; or it may have the new wind in a world whose wind has not turned.
 */
public final class PhysicsWithoutLabels {
  private static final int HISTORY = 2;

  private static final double KAPPA = 0.02;
  private static final double EDDIES = 0.4;

  private final Settings settings;
  private final int n;
  private final CarriedTracer before;
  private final CarriedTracer after;
  private final Loss loss;

  /**
   * How much of it.
   *
   * @param cells of the torus along each axis
   * @param labels pairs with a target, one row of results each
   * @param windows without a target
   * @param tests beginnings of the forecasts that are compared
   * @param leads steps of those forecasts
   * @param epochs of the first training, over as many pairs as windows
   * @param steps of the fine-tuning
   * @param weight of the term
   * @param seeds of everything, a run each
   */
  public record Settings(
      int cells,
      List<Integer> labels,
      int windows,
      int tests,
      List<Integer> leads,
      int epochs,
      int steps,
      double weight,
      List<Integer> seeds) {
    /** Three seeds. */
    public static final Settings FULL =
        new Settings(16, List.of(4, 16, 64), 256, 64, List.of(1, 10), 15, 120, 1, List.of(1, 2, 3));
  }

  /** Who forecasts, and what it learned from. */
  public enum Way {
    PERSISTENCE,
    BEFORE_THE_TURN,
    LABELS,
    LABELS_AND_PHYSICS,
    /** The equation still has the old wind. With a floor and the gate, as a stream has them. */
    WRONG_PHYSICS,
    /** The wind has not turned. */
    NO_TURN,
    /** The equation has another wind; neither floor nor gate. */
    NO_TURN_WRONG_PHYSICS,
    /** The same update before the gate; no floor. */
    NO_TURN_WRONG_PHYSICS_GATED
  }

  /**
   * One row of results.
   *
   * @param labels pairs with a target; 0 where none were used
   * @param rmse of each lead, root of the mean over seeds of mean squares; fields begin with 1
   * @param worst seed's root mean square error of each lead
   * @param dropped of the seeds, those whose update raised the loss of the pairs held back, so that
   *     the model before the turn goes on; -1 where no gate was asked
   */
  public record Result(Way way, int labels, List<Double> rmse, List<Double> worst, int dropped) {}

  private PhysicsWithoutLabels(Settings settings) {
    this.settings = settings;
    n = settings.cells();
    before = new CarriedTracer(n, 0.6, 0.2, EDDIES, KAPPA);
    after = new CarriedTracer(n, -0.3, 0.5, EDDIES, KAPPA);
    loss = Loss.uniform(Loss.Measure.MSE, n, n);
  }

  /**
   * @param progress told the share that is done
   */
  public static List<Result> run(Settings settings, DoubleConsumer progress) {
    return new PhysicsWithoutLabels(settings).results(progress);
  }

  /** Means of squares of one model in one seed, by lead. */
  private record Outcome(Way way, int labels, double[] squares, boolean gated, boolean dropped) {}

  private List<Result> results(DoubleConsumer progress) {
    List<Outcome> outcomes = new ArrayList<>();
    int done = 0;
    for (int seed : settings.seeds()) {
      Random random = new Random(seed);
      double[][][] old = sequences(before, settings.windows(), HISTORY + 1, random);
      double[][][] open = sequences(after, settings.windows(), HISTORY, random);
      int most = settings.labels().stream().mapToInt(Integer::intValue).max().orElseThrow();
      double[][][] labelled = sequences(after, most, HISTORY + 1, random);
      int last = settings.leads().stream().mapToInt(Integer::intValue).max().orElseThrow();
      double[][][] tests = sequences(after, settings.tests(), HISTORY + last, random);
      Weights first = train(samples(old), seed);
      outcomes.add(
          outcome(Way.PERSISTENCE, 0, errors(input -> stacked(tests, HISTORY - 1), tests)));
      outcomes.add(outcome(Way.BEFORE_THE_TURN, 0, errors(first, tests)));
      for (int labels : settings.labels()) {
        double[][][] some = Arrays.copyOf(labelled, labels);
        Weights plain = tune(first, samples(some), Optional.empty(), seed);
        outcomes.add(outcome(Way.LABELS, labels, errors(plain, tests)));
        Split split = new Split(some);
        for (Way way : List.of(Way.LABELS_AND_PHYSICS, Way.WRONG_PHYSICS)) {
          CarriedTracer assumed = way == Way.LABELS_AND_PHYSICS ? after : before;
          Weights tuned = withPhysics(assumed, true, first, split.learned, open, seed);
          boolean dropped = split.drops(first, tuned);
          outcomes.add(
              new Outcome(way, labels, errors(dropped ? first : tuned, tests), true, dropped));
        }
        progress.accept(++done / (double) (settings.labels().size() * settings.seeds().size()));
      }
      outcomes.addAll(withoutATurn(first, seed, random));
    }
    return summary(outcomes);
  }

  /** A good champion, and an equation that would make it bad. */
  private List<Outcome> withoutATurn(Weights first, int seed, Random random) {
    int labels = settings.labels().get(settings.labels().size() / 2);
    int last = settings.leads().stream().mapToInt(Integer::intValue).max().orElseThrow();
    double[][][] tests = sequences(before, settings.tests(), HISTORY + last, random);
    double[][][] open = sequences(before, settings.windows(), HISTORY, random);
    Split split = new Split(sequences(before, labels, HISTORY + 1, random));
    Weights tuned = withPhysics(after, false, first, split.learned, open, seed);
    double[] unharmed = errors(first, tests);
    double[] harmed = errors(tuned, tests);
    boolean dropped = split.drops(first, tuned);
    return List.of(
        outcome(Way.NO_TURN, 0, unharmed),
        outcome(Way.NO_TURN_WRONG_PHYSICS, labels, harmed),
        new Outcome(
            Way.NO_TURN_WRONG_PHYSICS_GATED, labels, dropped ? unharmed : harmed, true, dropped));
  }

  /** Labelled pairs, a quarter of which is held back. */
  private final class Split {
    final double[][][] learned;
    private final HeldBack heldBack;

    Split(double[][][] labelled) {
      int held = Math.max(1, labelled.length / 4);
      learned = Arrays.copyOf(labelled, labelled.length - held);
      heldBack =
          new HeldBack(
              samples(Arrays.copyOfRange(labelled, learned.length, labelled.length)), loss);
    }

    boolean drops(Weights first, Weights tuned) {
      return HeldBack.raised(lossOf(first, heldBack), lossOf(tuned, heldBack));
    }
  }

  private static Outcome outcome(Way way, int labels, double[] squares) {
    return new Outcome(way, labels, squares, false, false);
  }

  private List<Result> summary(List<Outcome> outcomes) {
    List<Result> results = new ArrayList<>();
    List<Integer> rows = new ArrayList<>(List.of(0));
    rows.addAll(settings.labels());
    for (int labels : rows) {
      for (Way way : Way.values()) {
        List<Outcome> of =
            outcomes.stream().filter(o -> o.way() == way && o.labels() == labels).toList();
        if (!of.isEmpty()) {
          List<Double> rmse = new ArrayList<>();
          List<Double> worst = new ArrayList<>();
          for (int i = 0; i < settings.leads().size(); i++) {
            int lead = i;
            rmse.add(
                Math.sqrt(of.stream().mapToDouble(o -> o.squares()[lead]).average().orElse(0)));
            worst.add(Math.sqrt(of.stream().mapToDouble(o -> o.squares()[lead]).max().orElse(0)));
          }
          int dropped = (int) of.stream().filter(Outcome::dropped).count();
          results.add(new Result(way, labels, rmse, worst, of.get(0).gated() ? dropped : -1));
        }
      }
    }
    return results;
  }

  private static double[][][] sequences(CarriedTracer world, int count, int length, Random random) {
    double[][][] sequences = new double[count][length][];
    for (double[][] sequence : sequences) {
      sequence[0] = world.draw(random);
      for (int i = 1; i < length; i++) {
        sequence[i] = world.after(sequence[i - 1]);
      }
    }
    return sequences;
  }

  /** Two fields, newest first, and the next one. */
  private Samples samples(double[][][] sequences) {
    return new Samples(stacked(sequences, 1, 0), stacked(sequences, HISTORY));
  }

  /** Fields of each sequence as channels, shape (sequences, fields, n, n). */
  private Tensor stacked(double[][][] sequences, int... fields) {
    float[] values = new float[sequences.length * fields.length * n * n];
    int next = 0;
    for (double[][] sequence : sequences) {
      for (int field : fields) {
        for (double value : sequence[field]) {
          values[next++] = (float) value;
        }
      }
    }
    return new Tensor(values, sequences.length, fields.length, n, n);
  }

  private Weights train(Samples pairs, int seed) {
    M2noSettings network =
        M2noSettings.forGrid(HISTORY, 1, n, n, true)
            .withPadding(Padding.CIRCULAR)
            .withResidual(true);
    try (M2no operator = M2no.create(network, seed)) {
      TrainingSettings training = TrainingSettings.of(settings.epochs()).withSeed(seed);
      return new Trainer(training, loss)
          .train(operator, pairs, pairs, TrainingListener.NONE)
          .weights();
    }
  }

  private Weights withPhysics(
      CarriedTracer assumed,
      boolean floored,
      Weights first,
      double[][][] labelled,
      double[][][] open,
      int seed) {
    try (StepResidual residual =
        new StepResidual(new AdvectionDiffusion(KAPPA), Surface.torus(n, n, n, n), 1, HISTORY)) {
      Size observed = residual.size(stacked(labelled, HISTORY), known(assumed, labelled));
      float[] ones = new float[n * n];
      Arrays.fill(ones, 1);
      double floor = floored ? observed.residual() : 0;
      Samples windows = new Samples(stacked(open, 1, 0), known(assumed, open));
      try (PhysicsTerm term =
          new PhysicsTerm(
              settings.weight(), residual, windows, 0, ones, floor, observed.tendency())) {
        return tune(first, samples(labelled), Optional.of(term), seed);
      }
    }
  }

  /** Winds, two fields, newest first, and a base of 0: these are whole fields already. */
  private Tensor known(CarriedTracer assumed, double[][][] sequences) {
    double[][][] channels = new double[sequences.length][][];
    for (int i = 0; i < channels.length; i++) {
      channels[i] =
          new double[][] {
            assumed.u(), assumed.v(), sequences[i][1], sequences[i][0], new double[n * n]
          };
    }
    return stacked(channels, 0, 1, 2, 3, 4);
  }

  private Weights tune(Weights first, Samples pairs, Optional<PhysicsTerm> physics, int seed) {
    FineTuneSettings tuning =
        new FineTuneSettings(
            new TuneScope.All(),
            settings.steps(),
            TrainingSettings.UNLIMITED,
            8,
            2e-3,
            1,
            1e-3,
            seed);
    try (M2no operator = M2no.load(first);
        LossTerm data = LossTerm.data(1, loss)) {
      List<LossTerm> terms = new ArrayList<>(List.of(data));
      physics.ifPresent(terms::add);
      return new FineTuner(tuning, terms)
          .tune(operator, pairs, Optional.empty(), settings.steps(), state -> {})
          .weights();
    }
  }

  private static double lossOf(Weights weights, HeldBack heldBack) {
    try (M2no operator = M2no.load(weights)) {
      return heldBack.of(operator);
    }
  }

  /** Mean square errors of each lead. */
  private double[] errors(Weights weights, double[][][] tests) {
    try (M2no operator = M2no.load(weights)) {
      return errors(operator::apply, tests);
    }
  }

  /** A step: from two fields, newest first, to the next. */
  @FunctionalInterface
  private interface Step {
    Tensor of(Tensor input);
  }

  private double[] errors(Step step, double[][][] tests) {
    double[] squares = new double[settings.leads().size()];
    Tensor newest = stacked(tests, HISTORY - 1);
    Tensor previous = stacked(tests, 0);
    int last = settings.leads().stream().mapToInt(Integer::intValue).max().orElseThrow();
    for (int lead = 1; lead <= last; lead++) {
      Tensor next = step.of(interleaved(newest, previous));
      previous = newest;
      newest = next;
      int at = settings.leads().indexOf(lead);
      if (at >= 0) {
        squares[at] = meanSquare(newest, stacked(tests, HISTORY - 1 + lead));
      }
    }
    return squares;
  }

  private Tensor interleaved(Tensor newest, Tensor previous) {
    int cells = n * n;
    int count = (int) newest.shape()[0];
    float[] values = new float[2 * count * cells];
    for (int i = 0; i < count; i++) {
      System.arraycopy(newest.values(), i * cells, values, 2 * i * cells, cells);
      System.arraycopy(previous.values(), i * cells, values, (2 * i + 1) * cells, cells);
    }
    return new Tensor(values, count, 2, n, n);
  }

  private static double meanSquare(Tensor a, Tensor b) {
    double sum = 0;
    for (int i = 0; i < a.values().length; i++) {
      double error = (double) a.values()[i] - b.values()[i];
      sum += error * error;
    }
    return sum / a.values().length;
  }
}
