package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import etesian.operators.Devices;
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
   * @throws IllegalStateException the loss became infinite or NaN; the parameters are those before
   */
  public Reached run(Map<String, NDArray> parameters, StepLoss loss, Listener listener) {
    parameters.values().forEach(p -> p.setRequiresGradient(true));
    long start = System.nanoTime();
    double mean = Double.NaN;
    int step = 0;
    try (NDManager moments = Devices.newManager()) {
      Adam adam = new Adam(parameters, moments, 0, clipNorm);
      double fraction = 0;
      while (fraction < 1 && !Thread.currentThread().isInterrupted()) {
        double now = descend(adam, loss, step, learningRate * schedule.factor(fraction));
        step++;
        double weight = 1 / Math.max(1, 0.1 * step);
        mean = Double.isNaN(mean) ? now : mean + weight * (now - mean);
        double ofTime = (double) (System.nanoTime() - start) / nanos();
        fraction = Math.min(1, Math.max(ofTime, (double) step / steps));
        listener.step(fraction, now);
      }
    } finally {
      parameters.values().forEach(p -> p.setRequiresGradient(false));
    }
    return new Reached(step, mean, Duration.ofNanos(System.nanoTime() - start));
  }

  private double nanos() {
    return budget.equals(TrainingSettings.UNLIMITED) ? Double.POSITIVE_INFINITY : budget.toNanos();
  }

  private static double descend(Adam adam, StepLoss loss, int step, double rate) {
    double value;
    try (NDManager scope = Devices.newManager();
        NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      value = Devices.differentiate(() -> loss.of(scope, step));
    }
    if (!Double.isFinite(value)) {
      throw new IllegalStateException(
          "the loss of step " + step + " is " + value + "; a smaller learning rate may help");
    }
    Devices.withoutGradients(
        () -> {
          adam.step(rate);
          return null;
        });
    return value;
  }
}
