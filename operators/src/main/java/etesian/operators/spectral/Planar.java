package etesian.operators.spectral;

import java.util.List;

/**
 * Derivatives on a box over time in their own units.
 *
 * @param duration what 1 means on axis 0
 * @param lengths what 1 means on the axes 1 and 2
 */
record Planar(double duration, List<Double> lengths, Product product) {

  static void check(double duration, List<Double> lengths, double diffusivity, String name) {
    if (!(duration > 0)
        || lengths.size() != 2
        || !lengths.stream().allMatch(length -> length > 0)
        || !(diffusivity >= 0)) {
      throw new IllegalArgumentException(
          String.format(
              "duration = %s, lengths = %s, %s = %s, expected a duration and two lengths above 0,"
                  + " and at least 0",
              duration, lengths, name, diffusivity));
    }
  }

  Expansion tendency(Expansion f) {
    return f.derivative(0, 1).times(1 / duration);
  }

  /** Along x (0) or y (1). */
  Expansion slope(Expansion f, int direction) {
    return f.derivative(1 + direction, 1).times(1 / lengths.get(direction));
  }

  Expansion laplacian(Expansion f) {
    Expansion xx = f.derivative(1, 2).times(1 / (lengths.get(0) * lengths.get(0)));
    Expansion yy = f.derivative(2, 2).times(1 / (lengths.get(1) * lengths.get(1)));
    return xx.plus(yy);
  }

  /** - psi_y f_x + psi_x f_y. */
  Expansion advection(Expansion psi, Expansion f) {
    return product.of(slope(psi, 0), slope(f, 1)).minus(product.of(slope(psi, 1), slope(f, 0)));
  }
}
