package etesian.operators.smnn;

import java.util.ArrayList;
import java.util.List;

/**
 * Solves a batch of {@link LinearOde}s by a block LDL' factorisation in one pass over time: O(N) in
 * time and memory. Assembly, elimination and substitution of a point are one loop body that works
 * on {@value #BLOCK} batch elements at once, an array per matrix entry. When all elements share
 * coefficients and steps, the left side is factored once and only substituted for each.
 *
 * <p>Errors grow with the condition of the normal equations (1e8 at N = 10 with K = 4): relative
 * about condition x 2^-53. All methods throw {@link IllConditioned} where a pivot fails.
 */
public final class BandedSolver {
  static final int BLOCK = 64;

  private BandedSolver() {}

  /**
   * The least-squares solution.
   *
   * @return shape batch + (N, D, K)
   */
  public static DoubleTensor solve(LinearOde ode) {
    return run(ode, false).values();
  }

  /** The solution together with the factors, for {@link Adjoint}. */
  public static Solved solveAndKeep(LinearOde ode) {
    return run(ode, true);
  }

  private static Solved run(LinearOde ode, boolean keep) {
    int batch = ode.batch();
    int capacity = Math.min(BLOCK, batch);
    boolean shared = ode.sharedLeftSide();
    Factor.Scratch scratch = new Factor.Scratch(ode, shared ? 1 : capacity);
    Substitution substitution = new Substitution(ode, capacity);
    DoubleTensor values = DoubleTensor.zeros(ode.solutionShape());
    List<Factor> factors = new ArrayList<>();
    Factor factor = null;
    for (int from = 0; from < batch; from += capacity) {
      int lanes = Math.min(capacity, batch - from);
      boolean fresh = !shared || from == 0;
      if (factor == null || keep && fresh) {
        factor = new Factor(ode, shared ? 1 : capacity, scratch);
        factors.add(factor);
      }
      if (fresh) {
        factor.begin(from, shared ? 1 : lanes);
      }
      substitution.begin(from, lanes);
      for (int s = 0; s < ode.points(); s++) {
        if (fresh) {
          factor.advance(s);
        } else {
          factor.coefficients(s);
        }
        substitution.forward(factor, s);
      }
      for (int s = ode.points() - 1; s >= 0; s--) {
        substitution.backward(factor, s);
      }
      substitution.store(values);
    }
    return new Solved(ode, values, factors, substitution);
  }

  /** A solution with what its gradients need. For one thread at a time. */
  public static final class Solved {
    private final LinearOde ode;
    private final DoubleTensor values;
    private final List<Factor> factors;
    private final Substitution substitution;

    private Solved(
        LinearOde ode, DoubleTensor values, List<Factor> factors, Substitution substitution) {
      this.ode = ode;
      this.values = values;
      this.factors = factors;
      this.substitution = substitution;
    }

    public LinearOde ode() {
      return ode;
    }

    /** The solution, shape batch + (N, D, K). */
    public DoubleTensor values() {
      return values;
    }

    Factor factor(int block) {
      return factors.get(factors.size() == 1 ? 0 : block);
    }

    Substitution substitution() {
      return substitution;
    }
  }
}
