package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import etesian.operators.Devices;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Mostly one variable that begins at 4, and courses of three steps that make it small. */
class TrainingLoopTest {
  private static final Duration NONE = Duration.ofNanos(1);

  @Test
  void stepsFollowTheGradientUntilTheCourseIsOver() {
    Walk walk = walk(TrainingSettings.UNLIMITED, NDArray::square, () -> {});
    assertThat(walk.ending).isEqualTo(Ending.ALL_STEPS);
    assertThat(walk.losses).hasSize(3).first().isEqualTo(16.0);
    assertThat(walk.norms).first().isEqualTo(8.0);
    assertThat(walk.losses.get(2)).isLessThan(walk.losses.get(1)).isLessThan(16);
    assertThat(walk.reached).isLessThan(4);
  }

  @Test
  void aLossThatIsNoNumberMovesNothing() {
    Walk walk = walk(TrainingSettings.UNLIMITED, p -> p.sub(5).log(), () -> {});
    assertThat(walk.ending).isEqualTo(Ending.DIVERGED);
    assertThat(walk.losses).containsExactly(Double.NaN);
    assertThat(walk.reached).isEqualTo(4);
  }

  /** The root of 0 is a number, its slope is not. */
  @Test
  void aGradientThatIsNoNumberMovesNothing() {
    Walk walk = walk(TrainingSettings.UNLIMITED, p -> p.sub(4).sqrt(), () -> {});
    assertThat(walk.ending).isEqualTo(Ending.DIVERGED);
    assertThat(walk.losses).containsExactly(0.0);
    assertThat(walk.reached).isEqualTo(4);
  }

  @Test
  void anInterruptAndTheTimeEndItAfterAStep() {
    Walk interrupted =
        walk(TrainingSettings.UNLIMITED, NDArray::square, () -> Thread.currentThread().interrupt());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted.ending).isEqualTo(Ending.INTERRUPTED);
    assertThat(interrupted.losses).hasSize(1);
    Walk late = walk(NONE, NDArray::square, () -> {});
    assertThat(late.ending).isEqualTo(Ending.OUT_OF_TIME);
    assertThat(late.losses).hasSize(1);
  }

  /** One pair, so that an epoch is a step and there is nothing to draw. */
  @Test
  void firstTrainingAndALessonTakeTheSameSteps() {
    Samples pair = Waves.samples(1, 1);
    Loss loss = Loss.uniform(Loss.Measure.MSE, Waves.ROWS, Waves.COLUMNS);
    TrainingSettings settings =
        TrainingSettings.of(5).withSchedule(Schedule.CONSTANT).withLearningRate(1e-3);
    FineTuneSettings lesson =
        new FineTuneSettings(
            new TuneScope.All(), 5, TrainingSettings.UNLIMITED, 1, 1e-3, settings.clipNorm(), 0, 1);
    try (M2no trained = operator();
        M2no tuned = operator();
        LossTerm term = LossTerm.data(1, loss)) {
      TrainingResult result =
          new Trainer(settings, loss).train(trained, pair, pair, TrainingListener.NONE);
      FineTuneResult same =
          new FineTuner(lesson, List.of(term))
              .tune(tuned, pair, Optional.empty(), 1000, state -> {});
      assertThat(result.bestEpoch()).isEqualTo(5); // else others than the last are compared
      assertThat(same.weights().tensors()).isEqualTo(result.weights().tensors());
    }
  }

  private static M2no operator() {
    return M2no.create(
        M2noSettings.forGrid(1, 1, Waves.ROWS, Waves.COLUMNS, true).withWidth(2, 1), 7);
  }

  private static Walk walk(Duration budget, UnaryOperator<NDArray> loss, Runnable atEachStep) {
    try (NDManager owner = Devices.newManager()) {
      NDArray p = owner.create(new float[] {4});
      try (TrainingLoop loop = new TrainingLoop(Map.of("p", p), 0, 100, budget)) {
        Walk walk = new Walk(() -> loss.apply(p).sum(), atEachStep);
        walk.ending = loop.run(walk);
        walk.reached = p.getFloat(0);
        return walk;
      }
    }
  }

  private static final class Walk implements TrainingLoop.Course {
    private final Supplier<NDArray> loss;
    private final Runnable atEachStep;
    private final List<Double> losses = new ArrayList<>();
    private final List<Double> norms = new ArrayList<>();
    private Ending ending;
    private double reached;

    Walk(Supplier<NDArray> loss, Runnable atEachStep) {
      this.loss = loss;
      this.atEachStep = atEachStep;
    }

    @Override
    public double rate() {
      return 0.1;
    }

    @Override
    public double gradients() {
      return TrainingLoop.differentiate(scope -> loss.get());
    }

    @Override
    public void stepped(double loss, double norm) {
      losses.add(loss);
      norms.add(norm);
      atEachStep.run();
    }

    @Override
    public Ending ending() {
      return losses.size() == 3 ? Ending.ALL_STEPS : null;
    }
  }
}
