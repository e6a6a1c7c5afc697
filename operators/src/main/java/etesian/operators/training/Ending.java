package etesian.operators.training;

/** Why training ended, first training and fine-tuning alike. */
public enum Ending {
  /** All steps that were asked for, or all epochs. */
  ALL_STEPS,
  OUT_OF_TIME,
  /** No improvement on the validation pairs for {@link TrainingSettings#patience} epochs. */
  NO_IMPROVEMENT,
  /** A loss or a gradient was infinite or NaN; a smaller learning rate may help. */
  DIVERGED,
  /** The thread was interrupted; its interrupt status is still set. */
  INTERRUPTED
}
