package etesian.operators.physics;

import etesian.operators.spectral.Axis;
import java.util.Arrays;

/**
 * A grid with its derivatives, in metres or whatever lengths are given in: x along the columns, y
 * along the rows.
 *
 * <ul>
 *   <li>{@link #torus}: a plane without edges; Fourier derivatives, exact for what the grid can
 *       show
 *   <li>{@link #sphere}: latitudes and longitudes; Fourier along columns that go round the globe
 *       without a gap, else differences through five neighbours. Rows and columns whose neighbours
 *       are not there, cells beside missing ones and rows beyond 80 degrees, where the columns draw
 *       together, are left out: a cell that is left out has no weight
 * </ul>
 */
public final class Surface {
  /** Mean radius of the earth in metres. */
  public static final double RADIUS = 6_371_000;

  /** Angular speed of the earth in radians per second. */
  private static final double OMEGA = 7.292e-5;

  private static final double LAST_LATITUDE = 80;

  private final double[][] dx;
  private final double[][] dxx;
  private final double[][] dy;
  private final double[][] dyy;
  private final double[] stretch;
  private final double[] rowWeights;
  private final double[] beta;
  private final boolean[] present;

  private Surface(
      double[][] dx,
      double[][] dxx,
      double[][] dy,
      double[][] dyy,
      double[] stretch,
      double[] rowWeights,
      double[] beta,
      boolean[] present) {
    this.dx = dx;
    this.dxx = dxx;
    this.dy = dy;
    this.dyy = dyy;
    this.stretch = stretch;
    this.rowWeights = rowWeights;
    this.beta = beta;
    this.present = present;
  }

  /**
   * A periodic plane; y grows with the row.
   *
   * @param height of all rows together
   * @param width of all columns together
   */
  public static Surface torus(int rows, int columns, double height, double width) {
    check(rows >= 2 && columns >= 2, "a torus of %d x %d cells, expected 2 each", rows, columns);
    check(height > 0 && width > 0, "a torus of %s x %s, expected lengths above 0", height, width);
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    boolean[] present = new boolean[rows * columns];
    Arrays.fill(present, true);
    return new Surface(
        scaled(Axis.FOURIER.differentiation(columns, 1), 1 / width),
        scaled(Axis.FOURIER.differentiation(columns, 2), 1 / (width * width)),
        scaled(Axis.FOURIER.differentiation(rows, 1), 1 / height),
        scaled(Axis.FOURIER.differentiation(rows, 2), 1 / (height * height)),
        ones,
        ones,
        new double[rows],
        present);
  }

  /**
   * On the earth, in metres; y grows northwards, whatever the order of the rows.
   *
   * <pre>
   *   c_x = c_lambda / (a cos phi),    c_y = c_phi / a
   *   Lap c = c_lambda,lambda / (a cos phi)^2 + (c_phi,phi - tan phi c_phi) / a^2
   * </pre>
   *
   * @param latitudes of the rows in degrees, ascending or descending
   * @param columnStep degrees between two columns, eastwards
   * @param wraps whether the last column is a neighbour of the first
   * @param present shape (rows, columns), false where a cell is ever missing
   */
  public static Surface sphere(
      double[] latitudes, double columnStep, boolean wraps, boolean[] present) {
    int rows = latitudes.length;
    int columns = rows == 0 ? 0 : present.length / rows;
    int least = 2 * Differences.REACH + 1;
    check(
        rows >= least && columns >= least && present.length == rows * columns,
        "a grid of %d x %d cells, its derivatives need at least %d rows and columns",
        rows,
        columns,
        least);
    double[] phi = Arrays.stream(latitudes).map(Math::toRadians).toArray();
    double[] lambda = new double[columns];
    Arrays.setAll(lambda, column -> Math.toRadians(column * columnStep));
    boolean whole = true;
    for (boolean cell : present) {
      whole &= cell;
    }
    double[][] dy = scaled(Differences.within(phi, 1), 1 / RADIUS);
    double[][] dyy = scaled(Differences.within(phi, 2), 1 / (RADIUS * RADIUS));
    double[] stretch = new double[rows];
    double[] weights = new double[rows];
    double[] beta = new double[rows];
    for (int row = 0; row < rows; row++) {
      double cos = Math.cos(phi[row]);
      boolean far = Math.abs(latitudes[row]) > LAST_LATITUDE;
      stretch[row] = far ? 0 : 1 / (RADIUS * cos);
      weights[row] = far ? 0 : cos;
      beta[row] = 2 * OMEGA * cos / RADIUS;
      for (int j = 0; j < rows && !far; j++) {
        dyy[row][j] -= Math.tan(phi[row]) / RADIUS * dy[row][j];
      }
    }
    return new Surface(
        along(lambda, wraps, whole, 1),
        along(lambda, wraps, whole, 2),
        dy,
        dyy,
        stretch,
        weights,
        beta,
        present.clone());
  }

