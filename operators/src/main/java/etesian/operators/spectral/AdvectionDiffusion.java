package etesian.operators.spectral;

import java.util.List;

/**
 * A tracer c that a known flow carries, over a time T and a box of lengths L_x, L_y that are 1 in
 * the basis (time, x, y):
 *
 * <pre>
 *   R = c_t / T + u c_x / L_x + v c_y / L_y - kappa (c_xx / L_x^2 + c_yy / L_y^2) - Q
 *   u = - psi_y / L_y,    v = psi_x / L_x
 * </pre>
 *
 * @param duration T
 * @param lengths L_x and L_y
 * @param kappa diffusivity
 * @param streamFunction psi, in the same basis
 * @param source Q, in the same basis; null for none
 * @param product of velocity and gradient
 */
public record AdvectionDiffusion(
    double duration,
    List<Double> lengths,
    double kappa,
    Expansion streamFunction,
    Expansion source,
    Product product)
    implements Residual {
  public AdvectionDiffusion {
    lengths = List.copyOf(lengths);
    Planar.check(duration, lengths, kappa, "kappa");
  }

  @Override
  public Expansion of(Expansion c, Expansion phi) {
    Planar plane = new Planar(duration, lengths, product);
    Expansion sum = plane.tendency(c).plus(plane.advection(streamFunction, c));
    sum = sum.minus(plane.laplacian(c).times(kappa));
    return source == null ? sum : sum.minus(source);
  }
}
