package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Functions on the sphere up to a degree L as real harmonics whose squares have the mean 1 (by
 * area):
 *
 * <pre>
 *   u = sum over m, l of P_lm(mu) ( c_lm cos(m lambda) + s_lm sin(m lambda) ),    mu = sin latitude
 *   order: for m = 0 to L, for l = m to L: c_lm, then (m above 0) s_lm;  (L + 1)^2 in all
 * </pre>
 *
 * Values are taken on a Gauss grid that is fine enough to project products of two functions without
 * aliasing, (3 L + 2) / 2 latitudes from south to north by 3 L + 1 longitudes from 0. All is done
 * by dense matrices, so for degrees up to about 40.
 */
public final class SphericalHarmonics {
  private final int degree;
  private final double[] mu;
  private final double[] weight;
  private final int longitudes;
  private final List<Mode> modes = new ArrayList<>();

  /** One harmonic. */
  private record Mode(int l, int m, boolean sine) {}

  /** What to take at the points of the grid. */
  private enum Part {
    VALUE,
    /** The derivative by the longitude. */
    EASTWARD,
    /** (1 - mu^2) times the derivative by mu. */
    NORTHWARD
  }

  /**
   * @param degree L, at least 1
   */
  public SphericalHarmonics(int degree) {
    if (degree < 1) {
      throw new IllegalArgumentException("degree " + degree + ", expected at least 1");
    }
    this.degree = degree;
    int latitudes = (3 * degree + 2) / 2;
    longitudes = 3 * degree + 1;
    mu = new double[latitudes];
    weight = new double[latitudes];
    for (int i = 0; i < latitudes; i++) {
      gauss(i);
    }
    for (int m = 0; m <= degree; m++) {
      for (int l = m; l <= degree; l++) {
        modes.add(new Mode(l, m, false));
        if (m > 0) {
          modes.add(new Mode(l, m, true));
        }
      }
    }
  }

  /** A zero of the Legendre polynomial by Newton's method, and the weight of its latitude. */
  private void gauss(int i) {
    int n = mu.length;
    double x = -Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
    double slope = 1;
    for (int iteration = 0; iteration < 20; iteration++) {
      double before = 1;
      double value = x;
      for (int l = 2; l <= n; l++) {
        double next = ((2 * l - 1) * x * value - (l - 1) * before) / l;
        before = value;
        value = next;
      }
      slope = n * (before - x * value) / (1 - x * x);
      x -= value / slope;
    }
    mu[i] = x;
    weight[i] = 1 / ((1 - x * x) * slope * slope); // of the mean: the weights add up to 1
  }

  public int degree() {
    return degree;
  }

  /** Number of harmonics, (L + 1)^2. */
  public int size() {
    return modes.size();
  }

  /** Sines of the latitudes, from south to north. */
  public double[] sines() {
    return mu.clone();
  }

  /** Points on a circle of latitude. */
  public int longitudes() {
    return longitudes;
  }

  /** Place of a harmonic among the coefficients. */
  public int index(int l, int m, boolean sine) {
    int index = modes.indexOf(new Mode(l, m, sine));
    if (index < 0) {
      throw new IllegalArgumentException(
          String.format("no harmonic l = %d, m = %d, sine = %s of degree %d", l, m, sine, degree));
    }
    return index;
  }

  /**
   * The harmonics of a prediction over time, latitude (from -90 to 90 degrees on an axis of length
   * 1) and longitude.
   *
   * @param u for example in the basis {@code CCF}, shape (n_1, n_2, n_3, ...)
   * @return in the basis of time alone, shape (n_1, harmonics, ...)
   */
  public Expansion of(Expansion u) {
    double[] latitude = Arrays.stream(mu).map(s -> 0.5 + Math.asin(s) / Math.PI).toArray();
    double[] longitude = Axis.FOURIER.points(longitudes);
    Transforms transforms = u.transforms();
    NDArray values = u.coefficients();
    double[][] places = {latitude, longitude};
    for (int axis = 1; axis <= 2; axis++) {
      Axis kind = u.basis().axes().get(axis);
      int n = u.modes(axis);
      double[] at = places[axis - 1];
      values =
          Expansion.along(
              values,
              axis,
              transforms.matrix(
                  List.of("on the sphere", degree, axis, kind, n), () -> kind.evaluate(n, at)));
    }
    long[] shape = values.getShape().getShape();
    long[] points = new long[shape.length - 1];
    points[0] = shape[0];
    points[1] = shape[1] * shape[2];
    System.arraycopy(shape, 3, points, 2, shape.length - 3);
    Basis time = new Basis(u.basis().axes().subList(0, 1));
    return analysis(Expansion.of(transforms, time, values.reshape(new Shape(points))));
  }

