package etesian.operators.smnn;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A batch of linear ordinary differential equations as one weighted least-squares problem each.
 *
 * <pre>
 *   minimise  w_e^2 sum_{s,e} ( sum_{d,o} c[s,e,d,o] u[s,d,o] - r[s,e] )^2
 *           + w_i^2 sum_{s&lt;M,d,o&lt;Q} ( u[s,d,o] - v[s,d,o] )^2  +  w_s^2 Smooth(u)
 * </pre>
 *
 * The unknown u[s,d,o] is the o-th derivative of variable d at time point s, without any scaling.
 * Smooth couples neighbouring points by their Taylor polynomials, forward and backward in time.
 *
 * <ul>
 *   <li>N time points, E equations at each, D variables, K orders (the highest derivative is K-1)
 *   <li>batch axes come first and are equally many in all four inputs; an axis of length 1, batch
 *       or time, serves for all
 * </ul>
 *
 * Source: Scalable Mechanistic Neural Networks, arXiv 2410.06074.
 *
 * @param coefficients c, shape batch + (N or 1, E, D, K)
 * @param rhs r, shape batch + (N or 1, E)
 * @param initial v, shape batch + (M, D, Q), M at most N (0: no initial values), Q at most K
 * @param steps the positive gaps between time points, shape batch + (N-1 or 1)
 * @param points N, at least 2; at least 3 when central
 * @param penalties the three weights
 * @param central ties the highest derivative by central differences over two gaps (more accurate,
 *     needs K at least 2) instead of matching it between neighbours
 */
public record LinearOde(
    DoubleTensor coefficients,
    DoubleTensor rhs,
    DoubleTensor initial,
    DoubleTensor steps,
    int points,
    Penalties penalties,
    boolean central) {

  /**
   * How strongly each kind of row counts; the squares enter the normal equations.
   *
   * @param equation w_e
   * @param initial w_i
   * @param smoothness w_s
   */
  public record Penalties(double equation, double initial, double smoothness) {
    /** All rows count alike. */
    public static final Penalties ONES = new Penalties(1, 1, 1);
  }

  public LinearOde {
    int axes = coefficients.shape().length - 4;
    check(
        axes >= 0
            && rhs.shape().length == axes + 2
            && initial.shape().length == axes + 3
            && steps.shape().length == axes + 1,
        "coefficients %s, rhs %s, initial %s and steps %s do not have the same number of batch axes"
            + " before their own 4, 2, 3 and 1",
        coefficients,
        rhs,
        initial,
        steps);
    check(points >= (central ? 3 : 2), "%d time points are too few", points);
    int time = coefficients.fromEnd(4);
    check(time == points || time == 1, "%s: expected %d or 1 points", coefficients, points);
    check(
        rhs.fromEnd(1) == coefficients.fromEnd(3),
        "rhs %s and coefficients %s differ in the number of equations",
        rhs,
        coefficients);
    check(
        rhs.fromEnd(2) == points || rhs.fromEnd(2) == 1,
        "rhs %s: expected %d or 1 points",
        rhs,
        points);
    check(
        initial.fromEnd(3) <= points
            && initial.fromEnd(2) == coefficients.fromEnd(2)
            && initial.fromEnd(1) <= coefficients.fromEnd(1),
        "initial %s does not fit into %d points of coefficients %s",
        initial,
        points,
        coefficients);
    check(
        steps.fromEnd(1) == points - 1 || steps.fromEnd(1) == 1,
        "steps %s: expected %d or 1 gaps",
        steps,
        points - 1);
    for (double h : steps.values()) {
      if (!(h > 0)) { // not by check: it would make an object of each step
        throw new IllegalArgumentException("a step is positive, got " + h);
      }
    }
    check(!central || coefficients.fromEnd(1) >= 2, "central needs two orders or more");
    for (int axis = 0; axis < axes; axis++) {
      int length = batchLength(axis, coefficients, rhs, initial, steps);
      for (DoubleTensor t : new DoubleTensor[] {coefficients, rhs, initial, steps}) {
        check(
            t.shape()[axis] == length || t.shape()[axis] == 1,
            "%s: batch axis %d has neither length %d nor 1",
            t,
            axis,
            length);
      }
    }
  }

  private static void check(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(message, arguments));
    }
  }

  private static int batchLength(int axis, DoubleTensor... inputs) {
    return Arrays.stream(inputs).mapToInt(t -> t.shape()[axis]).max().orElseThrow();
  }

  /** E. */
  public int equations() {
    return coefficients.fromEnd(3);
  }

  /** D. */
  public int variables() {
    return coefficients.fromEnd(2);
  }

  /** K. */
  public int orders() {
    return coefficients.fromEnd(1);
  }

  /** D K, the unknowns of one time point. */
  int unknowns() {
    return variables() * orders();
  }

  private int[] batchShape() {
    return IntStream.range(0, coefficients.shape().length - 4)
        .map(axis -> batchLength(axis, coefficients, rhs, initial, steps))
        .toArray();
  }

  /** Number of problems: the product of the batch axes. */
  public int batch() {
    return Arrays.stream(batchShape()).reduce(1, Math::multiplyExact);
  }

  /** The same left side with another right side. */
  LinearOde withRightSide(DoubleTensor rhs, DoubleTensor initial) {
    LinearOde other = new LinearOde(coefficients, rhs, initial, steps, points, penalties, central);
    check(
        initial.fromEnd(3) == this.initial.fromEnd(3)
            && initial.fromEnd(1) == this.initial.fromEnd(1),
        "initial %s: expected the points and orders of %s, which are part of the left side",
        initial,
        this.initial);
    check(
        sharedLeftSide() || Arrays.equals(other.batchShape(), batchShape()),
        "batch %s: expected %s, as each element has its own left side",
        Arrays.toString(other.batchShape()),
        Arrays.toString(batchShape()));
    return other;
  }

  /** Refuses inputs with a value that is not finite. */
  void checkFinite() {
    coefficients.checkFinite("coefficients");
    rhs.checkFinite("rhs");
    initial.checkFinite("initial");
    steps.checkFinite("steps");
  }

  /** Where each batch element begins in the solution. */
  int[] solutionOffsets() {
    int[] offsets = new int[batch()];
    Arrays.setAll(offsets, b -> Math.multiplyExact(b, points * unknowns()));
    return offsets;
  }

  /** batch + (N, D, K). */
  int[] solutionShape() {
    int[] batch = batchShape();
    int[] shape = Arrays.copyOf(batch, batch.length + 3);
    shape[batch.length] = points;
    shape[batch.length + 1] = variables();
    shape[batch.length + 2] = orders();
    return shape;
  }

  /** Where each batch element begins in the values of an input with {@code own} axes of its own. */
  int[] offsets(DoubleTensor input, int own) {
    int[] full = batchShape();
    int size = 1;
    for (int axis = 1; axis <= own; axis++) {
      size *= input.fromEnd(axis);
    }
    int[] offsets = new int[batch()];
    for (int b = 0; b < offsets.length; b++) {
      int rest = b;
      int stride = size;
      for (int axis = full.length - 1; axis >= 0; axis--) {
        int index = rest % full[axis];
        rest /= full[axis];
        int length = input.shape()[axis];
        offsets[b] += length == 1 ? 0 : index * stride;
        stride *= length;
      }
    }
    return offsets;
  }

  /** Whether all batch elements share coefficients and steps, so that one factor serves for all. */
  boolean sharedLeftSide() {
    int axes = coefficients.shape().length - 4;
    return IntStream.range(0, axes)
        .allMatch(axis -> coefficients.shape()[axis] == 1 && steps.shape()[axis] == 1);
  }
}
