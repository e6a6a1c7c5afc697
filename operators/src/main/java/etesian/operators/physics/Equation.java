package etesian.operators.physics;

import ai.djl.ndarray.NDArray;
import etesian.operators.Devices;

/**
 * What a field should obey: {@code state(c)_t = tendency(c)}, in the units of the field and of the
 * {@link Surface} and in seconds.
 */
public sealed interface Equation {

  /** Whether a difference of two solutions is one, too, so that anomalies obey it. */
  boolean linear();

  /** Derivatives of derivatives that it takes. */
  int depth();

  /** Shape (batch, rows, columns), as the field. */
  NDArray state(Derivatives d, NDArray c);

  /**
   * @param c the field
   * @param u wind along x, of a shape that stretches to that of the field
   * @param v wind along y
   */
  NDArray tendency(Derivatives d, NDArray c, NDArray u, NDArray v);

  /**
   * A tracer that a known wind carries: {@code c_t = -u c_x - v c_y + kappa Lap c}. What else
   * changes it is not known; of anomalies this is what departs from its usual balance.
   *
   * @param diffusivity kappa, at least 0
   */
  record AdvectionDiffusion(double diffusivity) implements Equation {
    public AdvectionDiffusion {
      if (!(diffusivity >= 0 && diffusivity < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "a diffusivity of " + diffusivity + ", expected at least 0");
      }
    }

    @Override
    public boolean linear() {
      return true;
    }

    @Override
    public int depth() {
      return 1;
    }

    @Override
    public NDArray state(Derivatives d, NDArray c) {
      return c;
    }

    @Override
    public NDArray tendency(Derivatives d, NDArray c, NDArray u, NDArray v) {
      NDArray carried = u.mul(d.x(c)).add(v.mul(d.y(c)));
      return d.laplacian(c).mul(Devices.number(c, diffusivity)).sub(carried);
    }
  }

  /**
   * The vorticity of a flow without divergence, of which the field tells the stream function:
   *
   * <pre>
   *   psi = factor c,    zeta = Lap psi
   *   zeta_t = psi_y zeta_x - psi_x zeta_y - beta psi_x + nu Lap zeta
   * </pre>
   *
   * The wind is the field's own; the one that is given adds to it.
   *
   * @param factor of the field in the stream function: 1 / f0 for a geopotential, g / f0 for its
   *     height
   * @param viscosity nu, at least 0
   */
  record BarotropicVorticity(double factor, double viscosity) implements Equation {
    public BarotropicVorticity {
      if (!(viscosity >= 0 && viscosity < Double.POSITIVE_INFINITY)
          || factor == 0
          || !Double.isFinite(factor)) {
        throw new IllegalArgumentException(
            String.format(
                "factor = %s, viscosity = %s, expected a factor other than 0 and a viscosity of at"
                    + " least 0",
                factor, viscosity));
      }
    }

    @Override
    public boolean linear() {
      return false;
    }

    @Override
    public int depth() {
      return 2;
    }

    @Override
    public NDArray state(Derivatives d, NDArray c) {
      return d.laplacian(c.mul(Devices.number(c, factor)));
    }

    @Override
    public NDArray tendency(Derivatives d, NDArray c, NDArray u, NDArray v) {
      NDArray psi = c.mul(Devices.number(c, factor));
      NDArray zeta = d.laplacian(psi);
      NDArray northwards = d.x(psi);
      NDArray carried = u.sub(d.y(psi)).mul(d.x(zeta)).add(v.add(northwards).mul(d.y(zeta)));
      return d.laplacian(zeta)
          .mul(Devices.number(c, viscosity))
          .sub(carried)
          .sub(d.timesBeta(northwards));
    }
  }
}
