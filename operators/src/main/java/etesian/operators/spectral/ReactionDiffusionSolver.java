package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.torchscript.TorchScript;
import java.util.List;
import java.util.Map;

/**
 * Solves u_t = nu u_xx + rho u (1 - u) on the periodic unit interval by Lie splitting, first order
 * in the step: the reference solver of the Neural Spectral Methods.
 *
 * <pre>
 *   u = u g / (u g + 1 - u),  g = exp(rho dt);   then  u_k = u_k exp(- nu (2 pi k)^2 dt)
 * </pre>
 *
 * Not safe for several threads at once.
 */
public final class ReactionDiffusionSolver implements AutoCloseable {
  private final int n;
  private final NDManager owner = Devices.newManager();
  private final TorchScript program;

  /**
   * @param n points
   * @param dt time step, above 0
   * @param steps of one {@link #advance}
   */
  public ReactionDiffusionSolver(int n, ReactionDiffusion equation, double dt, int steps) {
    if (n < 2 || !(dt > 0) || steps < 1) {
      throw new IllegalArgumentException(
          String.format(
              "n = %d, dt = %s, steps = %d; expected at least 2 points and positive numbers",
              n, dt, steps));
    }
    this.n = n;
    program =
        TorchScript.compile(
            owner,
            TorchScript.resource(ReactionDiffusionSolver.class, "reaction_diffusion.py"),
            Map.of(
                "n",
                n,
                "growth",
                Math.exp(equation.rho() * dt),
                "damping",
                equation.nu() * 4 * Math.PI * Math.PI * dt,
                "steps",
                steps));
  }

  /**
   * The state after {@code steps} time steps.
   *
   * @param states batch x n values, at x = j / n, within 0 and 1
   * @return a new array
   */
  public double[] advance(double[] states) {
    if (states.length == 0 || states.length % n != 0) {
      throw new IllegalArgumentException(states.length + " values are not states of " + n);
    }
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = owner.newSubManager()) {
            NDArray u = scope.create(states, new Shape(states.length / n, n));
            return program.call(scope, "advance", false, List.of(u)).head().toDoubleArray();
          }
        });
  }

  @Override
  public void close() {
    owner.close();
  }
}
