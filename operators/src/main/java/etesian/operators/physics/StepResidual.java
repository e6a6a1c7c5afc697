package etesian.operators.physics;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import etesian.operators.Devices;
import etesian.operators.Tensor;

/**
 * What an equation leaves over of one step, in the unit of the state per second: zero for a
 * solution but for the error of the time integration,
 *
 * <pre>
 *   R = ( state(c_1) - state(c_0) ) / T - sum_j b_j tendency(c_j),    j = 1, 0, -1, -2
 * </pre>
 *
 * with the weights b of Adams and Moulton: of order 2, 3 and 4 in T where 1, 2 and 3 fields before
 * the step are known. Of a tracer with one of them and of the middle of the step this is {@link
 * etesian.operators.spectral.AdvectionDiffusion} of the function that is linear in time. By
 * Parseval's theorem the mean of its square over the cells of a torus is the spectral loss.
 *
 * <p>What stands before a step is a tensor of shape (batch, 2 + fields, rows, columns): the winds u
 * and v, then the fields, newest first. Float64 inside. For one thread at a time.
 */
public final class StepResidual implements AutoCloseable {
  /** Channels before the fields. */
  public static final int WINDS = 2;

  private static final double[][] ADAMS_MOULTON = {
    {1 / 2.0, 1 / 2.0},
    {5 / 12.0, 8 / 12.0, -1 / 12.0},
    {9 / 24.0, 19 / 24.0, -5 / 24.0, 1 / 24.0}
  };

  /** Fields before a step that are of use. */
  public static final int MOST_FIELDS = ADAMS_MOULTON.length;

  private final Equation equation;
  private final Derivatives derivatives;
  private final double seconds;
  private final double[] weights;

  /**
   * How large it is: weighted means of squares over cells and samples.
   *
   * @param residual of R, in the square of its unit
   * @param tendency of (state(c_1) - state(c_0)) / T: the residual of one who knows no physics and
   *     expects no change
   */
  public record Size(double residual, double tendency) {
    /** Root of their quotient: 0 for a solution, 1 for an equation that explains nothing. */
    public double ratio() {
      return Math.sqrt(residual / tendency);
    }
  }

  /**
   * @param seconds T, of the step
   * @param fields known before it, 1 to 3
   */
  public StepResidual(Equation equation, Surface surface, double seconds, int fields) {
    if (!(seconds > 0) || fields < 1 || fields > MOST_FIELDS) {
      throw new IllegalArgumentException(
          String.format(
              "a step of %s s after %d fields, expected above 0 s and 1 to %d fields",
              seconds, fields, MOST_FIELDS));
    }
    this.equation = equation;
    this.seconds = seconds;
    weights = ADAMS_MOULTON[fields - 1].clone();
    derivatives = new Derivatives(surface, equation.depth());
  }

  /** Fields that it wants to know before a step. */
  public int fields() {
    return weights.length - 1;
  }

  /**
   * @param later c_1, shape (batch, rows, columns), float64
   * @param before what stands before the step, float64
   * @return R, shape (batch, rows, columns), differentiable in c_1
   */
  public NDArray of(NDArray later, NDArray before) {
    NDArray u = channel(before, 0);
    NDArray v = channel(before, 1);
    NDArray sum =
        equation.tendency(derivatives, later, u, v).mul(Devices.number(later, weights[0]));
    for (int j = 0; j < fields(); j++) {
      NDArray earlier = channel(before, WINDS + j);
      sum =
          sum.add(
              equation
                  .tendency(derivatives, earlier, u, v)
                  .mul(Devices.number(later, weights[j + 1])));
    }
    return change(later, before).sub(sum);
  }

  /** Weighted mean square over cells and samples, a scalar. */
  public NDArray meanSquare(NDArray residual) {
    return derivatives.mean(residual.square()).mean();
  }

  /**
   * Of fields that are known.
   *
   * @param later shape (batch, 1, rows, columns)
   */
  public Size size(Tensor later, Tensor before) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = Devices.newManager();
              NDScope temporaries = new NDScope()) {
            temporaries.suppressNotUsedWarning();
            NDArray next = channel(Devices.place(scope, later).toType(DataType.FLOAT64, false), 0);
            NDArray known = Devices.place(scope, before).toType(DataType.FLOAT64, false);
            return new Size(
                meanSquare(of(next, known)).getDouble(),
                meanSquare(change(next, known)).getDouble());
          }
        });
  }

  private NDArray change(NDArray later, NDArray before) {
    NDArray now = channel(before, WINDS);
    return equation
        .state(derivatives, later)
        .sub(equation.state(derivatives, now))
        .div(Devices.number(later, seconds));
  }

  static NDArray channel(NDArray array, int channel) {
    return array.get(new NDIndex().addAllDim().addIndices(channel));
  }

  @Override
  public void close() {
    derivatives.close();
  }
}
