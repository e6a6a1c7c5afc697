package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.Tensor;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import etesian.operators.smnn.MechanisticTuner.Result;
import etesian.operators.smnn.MechanisticTuner.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Red noise whose decay has changed from the 0.1 that the mechanism knows to 0.5 per step. */
class MechanisticTunerTest {
  private static final int HISTORY = 6;
  private static final int HORIZON = 4;
  private static final int CELLS = 20;
  private static final int[] WINDOWS = IntStream.range(0, 300).toArray();

  @Test
  void theMechanismFollowsTheWorld() {
    Result result = tune(0, redNoise(0.5));
    assertThat(result.steps()).isEqualTo(80);
    assertThat(result.after()).isLessThan(0.95 * result.before());
    assertThat(factor(result)).isCloseTo(Math.exp(-0.5), within(0.1));
  }

  @Test
  void thePullHoldsItBack() {
    double free = factor(tune(0, redNoise(0.5)));
    double held = factor(tune(100, redNoise(0.5)));
    double start = factor(new Result(start().weights(), 0, 0, 0));
    assertThat(Math.abs(held - start)).isLessThan(0.2 * Math.abs(free - start));
  }

  @Test
  void withoutVarianceOrWithNumbersThatAreNoneItIsRefused() {
    assertThatThrownBy(() -> tune(0, new float[400][CELLS])).hasMessageContaining("no variance");
    float[][] missing = redNoise(0.5);
    missing[50][3] = Float.NaN;
    assertThatThrownBy(() -> tune(0, missing)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anInterruptOnTheWayEndsIt() {
    double[] cellWeights = new double[CELLS];
    Arrays.fill(cellWeights, 1);
    MechanismDescent.Reached reached =
        new MechanismDescent(new Settings(80, 0.1, 1, 0, Duration.ofMinutes(1)), TimeLimit.NONE)
            .from(
                start().mechanism(),
                new Moments(redNoise(0.5), cellWeights, WINDOWS, HISTORY, HORIZON),
                (steps, mechanism, map, loss) -> {
                  if (steps == 3) {
                    Thread.currentThread().interrupt();
                  }
                  return true;
                });
    assertThat(Thread.interrupted()).as("said on").isTrue();
    assertThat(reached.steps()).isEqualTo(3);
    assertThat(reached.after()).isLessThan(reached.before());
  }

  private static Result tune(double l2sp, float[][] series) {
    double[] cellWeights = new double[CELLS];
    Arrays.fill(cellWeights, 1);
    Settings settings = new Settings(80, 0.1, 1, l2sp, Duration.ofMinutes(1));
    return MechanisticTuner.tune(settings, start(), series, cellWeights, WINDOWS);
  }

  /** The forecast of the first lead from a history of ones. */
  private static double factor(Result result) {
    float[] ones = new float[HISTORY];
    Arrays.fill(ones, 1);
    return MechanisticForecaster.of(result.weights())
        .apply(new Tensor(ones, 1, HISTORY, 1, 1))
        .values()[0];
  }

  private static MechanisticForecaster start() {
    Mode mode = new Mode(Law.RELAXATION, 0.1, 0, 1, 1, 1);
    return new MechanisticForecaster(new Mechanism(List.of(mode)), HISTORY, HORIZON);
  }

  private static float[][] redNoise(double rate) {
    Random random = new Random(1);
    double kept = Math.exp(-rate);
    double[] state = new double[CELLS];
    float[][] series = new float[WINDOWS.length + HISTORY + HORIZON][CELLS];
    for (float[] field : series) {
      for (int cell = 0; cell < CELLS; cell++) {
        state[cell] = kept * state[cell] + Math.sqrt(1 - kept * kept) * random.nextGaussian();
        field[cell] = (float) state[cell];
      }
    }
    return series;
  }
}
