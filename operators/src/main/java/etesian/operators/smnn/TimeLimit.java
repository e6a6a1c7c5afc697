package etesian.operators.smnn;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * How long work may go on: until a deadline, and until its thread is interrupted.
 *
 * @param deadline on the clock of {@link System#nanoTime}
 */
record TimeLimit(long deadline) {
  /** As good as endless, but for an interrupt. */
  static final TimeLimit NONE = within(Duration.ofDays(36_500));

  static TimeLimit within(Duration budget) {
    return new TimeLimit(System.nanoTime() + budget.toNanos());
  }

  boolean isOver() {
    return System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted();
  }

  /**
   * For work that has no half results.
   *
   * @throws CancellationException it is over
   */
  void check() {
    if (isOver()) {
      throw new CancellationException(
          Thread.currentThread().isInterrupted()
              ? "interrupted before there was a result"
              : "the time was over before there was a result");
    }
  }
}
