package etesian.operators.spectral;

/**
 * Logistic growth that diffuses (Fisher, 1937), over time and one periodic direction:
 *
 * <pre>  u_t = nu u_xx + rho u (1 - u),    R = u_t + rho u (u - 1) - nu u_xx  </pre>
 *
 * The product is free of aliasing, so R has twice the modes of u.
 *
 * @param nu diffusivity, at least 0
 * @param rho rate of growth
 */
public record ReactionDiffusion(double nu, double rho) implements Residual {
  public ReactionDiffusion {
    if (!(nu >= 0) || !Double.isFinite(rho)) {
      throw new IllegalArgumentException("nu = " + nu + ", rho = " + rho + ", expected nu >= 0");
    }
  }

  @Override
  public Expansion of(Expansion u, Expansion phi) {
    Expansion growth = u.times(u.plus(-1)).times(rho);
    return growth.plus(u.derivative(0, 1)).minus(u.derivative(1, 2).times(nu));
  }
}
