package etesian.operators.smnn;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Gradients of a scalar of the solution with respect to all four inputs, by implicit
 * differentiation: one substitution with the factors of the forward pass, and closed forms on its
 * way back. With g the gradient by the solution, M y = g, and e = r - C x:
 *
 * <pre>
 *   by C[s]:  w_e^2 ( e y' - (C y) x' )      by r[s]:  w_e^2 C y      by v:  w_i^2 y
 *   by h[s]:  -w_s^2 sum over the smoothness rows of (row' x)(row y) + (row x)(row' y)
 * </pre>
 *
 * An input that serves for several batch elements or time points gets the sum over them.
 *
 * <p>Source: Scalable Mechanistic Neural Networks, arXiv 2410.06074 (implicit differentiation; the
 * closed forms follow from its least-squares problem).
 */
public final class Adjoint {
  private Adjoint() {}

  /**
   * Gradients, each of the shape of its input.
   *
   * @param coefficients by c
   * @param rhs by r
   * @param initial by v
   * @param steps by h
   */
  public record Gradients(
      DoubleTensor coefficients, DoubleTensor rhs, DoubleTensor initial, DoubleTensor steps) {}

  /**
   * Gradients of the right side alone: all that is wanted where the left side is frozen.
   *
   * @param rhs by r
   * @param initial by v
   */
  public record RightSideGradients(DoubleTensor rhs, DoubleTensor initial) {}

  /**
   * @param solved from {@link BandedSolver#solveAndKeep}
   * @param cotangent gradient of the scalar by the solution, of its shape
   */
  public static Gradients of(BandedSolver.Solved solved, DoubleTensor cotangent) {
    return of(solved, cotangent, 1);
  }

  /** {@link #of(BandedSolver.Solved, DoubleTensor)} on {@code threads} threads. */
  public static Gradients of(BandedSolver.Solved solved, DoubleTensor cotangent, int threads) {
    Sums sums = new Sums(solved, true);
    run(solved, cotangent, threads, sums);
    return new Gradients(
        sums.coefficients.total(), sums.rhs.total(), sums.initial.total(), sums.steps.total());
  }

  /** As {@link #of(BandedSolver.Solved, DoubleTensor)}, for the right side alone. */
  public static RightSideGradients ofRightSide(BandedSolver.Solved solved, DoubleTensor cotangent) {
    return ofRightSide(solved, cotangent, 1);
  }

  /** {@link #ofRightSide(BandedSolver.Solved, DoubleTensor)} on {@code threads} threads. */
  public static RightSideGradients ofRightSide(
      BandedSolver.Solved solved, DoubleTensor cotangent, int threads) {
    Sums sums = new Sums(solved, false);
    run(solved, cotangent, threads, sums);
    return new RightSideGradients(sums.rhs.total(), sums.initial.total());
  }

  /** Where the gradients of all blocks go; those of the left side only where they are wanted. */
  private static final class Sums {
    final GradientSum coefficients;
    final GradientSum rhs;
    final GradientSum initial;
    final GradientSum steps;

    Sums(BandedSolver.Solved solved, boolean leftSide) {
      LinearOde ode = solved.ode();
      int blocks = solved.blocks().count();
      rhs = new GradientSum(ode, ode.rhs(), 2, blocks);
      initial = new GradientSum(ode, ode.initial(), 3, blocks);
      coefficients = leftSide ? new GradientSum(ode, ode.coefficients(), 4, blocks) : null;
      steps = leftSide ? new GradientSum(ode, ode.steps(), 1, blocks) : null;
    }
  }

  private static void run(
      BandedSolver.Solved solved, DoubleTensor cotangent, int threads, Sums sums) {
    if (cotangent.values().length != solved.values().values().length) {
      throw new IllegalArgumentException(
          cotangent + " is not the gradient of a solution " + solved.values());
    }
    if (solved.single() != null) {
      runSingle(solved, cotangent, sums);
      return;
    }
    Blocks blocks = solved.blocks();
    Queue<AdjointSweep> idle = new ConcurrentLinkedQueue<>();
    try {
      blocks.each(
          threads,
          idle,
          () -> sweep(solved, cotangent, sums.coefficients != null),
          (sweep, block) -> {
            sweep.into(
                sums.rhs.of(block),
                sums.initial.of(block),
                sums.coefficients == null ? null : sums.coefficients.of(block),
                sums.steps == null ? null : sums.steps.of(block));
            sweep.run(solved.factor(block), blocks.from(block), blocks.lanes(block));
          });
    } catch (ArithmeticException e) {
      cotangent.checkFinite("cotangent");
      throw e;
    } finally {
      idle.forEach(sweep -> solved.idle().add(sweep.worker()));
    }
  }

  private static void runSingle(BandedSolver.Solved solved, DoubleTensor cotangent, Sums sums) {
    double[] y = cotangent.values().clone();
    try {
      solved.single().solve(y);
    } catch (ArithmeticException e) {
      cotangent.checkFinite("cotangent");
      throw e;
    }
    SingleAdjoint adjoint = new SingleAdjoint(solved.ode(), solved.values().values(), y);
    boolean leftSide = sums.coefficients != null;
    adjoint.addEquations(sums.rhs.of(0), leftSide ? sums.coefficients.of(0) : null);
    adjoint.addInitial(sums.initial.of(0));
    if (leftSide) {
      adjoint.addSteps(sums.steps.of(0));
    }
  }

  private static AdjointSweep sweep(
      BandedSolver.Solved solved, DoubleTensor cotangent, boolean leftSide) {
    BlockSolver worker = solved.idle().poll();
    return new AdjointSweep(
        solved, worker == null ? solved.newWorker() : worker, cotangent, leftSide);
  }
}
