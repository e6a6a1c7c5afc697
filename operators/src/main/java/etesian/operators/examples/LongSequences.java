package etesian.operators.examples;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.operators.smnn.MechanisticTuner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.QRDecomposition;

/**
 * S-MNN over {@value #SPAN} steps in and {@value #SPAN} steps out, as in the sea surface experiment
 * of its paper (weekly fields, four years from four years, every cell a trajectory, the last window
 * for the test), under the paper's protocol and under an honest one.
 *
 * <p>The paper's has two leaks: the first {@value #GIVEN} steps of the target are given to the
 * forecast as initial values and scored with the rest, and values are standardised by the mean and
 * deviation of the whole array, the target included. It scores the mean square error in that unit,
 * all cells alike, with the annual cycle in it. The honest one knows nothing after the issue time:
 * the annual cycle and the scales are those of the past, the forecast starts from the last step
 * that is in, cells count by their area, and references stand beside it.
 */
public final class LongSequences {
  /** Steps that are seen, and steps that are forecast. */
  public static final int SPAN = 208;

  /** Steps of the target that the paper's protocol gives away. */
  public static final int GIVEN = 10;

  private static final double WEEKS_PER_YEAR = 365.2425 / 7;
  private static final int WEEKS = 1727;
  private static final int CELLS = 60;
  private static final double SLOW_PERIOD = 190;
  private static final double SLOW_DECAY = 1.0 / 400;
  private static final double FAST_DECAY = 1.0 / 8;
  private static final double FAST_DEVIATION = 0.5;
  private static final int HARMONICS = 2;

  private LongSequences() {}

  /**
   * A series.
   *
   * @param name of it
   * @param values [time][cell]; NaN where a cell has none, which then never has one
   * @param areas of the cells
   * @param stepsPerYear of the annual cycle
   * @param ideal the best forecast of the last {@value #SPAN} times, [time][cell], by one who knows
   *     the law and the state of the world; null where nobody does
   */
  public record World(
      String name, float[][] values, double[] areas, double stepsPerYear, float[][] ideal) {
    public World {
      if (values.length < 3 * SPAN + 1) {
        throw new IllegalArgumentException(
            name + " has " + values.length + " times, at least " + (3 * SPAN + 1) + " are needed");
      }
    }

    /** First step of the target. */
    int issue() {
      return values.length - SPAN;
    }
  }

  /**
   * As many weeks as the paper has: in every cell an annual cycle of amplitude 4, an oscillation of
   * {@value #SLOW_PERIOD} weeks that is driven by noise and forgets within 400, deviation 1, and
   * red noise of deviation {@value #FAST_DEVIATION}.
   */
  public static World simulated(long seed) {
    Random random = new Random(seed);
    float[][] values = new float[WEEKS][CELLS];
    float[][] ideal = new float[SPAN][CELLS];
    double[] areas = new double[CELLS];
    double turn = 2 * Math.PI / SLOW_PERIOD;
    double kept = Math.exp(-SLOW_DECAY);
    double fastKept = Math.exp(-FAST_DECAY);
    for (int cell = 0; cell < CELLS; cell++) {
      double latitude = Math.toRadians(-60 + 120.0 * cell / (CELLS - 1));
      areas[cell] = Math.cos(latitude);
      double real = random.nextGaussian(); // the oscillation as a number that turns
      double imaginary = random.nextGaussian();
      double fast = FAST_DEVIATION * random.nextGaussian();
      for (int week = 0; week < WEEKS; week++) {
        values[week][cell] = (float) (normal(latitude, week) + real + fast);
        if (week == WEEKS - SPAN - 1) { // the newest that a forecast knows
          for (int lead = 1; lead <= SPAN; lead++) {
            double oscillation =
                Math.pow(kept, lead)
                    * (Math.cos(turn * lead) * real - Math.sin(turn * lead) * imaginary);
            ideal[lead - 1][cell] =
                (float)
                    (normal(latitude, week + lead) + oscillation + Math.pow(fastKept, lead) * fast);
          }
        }
        double drive = Math.sqrt(1 - kept * kept);
        double before = real;
        real =
            kept * (Math.cos(turn) * real - Math.sin(turn) * imaginary)
                + drive * random.nextGaussian();
        imaginary =
            kept * (Math.sin(turn) * before + Math.cos(turn) * imaginary)
                + drive * random.nextGaussian();
        fast =
            fastKept * fast
                + FAST_DEVIATION * Math.sqrt(1 - fastKept * fastKept) * random.nextGaussian();
      }
    }
    return new World("simulated", values, areas, WEEKS_PER_YEAR, ideal);
  }

  private static double normal(double latitude, int week) {
    return 15 + 4 * Math.sin(latitude) * Math.cos(2 * Math.PI * week / WEEKS_PER_YEAR);
  }

  /**
   * One line of the result.
   *
   * @param protocol under which it was scored
   * @param forecast who made it
   * @param mse mean square error over the target, in the unit of the protocol: 1 is the variance
   * @param rmse the same as a root, in the unit of the values
   */
  public record Row(String protocol, String forecast, double mse, double rmse) {}

