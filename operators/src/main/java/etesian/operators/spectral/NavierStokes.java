package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.torchscript.TorchScript;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The vorticity w of an incompressible flow on the periodic unit square:
 *
 * <pre>
 *   w_t + v . grad w = nu Lap w + f,    v = (psi_y, -psi_x),    Lap psi = -w
 * </pre>
 *
 * Pseudo-spectral in float64, Crank-Nicolson for diffusion and Heun for advection, second order in
 * the step; coefficients with |k| of two thirds of the largest frequency and above are removed
 * after each step, and so is the mean. It is the reference solver of the Neural Spectral Methods
 * (Du, Chalapathi, Krishnapriyan, 2024) and of the Fourier Neural Operator (Li et al., 2021).
 *
 * <p>Arrays are row-major with x slow and y fast. Not safe for several threads at once.
 */
public final class NavierStokes implements AutoCloseable {
  /**
   * Random initial fields: coefficients of variance scale^2 (|k|^2 + 49)^-2.5, as in FNO's data.
   */
  private static final double RADIUS = 7;

  private static final double POWER = 2.5;

  private final int n;
  private final NDManager owner = Devices.newManager();
  private final TorchScript program;

  /**
   * @param n points per axis, even
   * @param viscosity nu, above 0
   * @param dt time step, above 0
   * @param steps time steps of one {@link #advance}
   */
  public NavierStokes(int n, double viscosity, double dt, int steps) {
    if (n < 4 || n % 2 != 0 || !(viscosity > 0) || !(dt > 0) || steps < 1) {
      throw new IllegalArgumentException(
          String.format(
              "n = %d, viscosity = %s, dt = %s, steps = %d; expected n even and at least 4, and"
                  + " positive numbers",
              n, viscosity, dt, steps));
    }
    this.n = n;
    program =
        TorchScript.compile(
            owner,
            TorchScript.resource(NavierStokes.class, "navier_stokes.py"),
            Map.of(
                "n", n,
                "viscosity", viscosity,
                "dt", dt,
                "steps", steps,
                "initial_radius", RADIUS,
                "initial_power", POWER,
                "initial_scale", Math.pow(RADIUS, POWER - 1)));
  }

  /**
   * The vorticity after {@code steps} time steps.
   *
   * @param vorticity batch fields of n x n
   * @param forcing f, one field of n x n or one for each
   * @return a new array; NaN or infinite where the time step was too large for the flow
   */
  public double[] advance(double[] vorticity, double[] forcing) {
    return call("advance", vorticity, forcing);
  }

  /** Smooth random fields of zero mean; equal seeds give equal fields. */
  public double[] randomFields(int batch, long seed) {
    Random random = new Random(seed);
    double[] noise = new double[batch * n * n];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextGaussian();
    }
    return call("colour", noise);
  }

  private double[] call(String method, double[]... fields) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = owner.newSubManager()) {
            List<NDArray> arguments =
                List.of(fields).stream().map(field -> place(scope, field)).toList();
            return program.call(scope, method, false, arguments).head().toDoubleArray();
          }
        });
  }

  private NDArray place(NDManager scope, double[] field) {
    if (field.length == 0 || field.length % (n * n) != 0) {
      throw new IllegalArgumentException(
          field.length + " values are not fields of " + n + " x " + n);
    }
    return scope.create(field, new Shape(field.length / (n * n), n, n));
  }

  @Override
  public void close() {
    owner.close();
  }
}
