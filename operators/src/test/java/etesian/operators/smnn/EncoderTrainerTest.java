package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EncoderTrainerTest {
  private static final int HISTORY = 16;
  private static final int HORIZON = 4;
  private static final int CELLS = 40;
  private static final int TIMES = 500;
  private static final int[] TRAINING = IntStream.range(0, 380).toArray();
  private static final int[] VALIDATION = IntStream.range(400, 480).toArray();
  private static final Mechanism MECHANISM =
      new Mechanism(
          List.of(
              new Mode(Law.RELAXATION, 0.2, 0, 1, 1, 0.5),
              new Mode(Law.OSCILLATION, 0.3, 0.6, 0.3, 1, 1)));

  /** Red noise of unit variance: cells of even index forget within 2 steps, the others in 20. */
  private static float[][] fastAndSlowCells() {
    Random random = new Random(8);
    double[] state = new double[CELLS];
    float[][] series = new float[TIMES][CELLS];
    for (int t = -60; t < TIMES; t++) {
      for (int cell = 0; cell < CELLS; cell++) {
        double kept = Math.exp(cell % 2 == 0 ? -0.5 : -0.05);
        state[cell] = kept * state[cell] + Math.sqrt(1 - kept * kept) * random.nextGaussian();
        if (t >= 0) {
          series[t][cell] = (float) state[cell];
        }
      }
    }
    return series;
  }

  private static double[] weights() {
    double[] weights = new double[CELLS];
    Arrays.setAll(weights, cell -> cell == 3 ? 0 : 1 + cell % 3);
    return weights;
  }

  private static EncoderTrainer.Settings settings(int epochs, long seed) {
    return new EncoderTrainer.Settings(
        8, epochs, 12, 128, 3e-2, 1, 3e-2, 100, seed, Duration.ofMinutes(5));
  }

  private static EncoderTrainer trainer(EncoderTrainer.Settings settings, Mechanism mechanism) {
    return new EncoderTrainer(
        settings,
        new MechanisticForecaster(mechanism, HISTORY, HORIZON),
        fastAndSlowCells(),
        weights(),
        TRAINING,
        VALIDATION);
  }

  @Test
  void cellsThatForgetAtDifferentRatesAreToldApartByTheirHistory() {
    float[][] series = fastAndSlowCells();
    EncoderTrainer trainer = trainer(settings(12, 1), fitted(series));
    trainer.train((epoch, of, training, validation) -> {});
    assertThat(trainer.bestLoss()).isLessThan(0.98 * trainer.initialLoss());
    float[] map = eFoldingSteps(MechanisticForecaster.of(trainer.weights()), series);
    double fast = 0;
    double slow = 0;
    for (int i = 0; i < map.length; i++) {
      if (i % 2 == 0) {
        fast += map[i];
      } else {
        slow += map[i];
      }
    }
    assertThat(slow).isGreaterThan(1.3 * fast);
  }

  /** One relaxation for all cells, as good as one law can be. */
  private static Mechanism fitted(float[][] series) {
    Weights weights =
        MechanisticTrainer.train(
            new MechanisticTrainer.Settings(
                HISTORY, HORIZON, List.of(Law.RELAXATION), 200, 200, Duration.ofMinutes(1)),
            series,
            weights(),
            TRAINING,
            VALIDATION,
            (i, of, training, validation) -> {});
    return MechanisticForecaster.of(weights).mechanism();
  }

  private static float[] eFoldingSteps(MechanisticForecaster forecaster, float[][] series) {
    int[] newest = IntStream.iterate(420, t -> t + 8).limit(8).toArray();
    float[] values = new float[newest.length * HISTORY * CELLS];
    for (int b = 0; b < newest.length; b++) {
      for (int j = 0; j < HISTORY; j++) {
        System.arraycopy(
            series[newest[b] - HISTORY + 1 + j], 0, values, (b * HISTORY + j) * CELLS, CELLS);
      }
    }
    Coefficients coefficients =
        forecaster.coefficients(new Tensor(values, newest.length, HISTORY, 1, CELLS));
    assertThat(coefficients.names())
        .containsExactly("relaxation_1.e_folding_steps", "relaxation_1.target");
    float[] all = coefficients.values().values();
    float[] map = new float[newest.length * CELLS];
    for (int b = 0; b < newest.length; b++) {
      System.arraycopy(all, 2 * b * CELLS, map, b * CELLS, CELLS);
    }
    return map;
  }

  @Test
  void trainingBeginsWithTheLossOfTheMechanism() {
    Moments moments = new Moments(fastAndSlowCells(), weights(), VALIDATION, HISTORY, HORIZON);
    double loss = moments.loss(new Response(MECHANISM, HISTORY, HORIZON).matrix());
    assertThat(trainer(settings(1, 1), MECHANISM).initialLoss()).isCloseTo(loss, within(1e-10));
  }

  @Test
  void theGradientOfAStepIsTheSlopeOfItsLoss() {
    EncoderTrainer trainer = trainer(settings(1, 1), MECHANISM);
    trainer.train((epoch, of, training, validation) -> {});
    long[] samples = {0, 17, 500, 9000};
    double[] gradient = trainer.step(samples).gradient();
    double[] parameters = trainer.parameters();
    assertThat(gradient).hasSameSizeAs(parameters);
    for (int k = 0; k < parameters.length; k += 7) {
      double value = parameters[k];
      parameters[k] = value + 1e-5;
      double up = trainer.step(samples).loss();
      parameters[k] = value - 1e-5;
      double down = trainer.step(samples).loss();
      parameters[k] = value;
      assertThat(gradient[k]).as("parameter %d", k).isCloseTo((up - down) / 2e-5, within(1e-7));
    }
  }

  @Test
  void aRunThatStoppedAndWentOnEqualsOneThatDidNot() {
    List<Double> losses = new ArrayList<>();
    EncoderTrainer whole = trainer(settings(4, 1), MECHANISM);
    byte[][] midway = new byte[1][];
    whole.train(
        (epoch, of, training, validation) -> {
          losses.add(validation);
          if (epoch == 2) {
            midway[0] = whole.state();
          }
        });
    EncoderTrainer second = trainer(settings(4, 1), MECHANISM);
    second.restore(midway[0]);
    List<Double> rest = new ArrayList<>();
    second.train((epoch, of, training, validation) -> rest.add(validation));
    assertThat(rest).isEqualTo(losses.subList(2, 4));
    assertThat(second.state()).isEqualTo(whole.state());
    assertThat(second.weights()).isEqualTo(whole.weights());
  }

  @Test
  void theSeedDecidesARun() {
    byte[][] states = new byte[3][];
    for (int i = 0; i < 3; i++) {
      EncoderTrainer trainer = trainer(settings(1, i / 2), MECHANISM);
      trainer.train((epoch, of, training, validation) -> {});
      states[i] = trainer.state();
    }
    assertThat(states[1]).isEqualTo(states[0]);
    assertThat(states[2]).isNotEqualTo(states[0]);
  }

  @Test
  void aStateOfAnotherRunIsRefused() {
    byte[] state = trainer(settings(4, 1), MECHANISM).state();
    EncoderTrainer other = trainer(settings(4, 2), MECHANISM);
    assertThatThrownBy(() -> other.restore(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("seed=1")
        .hasMessageContaining("seed=2");
    assertThatThrownBy(() -> other.restore(new byte[] {1, 2}))
        .hasMessageContaining("not the state");
  }

  @Test
  void trainingEndsWithItsPatience() {
    EncoderTrainer.Settings hasty =
        new EncoderTrainer.Settings(4, 50, 1, 8, 0.5, 1, 0, 2, 1, Duration.ofMinutes(5));
    EncoderTrainer trainer = trainer(hasty, MECHANISM);
    List<Double> losses = new ArrayList<>();
    trainer.train((epoch, of, training, validation) -> losses.add(validation));
    assertThat(losses).hasSizeLessThan(50);
    assertThat(losses.subList(losses.size() - 2, losses.size()))
        .allSatisfy(loss -> assertThat(loss).isGreaterThanOrEqualTo(trainer.bestLoss()));
  }

  @Test
  void aFileHoldsTheEncoderToo() {
    EncoderTrainer trainer = trainer(settings(1, 1), MECHANISM);
    trainer.train((epoch, of, training, validation) -> {});
    Weights weights = trainer.weights();
    MechanisticForecaster forecaster = MechanisticForecaster.of(weights);
    MechanisticForecaster again =
        MechanisticForecaster.of(SafeTensors.read(SafeTensors.write(weights)));
    float[] values = new float[2 * HISTORY * 300];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) new Random(i).nextGaussian();
    }
    Tensor input = new Tensor(values, 2, HISTORY, 3, 100); // more cells than go at once
    Tensor forecast = forecaster.apply(input);
    assertThat(again.apply(input)).isEqualTo(forecast);
    assertThat(forecast.shape()).containsExactly(2, HORIZON, 3, 100);
    assertThat(again.weights()).isEqualTo(weights);
    assertThat(forecaster.coefficients(input).values().shape()).containsExactly(2, 6, 3, 100);
    float[] one = new float[HISTORY];
    for (int j = 0; j < HISTORY; j++) {
      one[j] = values[(HISTORY + j) * 300 + 299];
    }
    float[] alone = forecaster.apply(new Tensor(one, 1, HISTORY, 1, 1)).values();
    for (int lead = 0; lead < HORIZON; lead++) {
      assertThat(forecast.values()[(HORIZON + lead) * 300 + 299]).isEqualTo(alone[lead]);
    }
  }
}
