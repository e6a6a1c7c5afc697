package etesian.operators.training;

/**
 * Where a run stands between two steps.
 *
 * @param epoch that goes on, counted from 1
 * @param batch steps done in this epoch
 * @param lossSum over these steps
 * @param trainingLoss mean over the steps of the last whole epoch; NaN before it
 * @param initialLoss validation loss before training
 * @param bestLoss smallest validation loss so far, the initial one included
 * @param bestEpoch after which it was reached; 0 for the initial one
 */
record Position(
    int epoch,
    int batch,
    double lossSum,
    double trainingLoss,
    double initialLoss,
    double bestLoss,
    int bestEpoch) {

  static Position start(double initialLoss) {
    return new Position(1, 0, 0, Double.NaN, initialLoss, initialLoss, 0);
  }

  Position afterStep(double loss) {
    return new Position(
        epoch, batch + 1, lossSum + loss, trainingLoss, initialLoss, bestLoss, bestEpoch);
  }

  /** At the beginning of the next epoch. */
  Position afterEpoch() {
    return new Position(epoch + 1, 0, 0, meanLoss(), initialLoss, bestLoss, bestEpoch);
  }

  Position withBest(double loss) {
    return new Position(epoch, batch, lossSum, trainingLoss, initialLoss, loss, epoch);
  }

  /** Of this epoch, or of the last whole one where this has not begun. */
  double meanLoss() {
    return batch == 0 ? trainingLoss : lossSum / batch;
  }

  /** Epochs begun. */
  int epochs() {
    return batch == 0 ? epoch - 1 : epoch;
  }
}
