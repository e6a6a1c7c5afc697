package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import etesian.operators.Devices;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Distances of functions as NeuralOperator measures them: the axes of space are the last ones, and
 * every channel of every sample counts by itself. With prediction y, target t, e = y - t:
 *
 * <pre>
 *   LP:    |e| = ( sum |e|^p )^(1/p)
 *   H1:    |e| = ( sum e^2 + sum_i (D_i e)^2 )^(1/2)          D_i by {@link FiniteDifferences}
 *   HDIV:  |e| = ( sum e^2 + ( sum_i D_i e )^2 )^(1/2)        of a single channel, as published
 *
 *   relative (as it begins): |e| / ( |t| + 1e-8 );   absolute: with the area of a cell in the sums
 * </pre>
 *
 * <p>{@link Loss} is for training on a stream: it knows of cell weights, masks and missing values.
 */
public final class FunctionLoss {
  private static final double TINY = 1e-8;

  /** What is summed. */
  private enum Kind {
    LP,
    H1,
    HDIV
  }

  private final Kind kind;
  private final double p;
  private final boolean periodic;
  private final double[] measure;
  private final boolean relative;
  private final boolean mean;
  private final boolean root;

  private FunctionLoss(
      Kind kind,
      double p,
      boolean periodic,
      double[] measure,
      boolean relative,
      boolean mean,
      boolean root) {
    this.kind = kind;
    this.p = p;
    this.periodic = periodic;
    this.measure = measure;
    this.relative = relative;
    this.mean = mean;
    this.root = root;
  }

  /**
   * @param p at least 1
   * @param axes of space, whose lengths are 1
   */
  public static FunctionLoss lp(double p, int axes) {
    if (!(p >= 1)) {
      throw new IllegalArgumentException("an L" + p + " norm, expected p >= 1");
    }
    return new FunctionLoss(Kind.LP, p, false, ones(axes), true, false, true);
  }

  /** Values and slopes; all axes go round, or none does. */
  public static FunctionLoss h1(int axes, boolean periodic) {
    return new FunctionLoss(Kind.H1, 2, periodic, ones(axes), true, false, true);
  }

  /** Values and the sum of their slopes. */
  public static FunctionLoss hdiv(int axes, boolean periodic) {
    return new FunctionLoss(Kind.HDIV, 2, periodic, ones(axes), true, false, true);
  }

  private static double[] ones(int axes) {
    double[] ones = new double[axes];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The same on axes of other lengths. */
  public FunctionLoss on(double... lengths) {
    if (lengths.length != measure.length) {
      throw new IllegalArgumentException(
          lengths.length + " lengths for " + measure.length + " axes of space");
    }
    return new FunctionLoss(kind, p, periodic, lengths.clone(), relative, mean, root);
  }

  /** The distance itself, not as a share of the target. */
  public FunctionLoss absolute() {
    return new FunctionLoss(kind, p, periodic, measure, false, mean, root);
  }

  /** The mean over samples and channels, not their sum. */
  public FunctionLoss mean() {
    return new FunctionLoss(kind, p, periodic, measure, relative, true, root);
  }

  /** Without the p-th root. */
  public FunctionLoss withoutRoot() {
    return new FunctionLoss(kind, p, periodic, measure, relative, mean, false);
  }

  /**
   * @param prediction shape (samples, channels, axes of space...)
   * @param target same shape
   * @return a scalar, differentiable in the prediction where it is not the target
   */
  public NDArray of(NDArray prediction, NDArray target) {
    if (!prediction.getShape().equals(target.getShape())) {
      throw new IllegalArgumentException(
          "prediction " + prediction.getShape() + ", target " + target.getShape());
    }
    NDArray distance = norm(prediction.sub(target));
    if (relative) {
      distance = distance.div(norm(target).add(TINY));
    }
    return mean ? distance.mean() : distance.sum();
  }

  private NDArray norm(NDArray u) {
    int rank = u.getShape().dimension();
    int[] space = IntStream.range(rank - measure.length, rank).toArray();
    double cell = 1;
    double[] gaps = new double[measure.length];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = measure[i] / u.getShape().get(space[i]);
      cell *= gaps[i];
    }
    NDArray sum =
        (p == 2 ? u.square() : p == 1 ? u.abs() : u.abs().pow(Devices.number(u, p))).sum(space);
    if (kind != Kind.LP) {
      FiniteDifferences differences = new FiniteDifferences(periodic, gaps);
      NDArray slopes = null;
      for (int axis = 0; axis < gaps.length; axis++) {
        NDArray slope = differences.first(u, axis);
        if (kind == Kind.H1) {
          sum = sum.add(slope.square().sum(space));
        } else {
          slopes = slopes == null ? slope : slopes.add(slope);
        }
      }
      if (slopes != null) {
        sum = sum.add(slopes.square().sum(space));
      }
    }
    if (!relative) {
      sum = sum.mul(Devices.number(sum, cell));
    }
    if (!root || p == 1) {
      return sum;
    }
    return p == 2 ? sum.sqrt() : sum.pow(Devices.number(sum, 1 / p));
  }
}
