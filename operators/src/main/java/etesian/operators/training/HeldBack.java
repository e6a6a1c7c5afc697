package etesian.operators.training;

import etesian.operators.TrainableOperator;

/**
 * Pairs that an operator does not learn from, to see whether learning did it good.
 *
 * @param pairs at least one
 * @param loss how wrong it is on them
 */
public record HeldBack(Samples pairs, Loss loss) {
  private static final int BATCH = 8;

  public HeldBack {
    if (pairs.size() == 0) {
      throw new IllegalArgumentException("no pairs are held back, expected at least one");
    }
  }

  /** Mean loss of an operator as it stands. */
  public double of(TrainableOperator operator) {
    try (Objective objective = new Objective(loss)) {
      return objective.over(operator, pairs, BATCH);
    }
  }

  /** Whether an update is to be dropped: it raised the loss, or made it no number. */
  public static boolean raised(double before, double after) {
    return !(after <= before);
  }
}
