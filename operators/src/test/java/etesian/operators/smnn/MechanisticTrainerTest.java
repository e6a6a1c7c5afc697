package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import etesian.operators.smnn.MechanisticTrainer.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MechanisticTrainerTest {
  private static final int CELLS = 80;

  /** The sum of two red noises of equal variance, with decay rates 0.7 and 0.04 per step. */
  private static float[][] twoModes(int times, long seed) {
    Random random = new Random(seed);
    double[] rates = {0.7, 0.04};
    double[][] state = new double[2][CELLS];
    float[][] series = new float[times][CELLS];
    for (int t = -100; t < times; t++) {
      for (int cell = 0; cell < CELLS; cell++) {
        double sum = 0;
        for (int m = 0; m < 2; m++) {
          double kept = Math.exp(-rates[m]);
          state[m][cell] =
              kept * state[m][cell] + Math.sqrt(1 - kept * kept) * random.nextGaussian();
          sum += state[m][cell];
        }
        if (t >= 0) {
          series[t][cell] = (float) sum;
        }
      }
    }
    return series;
  }

  private static double[] equalWeights() {
    double[] weights = new double[CELLS];
    Arrays.fill(weights, 1);
    return weights;
  }

  @Test
  void plantedDecayRatesAreFoundAgain() {
    float[][] series = twoModes(2000, 1);
    List<Double> losses = new ArrayList<>();
    Weights weights =
        MechanisticTrainer.train(
            Settings.fastAndSlow(24, 12),
            series,
            equalWeights(),
            IntStream.range(0, 1500).toArray(),
            IntStream.range(1500, 1965).toArray(),
            (i, of, training, validation) -> losses.add(training));
    List<Mode> modes = MechanisticForecaster.of(weights).mechanism().modes();
    assertThat(modes.get(0).rate()).isCloseTo(0.7, within(0.25));
    assertThat(modes.get(1).rate()).isCloseTo(0.04, within(0.01));
    assertThat(losses.get(losses.size() - 1)).isLessThan(0.97).isLessThan(losses.get(0));
  }

  @Test
  void theGradientIsTheSlopeOfTheLoss() {
    int history = 7;
    int horizon = 4;
    Moments moments =
        new Moments(
            twoModes(60, 2), equalWeights(), IntStream.range(0, 49).toArray(), history, horizon);
    Mechanism mechanism =
        Mechanism.starts(List.of(Law.RELAXATION, Law.OSCILLATION), horizon).get(0);
    Response response = new Response(mechanism, history, horizon);
    double[] gradient = response.gradient(moments.gradient(response.matrix()));
    assertThat(gradient).hasSize(9);
    for (int k = 0; k < gradient.length; k++) {
      double[] up = mechanism.logarithms();
      double[] down = mechanism.logarithms();
      up[k] += 1e-5;
      down[k] -= 1e-5;
      double slope = (loss(moments, mechanism, up) - loss(moments, mechanism, down)) / 2e-5;
      assertThat(gradient[k]).isCloseTo(slope, within(1e-7));
    }
  }

  private static double loss(Moments moments, Mechanism mechanism, double[] logarithms) {
    return moments.loss(new Response(mechanism.withLogarithms(logarithms), 7, 4).matrix());
  }

  /** The moments stand for the windows themselves. */
  @Test
  void theLossIsTheErrorOfTheForecastsRelativeToDampedPersistence() {
    float[][] series = twoModes(40, 3);
    int[] starts = {0, 5, 20};
    double[] weights = new Random(4).doubles(CELLS).toArray();
    weights[3] = 0;
    double[][] map = {{0.1, 0.2, 0.3}, {0.3, -0.1, 0.2}};
    double loss = 0;
    for (int lead = 0; lead < 2; lead++) {
      double error = 0;
      double yy = 0;
      double yz = 0;
      double zz = 0;
      for (int start : starts) {
        for (int cell = 0; cell < CELLS; cell++) {
          double z = series[start + 3 + lead][cell];
          double y = series[start + 2][cell];
          double forecast = 0;
          for (int j = 0; j < 3; j++) {
            forecast += map[lead][j] * series[start + j][cell];
          }
          error += weights[cell] * (forecast - z) * (forecast - z);
          yy += weights[cell] * y * y;
          yz += weights[cell] * y * z;
          zz += weights[cell] * z * z;
        }
      }
      loss += error / (zz - yz * yz / yy) / 2;
    }
    assertThat(new Moments(series, weights, starts, 3, 2).loss(map)).isCloseTo(loss, within(1e-12));
  }

  @Test
  void trainingEndsWithItsBudget() {
    List<Integer> iterations = new ArrayList<>();
    MechanisticTrainer.train(
        new Settings(6, 3, List.of(Law.RELAXATION), 1000, 1000, Duration.ZERO),
        twoModes(60, 5),
        equalWeights(),
        new int[] {0, 10, 20},
        new int[0],
        (i, of, training, validation) -> iterations.add(i));
    assertThat(iterations).containsExactly(1);
  }
}
