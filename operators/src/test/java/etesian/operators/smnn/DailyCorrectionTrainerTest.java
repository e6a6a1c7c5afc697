package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.smnn.DailyCorrectionTrainer.Hours;
import etesian.operators.smnn.DailyCorrectionTrainer.Result;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One pattern of four cells, of which a share remains that depends on the quarter of the day. */
class DailyCorrectionTrainerTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int HISTORY = 5;
  private static final int HORIZON = 3;
  private static final int TIMES = 3000;
  private static final double[] KEPT = {0.95, 0.4, 0.8, 0.1};
  private static final double[] STEADY = {0.6, 0.6, 0.6, 0.6};
  private static final float[] PATTERN = {1, 2, -1, 0.5f};
  private static final int[] TRAINING = IntStream.range(0, 2200).toArray();
  private static final int[] VALIDATION = IntStream.range(2210, TIMES - 8).toArray();

  @Test
  void everyQuarterOfTheDayGetsItsOwnCoefficients() {
    Result result = train(KEPT);
    assertThat(result.worthwhile()).isTrue();
    assertThat(result.ratio()).isLessThan(0.95);
    try (MechanisticForecaster forecaster = MechanisticForecaster.of(result.weights())) {
      for (int phase = 0; phase < 4; phase++) {
        float[] forecast = forecast(forecaster, phase);
        for (int cell = 0; cell < PATTERN.length; cell++) {
          assertThat(forecast[cell]).isCloseTo((float) KEPT[phase] * PATTERN[cell], within(0.2f));
          assertThat(forecast[PATTERN.length + cell])
              .isCloseTo(
                  (float) (KEPT[phase] * KEPT[(phase + 1) % 4]) * PATTERN[cell], within(0.2f));
        }
      }
    }
  }

  @Test
  void whereAllHoursAreAlikeItIsNotWorthwhile() {
    Weights plain =
        MechanisticTrainer.train(
            MechanisticTrainer.Settings.fastAndSlow(HISTORY, HORIZON),
            world(STEADY, 1),
            ones(),
            TRAINING,
            VALIDATION,
            (iteration, of, loss, judged) -> {});
    Result result =
        DailyCorrectionTrainer.byHour(
            MechanisticForecaster.of(plain), hours(world(STEADY, 1)), TRAINING, VALIDATION);
    assertThat(result.worthwhile()).isFalse();
  }

  @Test
  void aFileHoldsAllOfIt() {
    Result result = train(KEPT);
    try (MechanisticForecaster forecaster = MechanisticForecaster.of(result.weights());
        MechanisticForecaster again = MechanisticForecaster.of(forecaster.weights())) {
      assertThat(again.phases()).isEqualTo(4);
      assertThat(again.inputChannels()).isEqualTo(HISTORY + 2);
      assertThat(forecast(again, 2)).isEqualTo(forecast(forecaster, 2));
    }
    Map<String, Tensor> incomplete = new HashMap<>(result.weights().tensors());
    incomplete.remove("daily.weight");
    assertThatThrownBy(
            () -> MechanisticForecaster.of(new Weights(result.weights().metadata(), incomplete)))
        .hasMessageContaining("daily.weight")
        .hasMessageContaining("expected");
  }

  @Test
  void zerosGiveZerosAndOtherGridsAreRefused() {
    try (MechanisticForecaster forecaster = MechanisticForecaster.of(train(KEPT).weights())) {
      float[] input = new float[(HISTORY + 2) * 4];
      Arrays.fill(input, (HISTORY + 1) * 4, input.length, 1);
      assertThat(forecaster.apply(new Tensor(input, 1, HISTORY + 2, 2, 2)).values())
          .containsOnly(0f);
      assertThatThrownBy(
              () ->
                  forecaster.apply(new Tensor(new float[(HISTORY + 2) * 2], 1, HISTORY + 2, 1, 2)))
          .hasMessageContaining("expected 4");
      assertThatThrownBy(
              () -> forecaster.apply(new Tensor(new float[HISTORY * 4], 1, HISTORY, 2, 2)))
          .hasMessageContaining("expected (batch, " + (HISTORY + 2));
    }
  }

  @Test
  void batchesAreForecastEachByItsOwnHour() {
    try (MechanisticForecaster forecaster = MechanisticForecaster.of(train(KEPT).weights())) {
      float[] both = new float[2 * (HISTORY + 2) * 4];
      System.arraycopy(input(1), 0, both, 0, (HISTORY + 2) * 4);
      System.arraycopy(input(3), 0, both, (HISTORY + 2) * 4, (HISTORY + 2) * 4);
      float[] out = forecaster.apply(new Tensor(both, 2, HISTORY + 2, 2, 2)).values();
      assertThat(Arrays.copyOf(out, 4 * HORIZON)).isEqualTo(forecast(forecaster, 1));
      assertThat(Arrays.copyOfRange(out, 4 * HORIZON, out.length))
          .isEqualTo(forecast(forecaster, 3));
    }
  }

  @Test
  void aLessonFollowsTheWorldAndThePullHoldsItBack() {
    MechanisticForecaster start = MechanisticForecaster.of(train(KEPT).weights());
    float[][] changed = world(new double[] {0.2, 0.4, 0.8, 0.1}, 5);
    Result free = DailyCorrectionTrainer.tune(start, hours(changed), TRAINING, 0, LONG);
    Result held = DailyCorrectionTrainer.tune(start, hours(changed), TRAINING, 1000, LONG);
    assertThat(first(free)).isCloseTo(0.2f, within(0.2f));
    assertThat(first(held)).isCloseTo(0.95f, within(0.2f));
  }

  @Test
  void aLessonFromNumbersThatAreNoneOrWithoutACorrectionIsRefused() {
    MechanisticForecaster start = MechanisticForecaster.of(train(KEPT).weights());
    float[][] missing = world(KEPT, 1);
    missing[100][2] = Float.NaN;
    assertThatThrownBy(() -> DailyCorrectionTrainer.tune(start, hours(missing), TRAINING, 0, LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
    assertThatThrownBy(
            () ->
                DailyCorrectionTrainer.tune(mechanism(), hours(world(KEPT, 1)), TRAINING, 0, LONG))
        .hasMessageContaining("expected one of 4");
  }

  @Test
  void aLessonThatIsOutOfTimeOrInterruptedHasNoHalfResult() {
    MechanisticForecaster start = MechanisticForecaster.of(train(KEPT).weights());
    Hours hours = hours(world(KEPT, 1));
    assertThatThrownBy(
            () -> DailyCorrectionTrainer.tune(start, hours, TRAINING, 0, Duration.ofNanos(1)))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("time was over");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> DailyCorrectionTrainer.tune(start, hours, TRAINING, 0, LONG))
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("interrupted");
    } finally {
      assertThat(Thread.interrupted()).as("said on").isTrue();
    }
  }

  /** A cell that tells another's next value: no cell by itself can know it. */
  @Test
  void whatOneCellTellsOfAnotherIsLearnedWhereAllTimesAreAlike() {
    Result result = DailyCorrectionTrainer.ofAllTimes(mechanism(), led(1), pair(), TRAINING);
    assertThat(result.worthwhile()).isTrue();
    try (MechanisticForecaster forecaster = MechanisticForecaster.of(result.weights())) {
      assertThat(forecaster.phases()).isEqualTo(1);
      assertThat(forecaster.inputChannels()).isEqualTo(HISTORY);
      float[] input = new float[HISTORY * 2];
      input[2 * (HISTORY - 1)] = 1; // the leading cell, now
      float[] forecast = forecaster.apply(new Tensor(input, 1, HISTORY, 1, 2)).values();
      assertThat(forecast[1]).as("the follower, one step ahead").isCloseTo(0.9f, within(0.1f));
      assertThat(forecast[3]).as("the follower, two steps ahead").isCloseTo(0f, within(0.1f));
    }
  }

  @Test
  void cellsThatKnowNothingOfEachOtherStayAsTheyAre() {
    Weights plain = fitted(noise());
    Result result =
        DailyCorrectionTrainer.ofAllTimes(
            MechanisticForecaster.of(plain), noise(), pair(), TRAINING);
    assertThat(result.worthwhile()).isFalse();
    assertThat(result.ratio()).isGreaterThan(0.995);
  }

  /** The best of many strengths at the best of many leads is better in the sum of a few windows. */
  @Test
  void ofShortSeriesLuckIsSeldomTakenForKnowledge() {
    int[] few = IntStream.range(0, 50).toArray();
    long kept =
        IntStream.range(0, 40)
            .filter(
                seed -> {
                  MechanisticForecaster own =
                      MechanisticForecaster.of(fitted(apart(seed), eight(), few));
                  return DailyCorrectionTrainer.ofAllTimes(own, apart(seed), eight(), few)
                      .worthwhile();
                })
            .count();
    assertThat(kept).isLessThanOrEqualTo(8);
  }

  @Test
  void ofTooFewWindowsNothingIsLearned() {
    int[] few = IntStream.range(0, HORIZON).toArray();
    Result result = DailyCorrectionTrainer.ofAllTimes(mechanism(), led(1), pair(), few);
    assertThat(result.worthwhile()).isFalse();
    assertThat(result.weights().tensors()).isEqualTo(mechanism().weights().tensors());
  }

  @Test
  void aLessonOfTheModesKeepsTheCorrection() {
    Weights corrected =
        DailyCorrectionTrainer.ofAllTimes(mechanism(), led(1), pair(), TRAINING).weights();
    MechanisticTuner.Settings settings =
        new MechanisticTuner.Settings(5, 0.02, 1, 0, Duration.ofMinutes(1));
    Weights tuned =
        MechanisticTuner.tune(
                settings, MechanisticForecaster.of(corrected), led(2), pair(), TRAINING)
            .weights();
    assertThat(tuned.tensors().get("rate").values())
        .isNotEqualTo(corrected.tensors().get("rate").values());
    assertThat(tuned.tensors().get("daily.weight").values())
        .isEqualTo(corrected.tensors().get("daily.weight").values());
  }

  private static Weights fitted(float[][] series) {
    return fitted(series, pair(), TRAINING);
  }

  private static Weights fitted(float[][] series, double[] cellWeights, int[] windows) {
    return MechanisticTrainer.train(
        MechanisticTrainer.Settings.fastAndSlow(HISTORY, HORIZON),
        series,
        cellWeights,
        windows,
        new int[0],
        (iteration, of, loss, judged) -> {});
  }

  private static double[] pair() {
    return new double[] {1, 1};
  }

  /** White noise, and the same a step later with a little of its own. */
  private static float[][] led(long seed) {
    Random random = new Random(seed);
    float[][] series = new float[TIMES][2];
    for (int t = 0; t < TIMES; t++) {
      series[t][0] = (float) random.nextGaussian();
      series[t][1] = (float) ((t > 0 ? 0.9 * series[t - 1][0] : 0) + 0.4 * random.nextGaussian());
    }
    return series;
  }

  private static float[][] noise() {
    Random random = new Random(3);
    float[][] series = new float[TIMES][2];
    for (int t = 0; t < TIMES; t++) {
      for (int cell = 0; cell < 2; cell++) {
        float before = t > 0 ? series[t - 1][cell] : 0;
        series[t][cell] = 0.6f * before + (float) random.nextGaussian();
      }
    }
    return series;
  }

  /** Eight cells that relax, each by itself. */
  private static float[][] apart(int seed) {
    Random random = new Random(seed);
    float[][] series = new float[50 + HISTORY + HORIZON][8];
    for (int cell = 0; cell < 8; cell++) {
      double state = random.nextGaussian();
      for (float[] field : series) {
        field[cell] = (float) state;
        state = Math.exp(-0.5) * state + Math.sqrt(1 - Math.exp(-1)) * random.nextGaussian();
      }
    }
    return series;
  }

  private static double[] eight() {
    double[] ones = new double[8];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Result train(double[] kept) {
    return DailyCorrectionTrainer.byHour(mechanism(), hours(world(kept, 1)), TRAINING, VALIDATION);
  }

  private static MechanisticForecaster mechanism() {
    Mode mode = new Mode(Law.RELAXATION, 0.5, 0, 1, 1, 1);
    return new MechanisticForecaster(new Mechanism(List.of(mode)), HISTORY, HORIZON);
  }

  private static Hours hours(float[][] series) {
    int[] phaseOf = IntStream.range(0, series.length).map(t -> t % 4).toArray();
    return new Hours(series, ones(), phaseOf, 4);
  }

  private static double[] ones() {
    double[] ones = new double[PATTERN.length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The share that remains of the step from time t is that of t % 4. */
  private static float[][] world(double[] kept, long seed) {
    Random random = new Random(seed);
    float[][] series = new float[TIMES][PATTERN.length];
    double state = 0;
    for (int t = 0; t < TIMES; t++) {
      for (int cell = 0; cell < PATTERN.length; cell++) {
        series[t][cell] = (float) (state * PATTERN[cell]);
      }
      state = kept[t % 4] * state + 0.5 * random.nextGaussian();
    }
    return series;
  }

  private static float first(Result result) {
    try (MechanisticForecaster forecaster = MechanisticForecaster.of(result.weights())) {
      return forecast(forecaster, 0)[0];
    }
  }

  /** From a history of nothing but the pattern at the newest time. */
  private static float[] forecast(MechanisticForecaster forecaster, int phase) {
    return forecaster.apply(new Tensor(input(phase), 1, HISTORY + 2, 2, 2)).values();
  }

  private static float[] input(int phase) {
    float[] input = new float[(HISTORY + 2) * 4];
    System.arraycopy(PATTERN, 0, input, (HISTORY - 1) * 4, 4);
    Arrays.fill(input, HISTORY * 4, (HISTORY + 1) * 4, (float) Math.sin(phase * Math.PI / 2));
    Arrays.fill(input, (HISTORY + 1) * 4, input.length, (float) Math.cos(phase * Math.PI / 2));
    return input;
  }
}
