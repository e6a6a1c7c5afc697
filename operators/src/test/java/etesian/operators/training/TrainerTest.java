package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A wave that moves by one cell per step, on a small globe. */
class TrainerTest {
  private static final int ROWS = Waves.ROWS;
  private static final int COLUMNS = Waves.COLUMNS;
  private static final M2noSettings OPERATOR =
      M2noSettings.forGrid(1, 1, ROWS, COLUMNS, true).withWidth(2, 1).withResidual(true);
  private static final Loss LOSS = Loss.uniform(Loss.Measure.RELATIVE_L2, ROWS, COLUMNS);
  private static final TrainingSettings SETTINGS = TrainingSettings.of(6).withLearningRate(5e-3);

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  @Test
  void advectionIsLearned() {
    List<TrainingListener.Progress> heard = new ArrayList<>();
    try (M2no operator = M2no.create(OPERATOR, 1)) {
      Samples validation = Waves.samples(32, 2);
      Trainer trainer = new Trainer(SETTINGS, LOSS);
      TrainingResult result =
          trainer.train(operator, Waves.samples(256, 1), validation, heard::add);
      assertThat(result.ending()).isEqualTo(Ending.ALL_STEPS);
      assertThat(result.validationLoss()).isLessThan(0.4 * result.initialLoss());
      assertThat(operator.weights()).isEqualTo(result.weights());
      assertThat(trainer.evaluate(operator, validation))
          .isEqualTo(result.validationLoss(), within(1e-6));
    }
    assertThat(heard).hasSize(6 * 16);
    assertThat(heard.get(heard.size() - 1).fraction()).isEqualTo(1);
    assertThat(heard).isSortedAccordingTo((a, b) -> Double.compare(a.fraction(), b.fraction()));
  }

  @Test
  void equalSeedsGiveEqualWeights() {
    assertThat(trained(5)).isEqualTo(trained(5)).isNotEqualTo(trained(6));
  }

  private static Weights trained(long seed) {
    try (M2no operator = M2no.create(OPERATOR, 1)) {
      return new Trainer(SETTINGS.withEpochs(1).withSeed(seed), LOSS)
          .train(operator, Waves.samples(32, 1), Waves.samples(8, 2), TrainingListener.NONE)
          .weights();
    }
  }

  /** Adam divides by the size of a gradient, so that of a tiny one rounding is seen. */
  @Test
  void aBatchTakenInPiecesIsTheSameStep() {
    TrainingSettings sixSteps = SETTINGS.withBatchSize(32);
    double[] whole = losses(sixSteps);
    double[] pieces = losses(sixSteps.withAtOnce(7));
    assertThat(whole).hasSize(6).hasSameSizeAs(pieces);
    double fall = whole[0] - whole[5];
    assertThat(fall).isPositive();
    for (int step = 0; step < 6; step++) {
      assertThat(pieces[step]).isEqualTo(whole[step], within((step < 2 ? 1e-4 : 0.02) * fall));
    }
  }

  private static double[] losses(TrainingSettings settings) {
    List<Double> losses = new ArrayList<>();
    try (M2no operator = M2no.create(OPERATOR, 1)) {
      new Trainer(settings, LOSS)
          .train(
              operator,
              Waves.samples(32, 1),
              Waves.samples(8, 2),
              progress -> losses.add(progress.loss()));
    }
    return losses.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Test
  void theBudgetEndsTheRun() {
    try (M2no operator = M2no.create(OPERATOR, 1)) {
      TrainingSettings brief = TrainingSettings.within(Duration.ofMillis(1)).withEpochs(1000);
      TrainingResult result =
          new Trainer(brief, LOSS)
              .train(operator, Waves.samples(64, 1), Waves.samples(8, 2), TrainingListener.NONE);
      assertThat(result.ending()).isEqualTo(Ending.OUT_OF_TIME);
      assertThat(result.epochs()).isEqualTo(1);
    }
  }

  @Test
  void aRunThatDivergesKeepsTheWeightsItBeganWith() {
    try (M2no operator = M2no.create(OPERATOR, 1)) {
      Weights before = operator.weights();
      TrainingResult result =
          new Trainer(SETTINGS.withLearningRate(1e20), LOSS)
              .train(operator, Waves.samples(64, 1), Waves.samples(8, 2), TrainingListener.NONE);
      assertThat(result.ending()).isEqualTo(Ending.DIVERGED);
      assertThat(result.weights()).isEqualTo(before);
      assertThat(operator.weights()).isEqualTo(before);
    }
  }

  @Test
  void trainingStopsWhenValidationDoesNotImprove() {
    try (M2no operator = M2no.create(OPERATOR, 1)) {
      Samples still = Waves.samples(8, 2);
      Samples persistent = new Samples(still.input(), still.input());
      TrainingResult result =
          new Trainer(SETTINGS.withPatience(2), LOSS)
              .train(operator, Waves.samples(16, 1), persistent, TrainingListener.NONE);
      assertThat(result.ending()).isEqualTo(Ending.NO_IMPROVEMENT);
      assertThat(result.bestEpoch()).isZero();
      assertThat(result.epochs()).isEqualTo(2);
    }
  }

  @Test
  void missingTargetsCountOnlyWhereTheLossHasWeight() {
    Samples waves = Waves.samples(4, 1);
    float[] holes = waves.target().values().clone();
    holes[3] = Float.NaN;
    Samples samples = new Samples(waves.input(), new Tensor(holes, waves.target().shape()));
    boolean[] mask = new boolean[ROWS * COLUMNS];
    Arrays.fill(mask, true);
    float[] rows = new float[ROWS];
    Arrays.fill(rows, 1);
    mask[3] = false;
    Loss masked = Loss.weighted(Loss.Measure.MSE, rows, mask);
    try (M2no operator = M2no.create(OPERATOR, 1)) {
      assertThat(new Trainer(SETTINGS, masked).evaluate(operator, samples)).isFinite();
      assertThatThrownBy(() -> new Trainer(SETTINGS, LOSS).evaluate(operator, samples))
          .hasMessage("target is missing at row 0, column 3, where the loss has weight");
    }
  }
}
