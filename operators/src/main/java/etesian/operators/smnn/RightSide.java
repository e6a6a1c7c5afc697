package etesian.operators.smnn;

/** The right side of one block of lanes: C'r weighted, and the initial values. */
final class RightSide {
  private final LinearOde ode;
  private final Tile rhs;
  private final int[] initialOffsets;
  private int from;
  private int lanes;

  RightSide(LinearOde ode, int capacity) {
    this.ode = ode;
    rhs =
        Tile.reading(
            ode.rhs().values(),
            ode.offsets(ode.rhs(), 2),
            ode.equations(),
            ode.rhs().fromEnd(2),
            ode.penalties().equation(),
            capacity);
    initialOffsets = ode.offsets(ode.initial(), 3);
  }

  RightSide block(int from, int lanes) {
    this.from = from;
    this.lanes = lanes;
    rhs.block(from, lanes);
    return this;
  }

  /** w_e r at point {@code s}, by equation. */
  double[][] equations(int s) {
    return rhs.at(s);
  }

  /**
   * {@code z = carried + w_e^2 C'r + w_i^2 v} at point {@code s}, whose coefficients are loaded.
   */
  void set(double[][] z, double[][] carried, LeftSide left, int s) {
    double[][] r = equations(s);
    for (int i = 0; i < z.length; i++) {
      Lanes.add(z[i], carried[i], left.byUnknown[i], r, 0, r.length, lanes);
    }
    if (s < ode.initial().fromEnd(3)) {
      addInitial(z, s);
    }
  }

  private void addInitial(double[][] z, int s) {
    double weight = ode.penalties().initial() * ode.penalties().initial();
    int known = ode.initial().fromEnd(1);
    double[] v = ode.initial().values();
    for (int d = 0; d < ode.variables(); d++) {
      for (int o = 0; o < known; o++) {
        double[] entry = z[d * ode.orders() + o];
        int at = (s * ode.variables() + d) * known + o;
        for (int i = 0; i < lanes; i++) {
          entry[i] += weight * v[initialOffsets[from + i] + at];
        }
      }
    }
  }
}
