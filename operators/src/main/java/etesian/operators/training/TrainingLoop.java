package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/**
 * The loop of all training by gradients: that of {@link Trainer} from the beginning, of {@link
 * FineTuner} while a stream runs, and of {@link Descent} without targets. What differs between them
 * is their {@link Course}.
 *
 * <pre>
 *   objective   the course adds the gradients of its next loss
 *   guard       a loss or a norm of the gradients that is no number ends it; nothing has moved
 *   step        {@link Adam}, the norm of all gradients clipped
 *   stop        interrupted, out of time, or the course is over
 * </pre>
 *
 * Gradients are asked of the variables while a loop is open.
 */
final class TrainingLoop implements AutoCloseable {
  private final Map<String, NDArray> variables;
  private final NDManager owner = Devices.newManager();
  private final Adam adam;
  private final Duration budget;
  private final long begin = System.nanoTime();
  private Duration earlier = Duration.ZERO; // before an interruption

  /** What one kind of training hands in. */
  interface Course {
    /** Factor of the next step. */
    double rate();

    /**
     * Adds the gradients of the next step to those of the variables, which are zero.
     *
     * @return its loss; what gradients there are is dropped when it is not finite
     */
    double gradients();

    /**
     * Told of each step.
     *
     * @param norm of all gradients together, before clipping; not finite when nothing moved
     */
    void stepped(double loss, double norm);

    /** Why no step is to follow; null when one is. Asked at first and after each step. */
    Ending ending();
  }

  /**
   * @param variables by name, changed in place
   * @param clipNorm largest 2-norm of all gradients together; longer ones are shortened
   * @param budget wall time at most, that of earlier sessions included
   */
  TrainingLoop(
      Map<String, NDArray> variables, double weightDecay, double clipNorm, Duration budget) {
    this.variables = variables;
    this.budget = budget;
    variables.values().forEach(v -> v.setRequiresGradient(true));
    adam = new Adam(variables, owner, weightDecay, clipNorm);
  }

  /** Goes on where {@link #moments}, {@link #steps} and {@link #elapsed} were. */
  void resume(Map<String, Tensor> moments, int steps, Duration elapsed) {
    adam.restore(moments, steps);
    earlier = elapsed;
  }

  /** Takes at least one step, unless the course is over. */
  Ending run(Course course) {
    Ending ending = course.ending();
    while (ending == null) {
      double rate = course.rate();
      double loss = course.gradients();
      double norm = Devices.withoutGradients(() -> step(loss, rate));
      course.stepped(loss, norm);
      if (!Double.isFinite(norm)) {
        ending = Ending.DIVERGED;
      } else if (Thread.currentThread().isInterrupted()) {
        ending = Ending.INTERRUPTED;
      } else {
        ending = elapsed().compareTo(budget) >= 0 ? Ending.OUT_OF_TIME : course.ending();
      }
    }
    return ending;
  }

  private double step(double loss, double rate) {
    if (Double.isFinite(loss)) {
      return adam.step(rate);
    }
    adam.forget();
    return Double.NaN;
  }

  /**
   * Adds the gradients of a scalar to those of what it depends on, and frees all intermediates.
   *
   * @return its value; when it is not finite, no gradient is touched
   */
  static double differentiate(Function<NDManager, NDArray> scalar) {
    try (NDManager scope = Devices.newManager();
        NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      return Devices.differentiate(() -> scalar.apply(scope));
    }
  }

  /** Steps so far, earlier sessions included. */
  int steps() {
    return adam.steps();
  }

  /** See {@link Adam#moments}. */
  Map<String, Tensor> moments() {
    return adam.moments();
  }

  /** Wall time so far, earlier sessions included. */
  Duration elapsed() {
    return earlier.plusNanos(System.nanoTime() - begin);
  }

  /**
   * How much of the run is done, 0 to 1: of the steps or of the time, the larger.
   *
   * @param ofSteps share of the steps that is done
   */
  double fraction(double ofSteps) {
    boolean endless = budget.equals(TrainingSettings.UNLIMITED);
    double ofTime = endless ? 0 : (double) elapsed().toNanos() / budget.toNanos();
    return Math.min(1, Math.max(ofTime, ofSteps));
  }

  @Override
  public void close() {
    variables.values().forEach(v -> v.setRequiresGradient(false));
    owner.close();
  }
}
