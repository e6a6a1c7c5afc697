package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.operators.Devices;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.operators.WeightsException;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seven batches an epoch, the last one smaller; four epochs. */
class ResumeTest {
  private static final M2noSettings OPERATOR = withNorm();
  private static final Loss LOSS =
      Loss.uniform(Loss.Measure.RELATIVE_L2, Waves.ROWS, Waves.COLUMNS);
  private static final TrainingSettings SETTINGS =
      TrainingSettings.of(4).withBatchSize(8).withSchedule(Schedule.WARM_UP_COSINE);
  private static final Samples TRAINING = Waves.samples(50, 1);
  private static final Samples VALIDATION = Waves.samples(10, 2);
  private static final Duration ONLY_AT_THE_END = TrainingSettings.UNLIMITED;

  @TempDir private Path folder;

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  @Test
  void anInterruptedRunGoesOnAsIfNothingHadHappened() {
    TrainingResult whole = train(new Trainer(SETTINGS, LOSS), 1, TrainingListener.NONE);
    Trainer trainer = new Trainer(SETTINGS, LOSS).resumable(file(), ONLY_AT_THE_END);

    int[] heard = {0};
    TrainingListener impatient =
        progress -> {
          if (++heard[0] % 10 == 0) {
            Thread.currentThread().interrupt();
          }
        };
    TrainingResult result = null;
    int sessions = 0;
    while (sessions < 9 && (result == null || result.ending() == Ending.INTERRUPTED)) {
      result = train(trainer, ++sessions, impatient); // the seed of the operator does not matter
      assertThat(Thread.interrupted()).isEqualTo(result.ending() == Ending.INTERRUPTED);
    }

    assertThat(sessions).isEqualTo(3);
    assertThat(heard[0]).isEqualTo(28);
    assertSame(result, whole);
    assertThat(whole.bestEpoch()).isPositive(); // else nothing was compared
  }

  /** As if the process had been killed: what was done since the last checkpoint is done again. */
  @Test
  void aRunThatDiesGoesOnFromItsLastCheckpoint() {
    TrainingResult whole = train(new Trainer(SETTINGS, LOSS), 1, TrainingListener.NONE);
    Trainer trainer = new Trainer(SETTINGS, LOSS).resumable(file(), Duration.ZERO);
    TrainingListener dying =
        progress -> {
          if (progress.epoch() == 3 && progress.batch() == 1) {
            throw new IllegalStateException("out of power");
          }
        };
    assertThatThrownBy(() -> train(trainer, 1, dying)).hasMessage("out of power");
    int[] heard = {0};
    assertSame(train(trainer, 7, progress -> heard[0]++), whole);
    assertThat(heard[0]).isEqualTo(14);
  }

  @Test
  void aRunThatIsOverTakesNoMoreSteps() {
    Trainer trainer = new Trainer(SETTINGS, LOSS).resumable(file(), ONLY_AT_THE_END);
    TrainingResult first = train(trainer, 1, TrainingListener.NONE);
    TrainingResult second =
        train(
            trainer,
            2,
            progress -> {
              throw new AssertionError("a step was taken");
            });
    assertSame(second, first);
    assertThat(second.ending()).isEqualTo(Ending.ALL_STEPS);
  }

  @Test
  void theCheckpointOfAnotherRunIsRefused() {
    train(new Trainer(SETTINGS, LOSS).resumable(file(), ONLY_AT_THE_END), 1, TrainingListener.NONE);
    assertThatThrownBy(
            () ->
                train(
                    new Trainer(SETTINGS.withSeed(9), LOSS).resumable(file(), ONLY_AT_THE_END),
                    1,
                    TrainingListener.NONE))
        .isInstanceOf(WeightsException.class)
        .hasMessage(
            "checkpoint %s: another run, its seed is 1, here 9; remove it to train from the"
                + " beginning",
            file());
    try (M2no operator = M2no.create(OPERATOR, 1)) {
      Trainer trainer = new Trainer(SETTINGS, LOSS).resumable(file(), ONLY_AT_THE_END);
      Samples others = Waves.samples(50, 3);
      assertThatThrownBy(() -> trainer.train(operator, others, VALIDATION, TrainingListener.NONE))
          .hasMessageContaining("fingerprint of the training pairs");
    }
  }

  @Test
  void whatIsNoCheckpointIsRefused() throws Exception {
    Trainer trainer = new Trainer(SETTINGS, LOSS).resumable(file(), ONLY_AT_THE_END);
    try (M2no operator = M2no.create(OPERATOR, 1)) {
      SafeTensors.save(operator.weights(), file());
    }
    assertThatThrownBy(() -> train(trainer, 1, TrainingListener.NONE))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("expected a checkpoint");
    Files.write(file(), new byte[5]);
    assertThatThrownBy(() -> train(trainer, 1, TrainingListener.NONE))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(file().toString());
  }

  /** Norms have parameters that lie in memory in another order than that of their axes. */
  private static M2noSettings withNorm() {
    Map<String, String> text =
        M2noSettings.forGrid(1, 1, Waves.ROWS, Waves.COLUMNS, true).withWidth(2, 1).metadata();
    text.put("architecture.norm", "true");
    return M2noSettings.read(text);
  }

  private Path file() {
    return folder.resolve("run.safetensors");
  }

  private static TrainingResult train(Trainer trainer, long seed, TrainingListener listener) {
    try (M2no operator = M2no.create(OPERATOR, seed)) {
      TrainingResult result = trainer.train(operator, TRAINING, VALIDATION, listener);
      Weights after = operator.weights();
      assertThat(after).isEqualTo(result.weights());
      return result;
    }
  }

  /** To the bit, in everything but time. */
  private static void assertSame(TrainingResult actual, TrainingResult expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .ignoringFields("elapsed", "weights")
        .isEqualTo(expected);
    assertThat(actual.weights()).isEqualTo(expected.weights());
  }
}
