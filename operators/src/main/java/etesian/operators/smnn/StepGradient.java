package etesian.operators.smnn;

import java.util.Arrays;

/**
 * Gradients with respect to the gaps, for one block of lanes. The smoothness rows of a gap h give a
 * form y'Q(h)x, whose entries are powers of h:
 *
 * <pre>  gradient = -y' (dQ/dh) x,     h d/dh ( c h^(o+p) ) = (o+p) c h^(o+p) </pre>
 */
final class StepGradient {
  private final int orders;
  private final int points;
  private final int variables;
  private final boolean central;
  private final double square;
  private final double[][] toEarlier; // [o]: (o+p) earlier[o,p] by p
  private final double[][] toLater;
  private final double[][] fromEarlier; // [o]: -(o+p) across[o,p] by p
  private final double[][] fromLater;
  private final Tile steps;
  private final double[][] xEarlier; // h^o times the unknowns
  private final double[][] xLater;
  private final double[][] yEarlier;
  private final double[][] yLater;
  private final double[] image;
  private final double[] sum;
  private int lanes;

  StepGradient(LinearOde ode, int capacity) {
    orders = ode.orders();
    points = ode.points();
    variables = ode.variables();
    central = ode.central();
    square = ode.penalties().smoothness() * ode.penalties().smoothness();
    Taylor taylor = new Taylor(orders, central);
    toEarlier = Taylor.slopes(taylor.earlier(), 1, false);
    toLater = Taylor.slopes(taylor.later(), 1, false);
    fromEarlier = Taylor.slopes(taylor.across(), -1, false);
    fromLater = Taylor.slopes(taylor.across(), -1, true);
    int[] offsets = ode.offsets(ode.steps(), 1);
    steps = Tile.reading(ode.steps().values(), offsets, 1, ode.steps().fromEnd(1), 1, capacity);
    xEarlier = Lanes.matrix(ode.unknowns(), capacity);
    xLater = Lanes.matrix(ode.unknowns(), capacity);
    yEarlier = Lanes.matrix(ode.unknowns(), capacity);
    yLater = Lanes.matrix(ode.unknowns(), capacity);
    image = new double[capacity];
    sum = new double[capacity];
  }

  void block(int from, int lanes) {
    this.lanes = lanes;
    steps.block(from, lanes);
  }

  /**
   * Adds to {@code out} the gradient with respect to the gap after point {@code s} (and to the next
   * one when central). x and y hold the unknowns of three points from s on.
   */
  void add(double[][][] x, double[][][] y, int s, Tile out) {
    if (s == points - 1) {
      return;
    }
    double[] h = steps.at(s)[0];
    scaleByOrder(xEarlier, x[0], h);
    scaleByOrder(xLater, x[1], h);
    scaleByOrder(yEarlier, y[0], h);
    scaleByOrder(yLater, y[1], h);
    Arrays.fill(sum, 0, lanes, 0);
    for (int d = 0; d < variables; d++) {
      for (int o = 0; o < orders; o++) {
        int at = d * orders;
        addForm(yEarlier[at + o], toEarlier[o], xEarlier, fromLater[o], xLater, at);
        addForm(yLater[at + o], toLater[o], xLater, fromEarlier[o], xEarlier, at);
      }
    }
    double[] slope = out.at(s)[0];
    for (int i = 0; i < lanes; i++) {
      slope[i] -= square * sum[i] / h[i];
    }
    if (central && s < points - 2) {
      double[] hNext = steps.at(s + 1)[0];
      double[] slopeNext = out.at(s + 1)[0];
      for (int i = 0; i < lanes; i++) {
        double both = square * centralSlope(x, y, h[i] + hNext[i], i);
        slope[i] -= both;
        slopeNext[i] -= both;
      }
    }
  }

  /** {@code out[o] = h^o u[o]} for each variable. */
  private void scaleByOrder(double[][] out, double[][] u, double[] h) {
    for (int i = 0; i < u.length; i++) {
      int order = i % orders;
      if (order == 0) {
        out[i] = u[i];
      } else {
        Lanes.product(out[i], h, u[i], lanes);
        for (int k = 1; k < order; k++) {
          Lanes.product(out[i], h, out[i], lanes);
        }
      }
    }
  }

  /** {@code sum += y ( own x + others' x )}. */
  private void addForm(
      double[] y, double[] own, double[][] x, double[] others, double[][] other, int at) {
    Arrays.fill(image, 0, lanes, 0);
    Lanes.addCombination(image, own, x, at, lanes);
    Lanes.addCombination(image, others, other, at, lanes);
    Lanes.add1(sum, sum, y, image, lanes);
  }

  /** Slope by H of the product of the row over two gaps with x and with y. */
  private double centralSlope(double[][][] x, double[][][] y, double two, int lane) {
    double outer = Math.pow(two, orders - 3);
    double middle = outer * two;
    double outerSlope = (orders - 3) * outer / two;
    double middleSlope = (orders - 2) * outer;
    double sum = 0;
    for (int d = 0; d < variables; d++) {
      int low = d * orders + orders - 2;
      double ax = x[0][low][lane] - x[2][low][lane];
      double ay = y[0][low][lane] - y[2][low][lane];
      double bx = x[1][low + 1][lane];
      double by = y[1][low + 1][lane];
      sum +=
          (outerSlope * ax + middleSlope * bx) * (outer * ay + middle * by)
              + (outer * ax + middle * bx) * (outerSlope * ay + middleSlope * by);
    }
    return sum;
  }
}
