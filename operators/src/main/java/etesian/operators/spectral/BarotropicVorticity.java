package etesian.operators.spectral;

import java.util.List;

/**
 * The vorticity zeta of a shallow flow on a beta plane, over a time T and a doubly periodic box of
 * lengths L_x (eastwards), L_y (northwards) that are 1 in the basis (time, x, y):
 *
 * <pre>
 *   R = zeta_t / T - psi_y zeta_x + psi_x zeta_y + beta psi_x - nu Lap zeta,    Lap psi = zeta
 * </pre>
 *
 * For geopotential height Z, psi = g Z / f_0 and zeta is its Laplacian.
 *
 * @param duration T
 * @param lengths L_x and L_y
 * @param beta northward derivative of the Coriolis parameter
 * @param nu viscosity
 * @param product of velocity and gradient
 */
public record BarotropicVorticity(
    double duration, List<Double> lengths, double beta, double nu, Product product)
    implements Residual {
  public BarotropicVorticity {
    lengths = List.copyOf(lengths);
    Planar.check(duration, lengths, nu, "nu");
  }

  @Override
  public Expansion of(Expansion zeta, Expansion phi) {
    Planar plane = new Planar(duration, lengths, product);
    Expansion psi = streamFunction(zeta);
    return plane
        .tendency(zeta)
        .plus(plane.advection(psi, zeta))
        .plus(plane.slope(psi, 0).times(beta))
        .minus(plane.laplacian(zeta).times(nu));
  }

  /** psi of zero mean. */
  public Expansion streamFunction(Expansion zeta) {
    return zeta.inverseLaplacian(List.of(1, 2), lengths);
  }
}
