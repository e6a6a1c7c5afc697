package etesian.ops.bench;

import etesian.operators.smnn.Adjoint;
import etesian.operators.smnn.BandedSolver;
import etesian.operators.smnn.DoubleTensor;
import etesian.operators.smnn.LinearOde;
import java.util.List;
import java.util.Random;

/**
 * S-MNN with two equations for two variables of three orders, every input its own for every batch
 * element and time point. Backward gives the gradients of all four inputs with the factors of the
 * forward pass. The results of a pass are the solution or the gradients.
 */
final class SmnnCases {
  private static final int VARIABLES = 2;
  private static final int ORDERS = 3;
  private static final int EQUATIONS = 2;

  private SmnnCases() {}

  static List<Case> all() {
    return List.of(
        new TimedCase("N=1024 batch=256 forward", () -> forward(1024, 256)),
        new TimedCase("N=1024 batch=256 backward", () -> backward(1024, 256)),
        new TimedCase("N=1024 batch=1 forward", () -> forward(1024, 1)),
        new TimedCase("N=1024 batch=1 backward", () -> backward(1024, 1)),
        new TimedCase("N=4096 batch=256 both", () -> both(4096, 256)));
  }

  private static Work forward(int points, int batch) {
    LinearOde ode = ode(points, batch);
    long result = 8L * batch * points * VARIABLES * ORDERS;
    return Work.onTheHeap(() -> BandedSolver.solve(ode), result);
  }

  private static Work backward(int points, int batch) {
    LinearOde ode = ode(points, batch);
    BandedSolver.Solved solved = BandedSolver.solveAndKeep(ode);
    DoubleTensor cotangent = cotangent(points, batch);
    return Work.onTheHeap(() -> Adjoint.of(solved, cotangent), gradients(ode));
  }

  private static Work both(int points, int batch) {
    LinearOde ode = ode(points, batch);
    DoubleTensor cotangent = cotangent(points, batch);
    return Work.onTheHeap(
        () -> Adjoint.of(BandedSolver.solveAndKeep(ode), cotangent), gradients(ode));
  }

  /** Bytes of the gradients, which are as large as the inputs. */
  private static long gradients(LinearOde ode) {
    return 8L
        * (ode.coefficients().values().length
            + ode.rhs().values().length
            + ode.initial().values().length
            + ode.steps().values().length);
  }

  /** Random, with gaps of 0.5 to 1.5 between the points. */
  private static LinearOde ode(int points, int batch) {
    Random random = new Random(1);
    double[] steps = new double[batch * (points - 1)];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = 0.5 + random.nextDouble();
    }
    return new LinearOde(
        normal(random, batch, points, EQUATIONS, VARIABLES, ORDERS),
        normal(random, batch, points, EQUATIONS),
        normal(random, batch, 1, VARIABLES, ORDERS),
        new DoubleTensor(steps, batch, points - 1),
        points,
        LinearOde.Penalties.ONES,
        false);
  }

  private static DoubleTensor cotangent(int points, int batch) {
    return normal(new Random(2), batch, points, VARIABLES, ORDERS);
  }

  private static DoubleTensor normal(Random random, int... shape) {
    DoubleTensor tensor = DoubleTensor.zeros(shape);
    for (int i = 0; i < tensor.values().length; i++) {
      tensor.values()[i] = random.nextGaussian();
    }
    return tensor;
  }
}
