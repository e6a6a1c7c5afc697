package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.time.Duration;
import java.util.Map;

/**
 * Trains on a loss that needs no targets, such as the residual of an equation at parameter
 * functions that are drawn anew for each step: Adam along the gradient, step by step, without
 * epochs and without a choice of the best.
 *
 * @param steps at most
 * @param budget wall-clock time, at most; the schedule ends with whichever limit is nearer, so only
 *     runs with {@link TrainingSettings#UNLIMITED} time are repeatable to the bit
 * @param learningRate of Adam, at the beginning
 * @param schedule of the learning rate
 * @param clipNorm largest 2-norm of all gradients together; longer ones are shortened
 */
public record Descent(
    int steps, Duration budget, double learningRate, Schedule schedule, double clipNorm) {

  public Descent {
    if (steps < 1
        || budget.isNegative()
        || budget.isZero()
        || !(learningRate > 0)
        || !(clipNorm > 0)) {
      throw new IllegalArgumentException(
          String.format(
              "descent: %d steps in %s, learning rate %s, clip norm %s, expected all above 0",
              steps, budget, learningRate, clipNorm));
    }
  }

  /** A loss that knows its own data. */
  @FunctionalInterface
  public interface StepLoss {
    /**
     * @param scope owner of all intermediates
     * @param step counted from 0
     * @return a scalar, differentiable in the parameters
     */
    NDArray of(NDManager scope, int step);
  }

  /** Hears of every step, on the thread that trains. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param fraction of the run that is done, 0 to 1
     * @param loss of the step, before it was made
     */
    void step(double fraction, double loss);
  }

  /**
   * What was reached.
   *
   * @param steps made
   * @param meanLoss over the last tenth of the steps
   * @param elapsed wall-clock time
   */
  public record Reached(int steps, double meanLoss, Duration elapsed) {}

  /**
   * Changes the parameters in place. Ends early when the thread is interrupted.
   *
   * @param parameters by name
   * @throws IllegalStateException the loss or its gradient became infinite or NaN; the parameters
   *     are those before
   */
  public Reached run(Map<String, NDArray> parameters, StepLoss loss, Listener listener) {
    try (TrainingLoop loop = new TrainingLoop(parameters, 0, clipNorm, budget)) {
      double[] mean = {0};
      loop.run(
          new TrainingLoop.Course() {
            @Override
            public double rate() {
              return learningRate * schedule.factor(fraction());
            }

            @Override
            public double gradients() {
              return TrainingLoop.differentiate(scope -> loss.of(scope, loop.steps()));
            }

            @Override
            public void stepped(double value, double norm) {
              if (!Double.isFinite(norm)) {
                throw new IllegalStateException(
                    String.format(
                        "the loss of step %d is %s, the norm of its gradient %s; a smaller learning"
                            + " rate may help",
                        loop.steps(), value, norm));
              }
              mean[0] += 1 / Math.max(1, 0.1 * loop.steps()) * (value - mean[0]);
              listener.step(fraction(), value);
            }

            @Override
            public Ending ending() {
              return loop.steps() >= steps ? Ending.ALL_STEPS : null;
            }

            private double fraction() {
              return loop.fraction((double) loop.steps() / steps);
            }
          });
      return new Reached(loop.steps(), mean[0], loop.elapsed());
    }
  }
}
