package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.Devices;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.WeightsException;
import etesian.operators.training.Growth.GradientEnergy;
import etesian.operators.training.Growth.LossGap;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingListener;
import etesian.operators.training.TrainingResult;
import etesian.operators.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Incremental training: few modes at first, more when the loss stands still. */
class GrowthTest {
  private static final int ROWS = 12;
  private static final int COLUMNS = 16;
  private static final Loss LOSS = Loss.uniform(Loss.Measure.RELATIVE_L2, ROWS, COLUMNS);
  private static final TrainingSettings SETTINGS =
      TrainingSettings.of(6).withBatchSize(8).withLearningRate(5e-3);

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  @Test
  void aStageIsOneFrequencyMoreOnEachAxisUntilAllThatIsStoredIsInUse() {
    try (Fno operator = Fno.create(few(), 1)) {
      assertThat(operator.mostGrown()).containsExactly(3, 3);
      operator.growTo(List.of(1, 1));
      assertThat(operator.settings().layers().get(0).modes()).containsExactly(4, 4);
      operator.growTo(List.of(1, 2));
      assertThat(operator.settings().layers().get(0).modes()).containsExactly(4, 6);
      operator.growTo(List.of(3, 3));
      assertThat(operator.settings()).isEqualTo(all());
      assertThatThrownBy(() -> operator.growTo(List.of(3, 4)))
          .hasMessageContaining("axes grow [3, 3] times");
    }
    try (Fno whole = Fno.create(all(), 1)) {
      assertThat(whole.mostGrown()).containsExactly(0, 0);
    }
  }

  @Test
  void onTheSphereAStageIsADegree() {
    FnoSettings sphere =
        FnoSettings.builder(Architecture.SFNO, 1, 1, List.of(FnoLayer.onSphere(4, 5))).build();
    FnoSettings low = sphere.withModes(List.of(3, 6));
    assertThat(low.growths()).containsExactly(2);
    assertThat(low.grown(List.of(2))).isEqualTo(sphere);
  }

  /** With nothing learned of other frequencies, growing changes nothing. */
  @Test
  void whatWasLearnedStaysWithItsFrequencies() {
    Tensor input = samples(2, 3).input();
    try (Fno untrained = Fno.create(few(), 1);
        Fno operator = Fno.load(silenced(untrained.weights()))) {
      float[] before = operator.apply(input).values();
      assertThat(untrained.apply(input).values())
          .as("what is not in use does not matter")
          .containsExactly(before);
      operator.growTo(List.of(3, 3));
      assertThat(operator.apply(input).values()).containsExactly(before, within(1e-6f));
      untrained.growTo(List.of(3, 3));
      assertThat(untrained.apply(input).values()).isNotEqualTo(before);
    }
  }

