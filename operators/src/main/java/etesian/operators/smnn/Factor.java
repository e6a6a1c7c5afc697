package etesian.operators.smnn;

/**
 * The left side of one block of lanes, factored: G[s] with G[s] G[s]' the diagonal block of point s
 * after elimination of the points before it. Kept per point are only the lower triangle and the
 * inverse of the diagonal; the coupling of neighbours is made again from the steps, and kept only
 * in the central form, where it fills in. Written by {@link Elimination}, then only read.
 */
final class Factor {
  private int from;
  private int lanes;

  /** {@code lower[s][i][k]}, k below i: G[s] below its diagonal. */
  final double[][][][] lower;

  /** The same entries by column: {@code upper[s][i][k]}, k above i, is {@code lower[s][k][i]}. */
  final double[][][][] upper;

  /** {@code inverse[s][i]}: one over the diagonal of G[s]. */
  final double[][][] inverse;

  /** Central form: minus the block between s+1 (row) and s (column), after elimination. */
  final double[][][][] filled;

  Factor(LinearOde ode, int lanes) {
    int n = ode.unknowns();
    int points = ode.points();
    lower = new double[points][n][][];
    upper = new double[points][n][n][];
    inverse = new double[points][n][lanes];
    for (int s = 0; s < points; s++) {
      for (int i = 0; i < n; i++) {
        lower[s][i] = new double[i][lanes];
        for (int k = 0; k < i; k++) {
          upper[s][k][i] = lower[s][i][k];
        }
      }
    }
    filled = ode.central() ? new double[points - 1][n][n][lanes] : null;
  }

  /** Names the batch elements that are factored. */
  Factor of(int from, int lanes) {
    this.from = from;
    this.lanes = lanes;
    return this;
  }

  /** First batch element. */
  int from() {
    return from;
  }

  /** How many batch elements; a factor of one lane may serve for all. */
  int lanes() {
    return lanes;
  }
}