  /**
   * Trains and scores everything.
   *
   * @param steps of the optimiser for each of the mechanisms
   * @param progress told the share of the work that is done
   */
  public static List<Row> run(World world, int steps, DoubleConsumer progress) {
    List<Row> rows = new ArrayList<>();
    double[] whole = statistics(world, world.values().length);
    double[] past = statistics(world, world.issue());
    float[][] leaked = standardised(world, whole);
    float[][] clean = standardised(world, past);
    double[] alike = weights(world, false);
    double[] byArea = weights(world, true);
    Mechanism cycle = withAnnualCycle(world.stepsPerYear());
    progress.accept(0);
    Weights given = fit(cycle, leaked, alike, SPAN + GIVEN, SPAN - GIVEN, world.issue(), steps);
    rows.add(
        row(
            "paper",
            "S-MNN",
            score(forecast(given, leaked, world.issue() + GIVEN, GIVEN), tail(leaked), alike),
            whole[1]));
    progress.accept(1.0 / 3);
    Weights none = fit(cycle, clean, alike, SPAN, SPAN, world.issue(), steps);
    rows.add(
        row(
            "paper, nothing given",
            "S-MNN",
            score(forecast(none, leaked, world.issue(), 0), tail(leaked), alike),
            whole[1]));
    rows.add(
        row(
            "paper, nothing given, statistics of the past",
            "S-MNN",
            score(forecast(none, clean, world.issue(), 0), tail(clean), alike),
            past[1]));
    progress.accept(2.0 / 3);
    rows.addAll(honest(world, byArea, steps));
    progress.accept(1);
    return rows;
  }

  private static Row row(String protocol, String forecast, double mse, double scale) {
    return new Row(protocol, forecast, mse, scale * Math.sqrt(mse));
  }

  private static List<Row> honest(World world, double[] byArea, int steps) {
    float[][] anomalies = anomalies(world);
    double scale = deviation(anomalies, byArea, world.issue());
    for (float[] field : anomalies) {
      for (int cell = 0; cell < field.length; cell++) {
        field[cell] /= (float) scale;
      }
    }
    Weights mechanism = fit(slow(), anomalies, byArea, SPAN, SPAN, world.issue(), steps);
    float[][] smnn = forecast(mechanism, anomalies, world.issue(), 0);
    float[][] target = tail(anomalies);
    float[] newest = anomalies[world.issue() - 1];
    float[][] normal = new float[SPAN][newest.length];
    float[][] persistence = new float[SPAN][];
    float[][] damped = new float[SPAN][newest.length];
    for (int lead = 0; lead < SPAN; lead++) {
      persistence[lead] = newest;
      double left = left(anomalies, byArea, world.issue(), lead + 1);
      for (int cell = 0; cell < newest.length; cell++) {
        damped[lead][cell] = (float) (left * newest[cell]);
      }
    }
    List<Row> rows = new ArrayList<>();
    rows.add(row("honest", "S-MNN", score(smnn, target, byArea), scale));
    rows.add(row("honest", "climatology", score(normal, target, byArea), scale));
    rows.add(row("honest", "anomaly persistence", score(persistence, target, byArea), scale));
    rows.add(row("honest", "damped anomaly", score(damped, target, byArea), scale));
    if (world.ideal() != null) {
      double mse = score(world.ideal(), tail(world.values()), byArea) / (scale * scale);
      rows.add(row("honest", "the world's law and state", mse, scale));
    }
    return rows;
  }

  /** Mean and deviation of all values before a time. */
  private static double[] statistics(World world, int end) {
    double sum = 0;
    double squares = 0;
    long count = 0;
    for (int t = 0; t < end; t++) {
      for (float value : world.values()[t]) {
        if (!Float.isNaN(value)) {
          sum += value;
          squares += (double) value * value;
          count++;
        }
      }
    }
    double mean = sum / count;
    return new double[] {mean, Math.sqrt(squares / count - mean * mean)};
  }

  private static float[][] standardised(World world, double[] meanAndDeviation) {
    float[][] all = new float[world.values().length][world.areas().length];
    for (int t = 0; t < all.length; t++) {
      for (int cell = 0; cell < all[t].length; cell++) {
        float value = world.values()[t][cell];
        all[t][cell] =
            Float.isNaN(value) ? 0 : (float) ((value - meanAndDeviation[0]) / meanAndDeviation[1]);
      }
    }
    return all;
  }