  /** Frequencies -1 and 0 of the rows, 0 and 1 of the columns are those in use; the others go. */
  private static Weights silenced(Weights weights) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.tensors());
    tensors.replaceAll(
        (name, tensor) -> {
          long[] shape = tensor.shape();
          boolean spectral = shape.length >= 4 && shape[2] == 8 && shape[3] == 5;
          return spectral ? silenced(tensor) : tensor;
        });
    assertThat(tensors).isNotEqualTo(weights.tensors());
    return new Weights(weights.metadata(), tensors);
  }

  private static Tensor silenced(Tensor weight) {
    float[] values = weight.values().clone();
    int inner = (int) (weight.shape().length > 4 ? weight.shape()[4] : 1); // real, imaginary
    for (int i = 0; i < values.length; i++) {
      int row = i / inner / 5 % 8;
      int column = i / inner % 5;
      if (row != 3 && row != 4 || column > 1) {
        values[i] = 0;
      }
    }
    return new Tensor(values, weight.shape());
  }

  @Test
  void growthByGradientIsRepeatableFromACheckpoint(@TempDir Path folder) {
    Trainer trainer = new Trainer(SETTINGS, LOSS).growing(new GradientEnergy(0.9, 1));
    try (Fno whole = Fno.create(few(), 1);
        Fno stopped = Fno.create(few(), 1);
        Fno resumed = Fno.create(few(), 2)) {
      TrainingResult result = train(trainer, whole, TrainingListener.NONE);
      assertThat(whole.grown()).as("waves go along the columns alone").containsExactly(0, 3);
      Trainer resumable = trainer.resumable(folder.resolve("run"), TrainingSettings.UNLIMITED);
      train(resumable, stopped, interruptedAt(6)); // in the second epoch, before all has grown
      assertThat(Thread.interrupted()).isTrue();
      assertThat(train(resumable, resumed, TrainingListener.NONE).weights())
          .isEqualTo(result.weights());
    }
  }

  private static TrainingListener interruptedAt(int step) {
    int[] steps = {0};
    return progress -> {
      if (++steps[0] == step) {
        Thread.currentThread().interrupt();
      }
    };
  }

  @Test
  void trainingThatStandsStillGrowsAndIsRepeatableFromACheckpoint(@TempDir Path folder) {
    try (Fno whole = Fno.create(few(), 1);
        Fno stopped = Fno.create(few(), 1);
        Fno resumed = Fno.create(few(), 2);
        Fno small = Fno.create(few(), 1)) {
      Trainer always =
          new Trainer(SETTINGS, LOSS).growing(new LossGap(1e9)); // every epoch stands still
      TrainingResult result = train(always, whole, TrainingListener.NONE);
      assertThat(whole.grown()).containsExactly(3, 3);
      assertThat(result.weights().metadata()).containsAllEntriesOf(all().metadata());

      Trainer resumable = always.resumable(folder.resolve("run"), TrainingSettings.UNLIMITED);
      train(resumable, stopped, interruptedAt(11)); // in the third epoch, one stage grown
      assertThat(Thread.interrupted()).isTrue();
      assertThat(train(resumable, resumed, TrainingListener.NONE).weights())
          .isEqualTo(result.weights());

      train(new Trainer(SETTINGS, LOSS).growing(new LossGap(0)), small, TrainingListener.NONE);
      assertThat(small.grown()).as("a loss that changes at all").containsExactly(0, 0);
    }
  }

  /** Each of two axes grows; of older files both together. */
  @ParameterizedTest
  @CsvSource({"stage, '1,1,1', 3", "best_stage, '', 0"})
  void aCheckpointWithTheStagesOfOtherAxesIsRefused(
      String key, String stages, int axes, @TempDir Path folder) throws IOException {
    Path file = folder.resolve("run");
    Trainer trainer =
        new Trainer(SETTINGS, LOSS)
            .growing(new LossGap(1e9))
            .resumable(file, TrainingSettings.UNLIMITED);
    try (Fno operator = Fno.create(few(), 1)) {
      train(trainer, operator, interruptedAt(1));
      assertThat(Thread.interrupted()).isTrue();
      Weights written = SafeTensors.read(file);
      Map<String, String> metadata = new LinkedHashMap<>(written.metadata());
      metadata.put(key, stages);
      SafeTensors.save(new Weights(metadata, written.tensors()), file);
      assertThatThrownBy(() -> train(trainer, operator, TrainingListener.NONE))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("its number of axes that grow is " + axes + ", here 2");
    }
  }

  private static TrainingResult train(Trainer trainer, Fno operator, TrainingListener listener) {
    return trainer.train(operator, samples(32, 1), samples(8, 2), listener);
  }

  private static FnoSettings all() {
    return FnoSettings.builder(Architecture.FNO, 1, 1, List.of(FnoLayer.of(6, List.of(8, 8))))
        .coordinates(false)
        .build();
  }

  private static FnoSettings few() {
    return all().withModes(List.of(2, 2));
  }

  /** Waves of three frequencies, whose higher ones turn faster. */
  private static Samples samples(int count, long seed) {
    Random random = new Random(seed);
    float[] input = new float[count * ROWS * COLUMNS];
    float[] target = new float[input.length];
    for (int s = 0; s < count; s++) {
      for (int k = 1; k <= 3; k++) {
        double phase = 2 * Math.PI * random.nextDouble();
        for (int i = 0; i < ROWS * COLUMNS; i++) {
          double x = 2 * Math.PI * k * (i % COLUMNS) / COLUMNS + phase;
          input[s * ROWS * COLUMNS + i] += (float) Math.cos(x);
          target[s * ROWS * COLUMNS + i] += (float) Math.cos(x + 0.3 * k);
        }
      }
    }
    return new Samples(
        new Tensor(input, count, 1, ROWS, COLUMNS), new Tensor(target, count, 1, ROWS, COLUMNS));
  }
}
