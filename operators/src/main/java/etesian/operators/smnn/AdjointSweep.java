package etesian.operators.smnn;

/** The gradients of one block of lanes after the other: see {@link Adjoint}. */
final class AdjointSweep {
  private final LinearOde ode;
  private final BlockSolver worker;
  private final LeftSide left;
  private final Substitution substitution;
  private final RightSide right;
  private final boolean leftSide;
  private final Tile cotangents;
  private final Tile solutions;
  private final double[][][] x; // the solution at s, s+1, s+2
  private final double[] residual;
  private final double[] zero;
  private final double[] image;
  private final StepGradient steps;
  private final Tile byRhs;
  private final Tile byInitial;
  private final Tile byCoefficients;
  private final Tile bySteps;
  private int lanes;

  /** Gradients of the left side come only where {@code leftSide} wants them. */
  AdjointSweep(
      BandedSolver.Solved solved, BlockSolver worker, DoubleTensor cotangent, boolean leftSide) {
    ode = solved.ode();
    this.worker = worker;
    this.leftSide = leftSide;
    left = worker.left();
    substitution = worker.substitution();
    int capacity = solved.blocks().lanes();
    right = new RightSide(ode, capacity);
    int n = ode.unknowns();
    int[] offsets = ode.solutionOffsets();
    cotangents = Tile.reading(cotangent.values(), offsets, n, ode.points(), 1, capacity);
    solutions = Tile.reading(solved.values().values(), offsets, n, ode.points(), 1, capacity);
    x = new double[3][n][capacity];
    residual = new double[capacity];
    image = new double[capacity];
    zero = new double[capacity];
    steps = new StepGradient(ode, capacity);
    double equation = ode.penalties().equation();
    double initial = ode.penalties().initial() * ode.penalties().initial();
    int known = ode.initial().fromEnd(1);
    byRhs = collecting(ode.rhs(), 2, ode.equations(), equation, capacity);
    byInitial = collecting(ode.initial(), 3, ode.variables() * known, initial, capacity);
    byCoefficients = collecting(ode.coefficients(), 4, ode.equations() * n, equation, capacity);
    bySteps = collecting(ode.steps(), 1, 1, 1, capacity);
  }

  private Tile collecting(DoubleTensor input, int own, int size, double factor, int capacity) {
    return Tile.collecting(ode.offsets(input, own), size, input.fromEnd(own), factor, capacity);
  }

  BlockSolver worker() {
    return worker;
  }

  /** Sets the arrays to add to; the last two are null where the left side is not wanted. */
  void into(double[] rhs, double[] initial, double[] coefficients, double[] steps) {
    byRhs.into(rhs);
    byInitial.into(initial);
    byCoefficients.into(coefficients);
    bySteps.into(steps);
  }

  void run(Factor factor, int from, int lanes) {
    this.lanes = lanes;
    left.block(factor.from(), factor.lanes());
    right.block(from, lanes);
    steps.block(from, lanes);
    substitution.begin(from, lanes);
    for (Tile tile :
        new Tile[] {cotangents, solutions, byRhs, byInitial, byCoefficients, bySteps}) {
      tile.block(from, lanes);
    }
    for (int s = 0; s < ode.points(); s++) {
      double[][] g = cotangents.at(s);
      for (int i = 0; i < g.length; i++) {
        Lanes.sum(substitution.x[s][i], g[i], substitution.carried()[i], lanes);
      }
      substitution.forward(factor, s);
    }
    for (int s = ode.points() - 1; s >= 0; s--) {
      substitution.backward(factor, s);
      ofPoint(s);
    }
    int bad = substitution.notFinite();
    if (bad >= 0) {
      throw new ArithmeticException(
          String.format("batch element %d: its gradients are not finite", bad));
    }
    for (Tile tile : new Tile[] {byRhs, byInitial, byCoefficients, bySteps}) {
      tile.flush();
    }
  }

  private void ofPoint(int s) {
    left.load(s);
    double[][] y = substitution.x[s];
    ofRhs(y, byRhs.at(s));
    if (s < ode.initial().fromEnd(3)) {
      ofInitial(y, byInitial.at(s));
    }
    if (leftSide) {
      shiftSolution(solutions.at(s));
      ofCoefficients(y, right.equations(s), byCoefficients.at(s));
      int last = ode.points() - 1;
      double[][][] three = {
        y, substitution.x[Math.min(s + 1, last)], substitution.x[Math.min(s + 2, last)]
      };
      steps.add(x, three, s, bySteps);
    }
  }

  private void shiftSolution(double[][] point) {
    double[][] oldest = x[2];
    x[2] = x[1];
    x[1] = x[0];
    x[0] = oldest;
    for (int i = 0; i < point.length; i++) {
      System.arraycopy(point[i], 0, x[0][i], 0, lanes);
    }
  }

  /** by r: w_e^2 C y. */
  private void ofRhs(double[][] y, double[][] sum) {
    for (int e = 0; e < sum.length; e++) {
      Lanes.add(sum[e], sum[e], left.byEquation[e], y, 0, y.length, lanes);
    }
  }

  /** by v: w_i^2 y. */
  private void ofInitial(double[][] y, double[][] sum) {
    int known = ode.initial().fromEnd(1);
    for (int k = 0; k < sum.length; k++) {
      double[] entry = y[k / known * ode.orders() + k % known];
      Lanes.sum(sum[k], sum[k], entry, lanes);
    }
  }

  /** by C: w_e^2 ( (r - C x) y' - (C y) x' ). */
  private void ofCoefficients(double[][] y, double[][] r, double[][] sum) {
    int n = y.length;
    for (int e = 0; e < r.length; e++) {
      double[][] c = left.byEquation[e];
      Lanes.add(image, zero, c, y, 0, n, lanes);
      Lanes.subtract(residual, r[e], c, x[0], 0, n, lanes);
      for (int i = 0; i < n; i++) {
        double[] out = sum[e * n + i];
        Lanes.exchange(out, residual, y[i], image, x[0][i], lanes);
      }
    }
  }
}