  /** Without mean and annual harmonics of the past, cell by cell; 0 where there is no value. */
  private static float[][] anomalies(World world) {
    int times = world.values().length;
    double[][] features = new double[times][2 * HARMONICS + 1];
    for (int t = 0; t < times; t++) {
      features[t][0] = 1;
      for (int k = 1; k <= HARMONICS; k++) {
        double angle = 2 * Math.PI * k * t / world.stepsPerYear();
        features[t][2 * k - 1] = Math.cos(angle);
        features[t][2 * k] = Math.sin(angle);
      }
    }
    double[][] past = new double[world.issue()][world.areas().length];
    for (int t = 0; t < past.length; t++) {
      for (int cell = 0; cell < past[t].length; cell++) {
        float value = world.values()[t][cell];
        past[t][cell] = Float.isNaN(value) ? 0 : value;
      }
    }
    double[][] coefficients =
        new QRDecomposition(new Array2DRowRealMatrix(Arrays.copyOf(features, world.issue()), false))
            .getSolver()
            .solve(new Array2DRowRealMatrix(past, false))
            .getData();
    float[][] anomalies = new float[times][world.areas().length];
    for (int t = 0; t < times; t++) {
      for (int cell = 0; cell < anomalies[t].length; cell++) {
        double normal = 0;
        for (int i = 0; i < features[t].length; i++) {
          normal += features[t][i] * coefficients[i][cell];
        }
        float value = world.values()[t][cell];
        anomalies[t][cell] = Float.isNaN(value) ? 0 : (float) (value - normal);
      }
    }
    return anomalies;
  }

  private static double[] weights(World world, boolean byArea) {
    double[] weights = new double[world.areas().length];
    for (int cell = 0; cell < weights.length; cell++) {
      boolean present = true;
      for (float[] field : world.values()) {
        present &= !Float.isNaN(field[cell]);
      }
      weights[cell] = !present ? 0 : byArea ? world.areas()[cell] : 1;
    }
    return weights;
  }

  private static double deviation(float[][] anomalies, double[] weights, int end) {
    double squares = 0;
    for (int t = 0; t < end; t++) {
      for (int cell = 0; cell < weights.length; cell++) {
        squares += weights[cell] * anomalies[t][cell] * anomalies[t][cell];
      }
    }
    return Math.sqrt(squares / end / Arrays.stream(weights).sum());
  }

  /** What is left of an anomaly after some steps, one number for all cells, from the past. */
  private static double left(float[][] anomalies, double[] weights, int end, int lead) {
    double product = 0;
    double square = 0;
    for (int t = 0; t + lead < end; t++) {
      for (int cell = 0; cell < weights.length; cell++) {
        product += weights[cell] * anomalies[t][cell] * anomalies[t + lead][cell];
        square += weights[cell] * anomalies[t][cell] * anomalies[t][cell];
      }
    }
    return product / square;
  }

  /** A year, four years, eight steps to begin with; the year is known and forgets nothing. */
  private static Mechanism withAnnualCycle(double stepsPerYear) {
    return new Mechanism(
        List.of(
            new Mode(Law.OSCILLATION, 1e-4, 2 * Math.PI / stepsPerYear, 1, 100, 0.01),
            new Mode(Law.OSCILLATION, 1.0 / SPAN, 2 * Math.PI / SPAN, 1, 3, 0.1),
            new Mode(Law.RELAXATION, 1.0 / 8, 0, 1, 1, 1)));
  }

  private static Mechanism slow() {
    return new Mechanism(
        List.of(
            new Mode(Law.OSCILLATION, 1.0 / SPAN, 2 * Math.PI / SPAN, 1, 3, 0.1),
            new Mode(Law.RELAXATION, 1.0 / 8, 0, 1, 1, 1)));
  }

  /** On all windows that end before the issue time. */
  private static Weights fit(
      Mechanism start,
      float[][] series,
      double[] weights,
      int history,
      int horizon,
      int issue,
      int steps) {
    return MechanisticTuner.tune(
            new MechanisticTuner.Settings(steps, 0.1, 1, 0, Duration.ofHours(1)),
            new MechanisticForecaster(start, history, horizon),
            series,
            weights,
            IntStream.range(0, issue - history - horizon + 1).toArray())
        .weights();
  }

  /**
   * The whole target.
   *
   * @param from first step that is forecast
   * @param given steps of the target before it, which are as they were
   */
  private static float[][] forecast(Weights weights, float[][] series, int from, int given) {
    MechanisticForecaster forecaster = MechanisticForecaster.of(weights);
    int cells = series[0].length;
    float[] input = new float[forecaster.history() * cells];
    for (int j = 0; j < forecaster.history(); j++) {
      System.arraycopy(series[from - forecaster.history() + j], 0, input, j * cells, cells);
    }
    float[] out = forecaster.apply(new Tensor(input, 1, forecaster.history(), 1, cells)).values();
    float[][] target = new float[SPAN][];
    for (int lead = 0; lead < SPAN; lead++) {
      target[lead] =
          lead < given
              ? series[from - given + lead]
              : Arrays.copyOfRange(out, (lead - given) * cells, (lead - given + 1) * cells);
    }
    return target;
  }

  private static double score(float[][] forecast, float[][] series, double[] weights) {
    double squares = 0;
    for (int lead = 0; lead < SPAN; lead++) {
      for (int cell = 0; cell < weights.length; cell++) {
        if (weights[cell] > 0) {
          double error = (double) forecast[lead][cell] - series[lead][cell];
          squares += weights[cell] * error * error;
        }
      }
    }
    return squares / SPAN / Arrays.stream(weights).sum();
  }

  /** The target. */
  private static float[][] tail(float[][] series) {
    return Arrays.copyOfRange(series, series.length - SPAN, series.length);
  }
}
