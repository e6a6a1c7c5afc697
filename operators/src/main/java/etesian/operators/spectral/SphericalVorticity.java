package etesian.operators.spectral;

/**
 * The vorticity zeta of a shallow flow on a turning sphere, over a time T that is 1 in the basis of
 * time, by spherical harmonics:
 *
 * <pre>
 *   R = zeta_t / T + J(psi, zeta) + (2 Omega / a^2) psi_lambda - nu Lap zeta,    Lap psi = zeta
 *   J(psi, zeta) = ( psi_lambda zeta_mu - psi_mu zeta_lambda ) / a^2,    mu = sin latitude
 * </pre>
 *
 * The product is free of aliasing in space; in time as the {@link Product} says. Predictions on
 * axes of latitude and longitude become harmonics by {@link SphericalHarmonics#of}.
 *
 * @param harmonics up to the degree of zeta
 * @param duration T
 * @param radius a
 * @param rotation Omega, in radians per time
 * @param nu viscosity
 * @param product in time
 */
public record SphericalVorticity(
    SphericalHarmonics harmonics,
    double duration,
    double radius,
    double rotation,
    double nu,
    Product product)
    implements Residual {
  public SphericalVorticity {
    if (!(duration > 0) || !(radius > 0) || !(nu >= 0)) {
      throw new IllegalArgumentException(
          String.format(
              "duration = %s, radius = %s, nu = %s, expected above 0, above 0 and at least 0",
              duration, radius, nu));
    }
  }

  /**
   * @param zeta in the basis of time, shape (times, harmonics, samples, channels)
   * @param phi not used
   */
  @Override
  public Expansion of(Expansion zeta, Expansion phi) {
    long[] shape = zeta.coefficients().getShape().getShape();
    if (zeta.basis().dimensions() != 1 || shape.length < 2 || shape[1] != harmonics.size()) {
      throw new IllegalArgumentException(
          String.format(
              "vorticity %s in %s, expected an axis of time and then %d harmonics",
              zeta.coefficients().getShape(), zeta.basis(), harmonics.size()));
    }
    double square = radius * radius;
    Expansion psi = streamFunction(zeta);
    Expansion jacobian =
        product
            .of(harmonics.eastward(psi), harmonics.northward(zeta))
            .minus(product.of(harmonics.northward(psi), harmonics.eastward(zeta)));
    return harmonics
        .analysis(jacobian)
        .times(1 / square)
        .plus(harmonics.turned(psi).times(2 * rotation / square))
        .plus(zeta.derivative(0, 1).times(1 / duration))
        .minus(harmonics.laplacian(zeta, 1).times(nu / square));
  }

  /** psi of zero mean. */
  public Expansion streamFunction(Expansion zeta) {
    return harmonics.laplacian(zeta, -1).times(radius * radius);
  }
}
