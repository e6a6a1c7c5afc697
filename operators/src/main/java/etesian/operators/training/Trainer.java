package etesian.operators.training;

import etesian.operators.TrainableOperator;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Trains an operator on pairs by mini-batches. The data stays on the heap; one batch at a time goes
 * off it. Several trainers may run at once: the engine records gradients for one batch of one
 * thread at a time, so they take turns.
 */
public final class Trainer {
  private final TrainingSettings settings;
  private final Loss loss;
  private final Path checkpoint; // null: nothing is kept
  private final Duration every;
  private final Growth growth;

  public Trainer(TrainingSettings settings, Loss loss) {
    this(settings, loss, null, Duration.ZERO, new Growth.Never());
  }

  private Trainer(
      TrainingSettings settings, Loss loss, Path checkpoint, Duration every, Growth growth) {
    this.settings = settings;
    this.loss = loss;
    this.checkpoint = checkpoint;
    this.every = every;
    this.growth = growth;
  }

  /** The same, but a {@link etesian.operators.GrowingOperator} grows by a rule. */
  public Trainer growing(Growth rule) {
    return new Trainer(settings, loss, checkpoint, every, rule);
  }

  /**
   * The same, but its run survives: it begins where the checkpoint stands, if there is one, and
   * writes it at the end and in between. With {@link TrainingSettings#UNLIMITED} time, a run that
   * was interrupted and goes on ends with the same parameters, to the bit, as one that was not;
   * number of threads and hardware being equal. The file stays after the end: with more epochs
   * later, training goes on.
   *
   * @param checkpoint a safetensors file of four times the parameters; a write replaces it at once
   * @param every at least so much time between two writes
   */
  public Trainer resumable(Path checkpoint, Duration every) {
    return new Trainer(settings, loss, checkpoint, every, growth);
  }

  /**
   * Improves the operator in place; at the end it holds the best parameters, those of the result.
   *
   * @param training pairs to learn from
   * @param validation pairs to choose the best epoch by, apart from the training pairs in time; may
   *     be the training pairs themselves, which then overfit unseen
   * @throws etesian.operators.WeightsException the checkpoint is of another operator, of other
   *     training pairs, seed or batch size, or damaged
   * @throws java.io.UncheckedIOException the checkpoint cannot be read or written
   */
  public TrainingResult train(
      TrainableOperator operator, Samples training, Samples validation, TrainingListener listener) {
    if (training.size() == 0 || validation.size() == 0) {
      throw new IllegalArgumentException(
          String.format(
              "%d training and %d validation pairs, expected at least one of each",
              training.size(), validation.size()));
    }
    CheckpointFile file =
        checkpoint == null ? CheckpointFile.none() : new CheckpointFile(checkpoint, every);
    try (Run run =
        new Run(settings, loss, operator, training, validation, listener, file, growth)) {
      return run.go();
    }
  }

  /**
   * Mean loss of an operator over pairs.
   *
   * @param samples at least one pair
   */
  public double evaluate(TrainableOperator operator, Samples samples) {
    try (Objective objective = new Objective(loss)) {
      int atOnce = Math.min(settings.atOnce(), settings.batchSize());
      return objective.over(operator, samples, atOnce);
    }
  }
}
