package etesian.operators.physics;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.training.LossTerm;
import etesian.operators.training.Samples;
import java.util.Arrays;
import java.util.Optional;

/**
 * The residual of an equation in what an operator makes of windows without targets:
 *
 * <pre>
 *   c_1 = base + s y,   term = max( 0, &lt;R^2&gt; - floor ) / tendency
 * </pre>
 *
 * <ul>
 *   <li>y: output of the operator for the variable, without unit; s: deviations of its
 *       standardisation, shape (rows, columns), in the unit of the variable; base: 0 for anomalies,
 *       the climatology where the equation wants the whole field
 *   <li>&lt;R^2&gt;: mean square of {@link StepResidual} over cells and the windows of a batch
 *   <li>floor: the same of observed fields, which no forecast should undercut: what the equation
 *       lacks, it does not teach. A wrong equation has a high floor and teaches little
 *   <li>tendency: mean square of the observed tendency, so that the term has no unit and is about 1
 *       for a forecast that explains nothing
 * </ul>
 */
public final class PhysicsTerm implements LossTerm {
  /** Name of the term in results and events. */
  public static final String NAME = "physics";

  private final double weight;
  private final StepResidual residual;
  private final Samples windows;
  private final int variable;
  private final NDManager owner = Devices.newManager();
  private final NDArray deviations;
  private final double floor;
  private final double tendency;

  /**
   * @param weight of the term, above 0
   * @param residual stays the caller's to close
   * @param windows inputs of the operator, at least one; beside each, in the place of its target,
   *     what stands before the step ({@link StepResidual}), and then the base of the field after it
   * @param variable output channel of the operator
   * @param deviations s
   * @param floor in the square of the residual's unit, at least 0
   * @param tendency likewise, above 0
   */
  public PhysicsTerm(
      double weight,
      StepResidual residual,
      Samples windows,
      int variable,
      float[] deviations,
      double floor,
      double tendency) {
    long[] shape = windows.target().shape();
    boolean fits =
        shape[0] > 0
            && shape[1] == StepResidual.WINDS + residual.fields() + 1
            && deviations.length == shape[2] * shape[3];
    if (!(weight > 0) || !(floor >= 0) || !(tendency > 0) || !fits) {
      throw new IllegalArgumentException(
          String.format(
              "weight %s, floor %s, tendency %s, %d deviations and windows with %s: expected above"
                  + " 0, at least 0, above 0, a deviation for each cell, at least one window with 2"
                  + " winds, %d fields and a base",
              weight,
              floor,
              tendency,
              deviations.length,
              Arrays.toString(shape),
              residual.fields()));
    }
    this.weight = weight;
    this.residual = residual;
    this.windows = windows;
    this.variable = variable;
    this.floor = floor;
    this.tendency = tendency;
    this.deviations =
        Devices.place(owner, new Tensor(deviations, shape[2], shape[3]))
            .toType(DataType.FLOAT64, false);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double weight() {
    return weight;
  }

  @Override
  public Optional<Samples> windows() {
    return Optional.of(windows);
  }

  @Override
  public NDArray of(NDManager scope, NDArray prediction, Samples batch) {
    NDArray known = Devices.place(scope, batch.target()).toType(DataType.FLOAT64, false);
    NDArray base = StepResidual.channel(known, StepResidual.WINDS + residual.fields());
    NDArray later = // float64 by the deviations: the engine's conversion of a type loses gradients
        StepResidual.channel(prediction, variable).mul(deviations).add(base);
    NDArray square = residual.meanSquare(residual.of(later, known));
    NDArray above = NDArrays.maximum(square.sub(floor), Devices.number(square, 0));
    return above.div(Devices.number(square, tendency));
  }

  @Override
  public void close() {
    owner.close();
  }
}
