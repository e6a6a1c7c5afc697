package etesian.operators.smnn;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Solves a batch of {@link LinearOde}s by a block Cholesky factorisation in one pass over time:
 * O(N) in time and memory. Assembly, elimination and substitution of a point are one loop body that
 * works on up to {@value Blocks#MOST} batch elements at once, an array per matrix entry. When all
 * elements share coefficients and steps, the left side is factored once and only substituted for
 * each.
 *
 * <p>Errors grow with the condition of the normal equations (1e8 at N = 10 with K = 4): relative
 * about condition x 2^-53.
 *
 * <p>All methods throw {@link IllConditioned} where a pivot fails, {@link IllegalArgumentException}
 * where an input holds a value that is not finite, and {@link ArithmeticException} where the
 * solution overflows. Blocks of the batch are spread over the given number of threads; the result
 * is the same to the bit for any.
 */
public final class BandedSolver {
  private BandedSolver() {}

  /**
   * The least-squares solution.
   *
   * @return shape batch + (N, D, K)
   */
  public static DoubleTensor solve(LinearOde ode) {
    return solve(ode, 1);
  }

  /** {@link #solve(LinearOde)} on {@code threads} threads. */
  public static DoubleTensor solve(LinearOde ode, int threads) {
    return run(ode, false, threads).values();
  }

  /** The solution together with the factors, for {@link Adjoint} and {@link Solved#again}. */
  public static Solved solveAndKeep(LinearOde ode) {
    return solveAndKeep(ode, 1);
  }

  /** {@link #solveAndKeep(LinearOde)} on {@code threads} threads. */
  public static Solved solveAndKeep(LinearOde ode, int threads) {
    return run(ode, true, threads);
  }

  private static Solved run(LinearOde ode, boolean keep, int threads) {
    if (SingleSolver.serves(ode)) {
      return new Solved(ode, factored(ode));
    }
    Blocks blocks = Blocks.of(ode.batch());
    boolean shared = ode.sharedLeftSide();
    Factor[] factors = new Factor[shared ? 1 : blocks.count()];
    Solved solved = new Solved(ode, blocks, factors, new ConcurrentLinkedQueue<>());
    if (shared) {
      checked(
          ode,
          () -> {
            BlockSolver worker = solved.newWorker();
            factors[0] = new Factor(ode, 1).of(0, 1);
            worker.factor(factors[0]);
            solved.idle.add(worker);
          });
      solved.substitute(threads);
      return solved;
    }
    Queue<Factor> spare = new ConcurrentLinkedQueue<>();
    checked(
        ode,
        () ->
            blocks.each(
                threads,
                solved.idle,
                solved::newWorker,
                (worker, block) -> {
                  Factor factor = spare.poll();
                  if (factor == null) {
                    factor = new Factor(ode, blocks.lanes());
                  }
                  factor.of(blocks.from(block), blocks.lanes(block));
                  RightSide right = new RightSide(ode, blocks.lanes());
                  worker.factorAndSolve(factor, right, solved.values.values());
                  if (keep) {
                    factors[block] = factor;
                  } else {
                    spare.add(factor);
                  }
                }));
    return solved;
  }

  private static SingleSolver factored(LinearOde ode) {
    SingleSolver[] single = new SingleSolver[1];
    checked(ode, () -> single[0] = new SingleSolver(ode));
    return single[0];
  }

  // Inputs are looked through only after a failure: a value that is not finite always causes one.
  private static void checked(LinearOde ode, Runnable body) {
    try {
      body.run();
    } catch (ArithmeticException e) {
      ode.checkFinite();
      throw e;
    }
  }

  /**
   * A solution with the factors of its left side. Safe for several threads, as long as nothing
   * changes the inputs.
   */
  public static final class Solved {
    private final LinearOde ode;
    private final DoubleTensor values;
    private final SingleSolver single; // null where blocks of lanes do the work
    private final Blocks blocks;
    private final Factor[] factors;
    private final Queue<BlockSolver> idle;

    private Solved(LinearOde ode, SingleSolver single) {
      this.ode = ode;
      this.single = single;
      blocks = Blocks.of(1);
      factors = new Factor[1];
      idle = new ConcurrentLinkedQueue<>();
      values = new DoubleTensor(solution(ode, single), ode.solutionShape());
    }

    private static double[] solution(LinearOde ode, SingleSolver single) {
      double[] z = SingleSolver.rightSide(ode);
      checked(ode, () -> single.solve(z));
      return z;
    }

    private Solved(LinearOde ode, Blocks blocks, Factor[] factors, Queue<BlockSolver> idle) {
      this.ode = ode;
      this.blocks = blocks;
      this.factors = factors;
      this.idle = idle;
      single = null;
      values = DoubleTensor.zeros(ode.solutionShape());
    }

    public LinearOde ode() {
      return ode;
    }

    /** The solution, shape batch + (N, D, K). */
    public DoubleTensor values() {
      return values;
    }

    /**
     * Solves the same left side with another right side, without factoring again. Gradients of the
     * result, too, come at the price of a substitution.
     *
     * @param rhs r, shape batch + (N or 1, E)
     * @param initial v, of as many points, variables and orders as before
     * @throws IllegalArgumentException where shapes do not fit, or the batch is another one though
     *     batch elements have left sides of their own
     */
    public Solved again(DoubleTensor rhs, DoubleTensor initial) {
      return again(rhs, initial, 1);
    }

    /** {@link #again(DoubleTensor, DoubleTensor)} on {@code threads} threads. */
    public Solved again(DoubleTensor rhs, DoubleTensor initial, int threads) {
      LinearOde other = ode.withRightSide(rhs, initial);
      if (single != null && other.batch() == 1) {
        return new Solved(other, single);
      }
      boolean sameBatch = other.batch() == ode.batch();
      Solved solved =
          new Solved(
              other,
              sameBatch ? blocks : Blocks.of(other.batch()),
              single == null ? factors : new Factor[] {single.factor()},
              sameBatch ? idle : new ConcurrentLinkedQueue<>());
      solved.substitute(threads);
      return solved;
    }

    private void substitute(int threads) {
      checked(
          ode,
          () ->
              blocks.each(
                  threads,
                  idle,
                  this::newWorker,
                  (worker, block) ->
                      worker.solve(
                          factor(block),
                          blocks.from(block),
                          blocks.lanes(block),
                          new RightSide(ode, blocks.lanes()),
                          values.values())));
    }

    /** The solver of a batch of one, or null. */
    SingleSolver single() {
      return single;
    }

    Blocks blocks() {
      return blocks;
    }

    Factor factor(int block) {
      return factors[factors.length == 1 ? 0 : block];
    }

    Queue<BlockSolver> idle() {
      return idle;
    }

    BlockSolver newWorker() {
      return new BlockSolver(ode, blocks.lanes(), ode.sharedLeftSide());
    }
  }
}
