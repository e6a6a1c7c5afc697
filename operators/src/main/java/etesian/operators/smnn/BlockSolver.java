package etesian.operators.smnn;

/** What one thread needs to solve blocks of a problem, one after the other. */
final class BlockSolver {
  private final LinearOde ode;
  private final LeftSide left;
  private final Elimination elimination;
  private final Substitution substitution;

  /**
   * @param capacity lanes of a block
   * @param shared whether one factor of one lane serves for all
   */
  BlockSolver(LinearOde ode, int capacity, boolean shared) {
    this.ode = ode;
    int own = shared ? 1 : capacity;
    left = new LeftSide(ode, own);
    elimination = new Elimination(ode, left, own);
    substitution = new Substitution(ode, left, capacity);
  }

  LeftSide left() {
    return left;
  }

  Substitution substitution() {
    return substitution;
  }

  /** Factors only. */
  void factor(Factor factor) {
    elimination.begin(factor);
    for (int s = 0; s < ode.points(); s++) {
      elimination.advance(s);
    }
  }

  /** Factors and solves the block that {@code factor} names, in one pass forward and one back. */
  void factorAndSolve(Factor factor, RightSide right, double[] values) {
    elimination.begin(factor);
    substitution.begin(factor.from(), factor.lanes());
    right.block(factor.from(), factor.lanes());
    for (int s = 0; s < ode.points(); s++) {
      elimination.advance(s);
      right.set(substitution.x[s], substitution.carried(), left, s);
      substitution.forward(factor, s, elimination.w);
    }
    finish(factor, values);
  }

  /** Solves with a finished factor. */
  void solve(Factor factor, int from, int lanes, RightSide right, double[] values) {
    left.block(factor.from(), factor.lanes());
    substitution.begin(from, lanes);
    right.block(from, lanes);
    for (int s = 0; s < ode.points(); s++) {
      left.load(s);
      right.set(substitution.x[s], substitution.carried(), left, s);
      substitution.forward(factor, s);
    }
    finish(factor, values);
  }

  private void finish(Factor factor, double[] values) {
    for (int s = ode.points() - 1; s >= 0; s--) {
      substitution.backward(factor, s);
    }
    int bad = substitution.notFinite();
    if (bad >= 0) {
      throw new ArithmeticException(
          String.format("batch element %d: the solution is not finite; scale its inputs", bad));
    }
    substitution.store(values);
  }
}