  private static double[][] along(double[] lambda, boolean wraps, boolean whole, int order) {
    if (wraps && whole) {
      double[][] matrix = Axis.FOURIER.differentiation(lambda.length, order);
      return scaled(matrix, Math.pow(1 / (2 * Math.PI), order));
    }
    return wraps
        ? Differences.around(lambda.length, lambda[1], order)
        : Differences.within(lambda, order);
  }

  private static double[][] scaled(double[][] matrix, double factor) {
    for (double[] row : matrix) {
      for (int j = 0; j < row.length; j++) {
        row[j] *= factor;
      }
    }
    return matrix;
  }

  public int rows() {
    return dy.length;
  }

  public int columns() {
    return dx.length;
  }

  /** First (1) or second (2) derivative along a row, per radian on a sphere. */
  double[][] alongX(int order) {
    return order == 1 ? dx : dxx;
  }

  /** First derivative along a column, or what it adds to the Laplacian (2). */
  double[][] alongY(int order) {
    return order == 1 ? dy : dyy;
  }

  /** Of each row: what makes derivatives along it those in x. */
  double[] stretch() {
    return stretch;
  }

  /** Northward derivative of the Coriolis parameter, of each row; 0 on a torus. */
  double[] beta() {
    return beta;
  }

  /**
   * Weights of the cells, which add up to 1; 0 where a derivative of a derivative, {@code depth} of
   * them, is not known.
   *
   * @throws IllegalArgumentException when none is left
   */
  double[] weights(int depth) {
    boolean[] known = present;
    for (int i = 0; i < depth; i++) {
      known = derivable(known);
    }
    double[] weights = new double[known.length];
    double sum = 0;
    for (int cell = 0; cell < weights.length; cell++) {
      weights[cell] = known[cell] ? rowWeights[cell / columns()] : 0;
      sum += weights[cell];
    }
    check(
        sum > 0,
        "a grid of %d x %d cells has none whose neighbours are all inside, always present and"
            + " within 80 degrees of the equator",
        rows(),
        columns());
    double all = sum;
    return Arrays.stream(weights).map(weight -> weight / all).toArray();
  }

  /** Cells all of whose derivatives are known where the function is known in some. */
  private boolean[] derivable(boolean[] known) {
    boolean[] result = new boolean[known.length];
    for (int row = 0; row < rows(); row++) {
      for (int column = 0; column < columns(); column++) {
        boolean inside = any(dxx[column]) && any(dyy[row]) && stretch[row] > 0;
        for (int other = 0; inside && other < columns(); other++) {
          inside = dxx[column][other] == 0 || known[row * columns() + other];
        }
        for (int other = 0; inside && other < rows(); other++) {
          inside = dyy[row][other] == 0 || known[other * columns() + column];
        }
        result[row * columns() + column] = inside;
      }
    }
    return result;
  }

  private static boolean any(double[] weights) {
    return Arrays.stream(weights).anyMatch(weight -> weight != 0);
  }

  private static void check(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(message, arguments));
    }
  }
}
