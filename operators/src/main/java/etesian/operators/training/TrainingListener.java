package etesian.operators.training;

import java.time.Duration;

/** Hears of the progress of training, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
  TrainingListener NONE = progress -> {};

  /** Called after each step. */
  void progress(Progress progress);

  /**
   * Where training stands.
   *
   * @param epoch counted from 1
   * @param batch of this epoch, counted from 1
   * @param batches per epoch
   * @param loss of this batch
   * @param bestValidationLoss so far, the untrained operator included
   * @param fraction of the run that is done, 0 to 1: of the epochs or of the time, the larger
   * @param left estimated time until the end, if it does not stop early
   */
  record Progress(
      int epoch,
      int batch,
      int batches,
      double loss,
      double bestValidationLoss,
      double fraction,
      Duration left) {}
}