  /** From values at the points (second axis) to coefficients. */
  Expansion analysis(Expansion values) {
    return apply(
        values,
        "analysis",
        () -> {
          double[][] synthesis = matrix(Part.VALUE);
          double[][] analysis = Matrices.zeros(size(), synthesis.length);
          for (int p = 0; p < synthesis.length; p++) {
            for (int k = 0; k < size(); k++) {
              analysis[k][p] = weight[p / longitudes] / longitudes * synthesis[p][k];
            }
          }
          return analysis;
        });
  }

  /** Values at the points, latitude slow, on the second axis. */
  Expansion values(Expansion coefficients) {
    return apply(coefficients, "values", () -> matrix(Part.VALUE));
  }

  /** The derivative by the longitude, at the points. */
  Expansion eastward(Expansion coefficients) {
    return apply(coefficients, "eastward", () -> matrix(Part.EASTWARD));
  }

  /** The derivative by mu, at the points. */
  Expansion northward(Expansion coefficients) {
    return apply(
        coefficients,
        "northward",
        () -> {
          double[][] matrix = matrix(Part.NORTHWARD);
          for (int p = 0; p < matrix.length; p++) {
            double s = mu[p / longitudes];
            for (int k = 0; k < size(); k++) {
              matrix[p][k] /= 1 - s * s;
            }
          }
          return matrix;
        });
  }

  /** The derivative by the longitude, as coefficients. */
  Expansion turned(Expansion coefficients) {
    return apply(
        coefficients,
        "turned",
        () -> {
          double[][] matrix = Matrices.zeros(size(), size());
          for (int k = 0; k < size(); k++) {
            Mode mode = modes.get(k);
            if (mode.m > 0) { // cos -> - m sin, sin -> m cos
              int other = index(mode.l, mode.m, !mode.sine);
              matrix[other][k] = mode.sine ? mode.m : -mode.m;
            }
          }
          return matrix;
        });
  }

  /** Coefficients times (- l (l + 1))^power; the mean becomes 0. */
  Expansion laplacian(Expansion coefficients, int power) {
    return apply(
        coefficients,
        "Laplacian " + power,
        () -> {
          double[][] matrix = Matrices.zeros(size(), size());
          for (int k = 0; k < size(); k++) {
            int l = modes.get(k).l;
            matrix[k][k] = l == 0 ? 0 : Math.pow(-l * (l + 1.0), power);
          }
          return matrix;
        });
  }

  private Expansion apply(Expansion expansion, String name, Supplier<double[][]> matrix) {
    NDArray cached = expansion.transforms().matrix(List.of("sphere", name, degree), matrix);
    return expansion.with(Expansion.along(expansion.coefficients(), 1, cached));
  }

  /** Shape (latitudes x longitudes, harmonics). */
  private double[][] matrix(Part part) {
    double[][] matrix = Matrices.zeros(mu.length * longitudes, size());
    for (int i = 0; i < mu.length; i++) {
      double[][] legendre = legendre(mu[i]);
      for (int k = 0; k < size(); k++) {
        Mode mode = modes.get(k);
        double p = legendre[mode.m][mode.l];
        if (part == Part.NORTHWARD) {
          double l = mode.l;
          double below = l > mode.m ? legendre[mode.m][mode.l - 1] : 0;
          double factor = Math.sqrt((l * l - mode.m * mode.m) * (2 * l + 1) / (2 * l - 1));
          p = -l * mu[i] * p + (l > mode.m ? factor * below : 0);
        }
        for (int j = 0; j < longitudes; j++) {
          double angle = 2 * Math.PI * ((long) mode.m * j % longitudes) / longitudes;
          double wave;
          if (part == Part.EASTWARD) {
            wave = mode.sine ? mode.m * Math.cos(angle) : -mode.m * Math.sin(angle);
          } else {
            wave = mode.sine ? Math.sin(angle) : Math.cos(angle);
          }
          matrix[i * longitudes + j][k] = p * wave;
        }
      }
    }
    return matrix;
  }

  /** P_lm at one latitude, as [m][l]. */
  private double[][] legendre(double x) {
    double[][] p = new double[degree + 1][degree + 1];
    double diagonal = 1;
    for (int m = 0; m <= degree; m++) {
      if (m > 0) {
        diagonal *=
            Math.sqrt(1 - x * x) * (m == 1 ? Math.sqrt(3) : Math.sqrt((2 * m + 1.0) / (2 * m)));
      }
      p[m][m] = diagonal;
      for (int l = m + 1; l <= degree; l++) {
        double a = Math.sqrt((4.0 * l * l - 1) / ((double) l * l - (double) m * m));
        double k = l - 1;
        double b = l > m + 1 ? Math.sqrt((k * k - m * m) / (4 * k * k - 1)) : 0;
        p[m][l] = a * (x * p[m][l - 1] - (l > m + 1 ? b * p[m][l - 2] : 0));
      }
    }
    return p;
  }
}
