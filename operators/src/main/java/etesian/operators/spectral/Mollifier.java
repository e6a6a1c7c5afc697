package etesian.operators.spectral;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Makes a raw output v obey its conditions exactly, scaled by a small factor so that training
 * begins near the trivial solution.
 */
public enum Mollifier {
  /** u = scale v. */
  NONE {
    @Override
    public Expansion of(Expansion v, Expansion phi, double scale) {
      return v.times(scale);
    }
  },

  /** u = scale (v - v(0)): fixes the constant that a periodic problem leaves free. */
  PERIODIC {
    @Override
    public Expansion of(Expansion v, Expansion phi, double scale) {
      Expansion mean = v;
      for (int axis = 0; axis < v.basis().dimensions(); axis++) {
        Axis kind = v.basis().axes().get(axis);
        int n = v.modes(axis);
        NDArray onto = // from all coefficients to the value at 0 as the constant coefficient
            v.transforms()
                .matrix(
                    List.of("value at 0", kind, n),
                    () -> {
                      double[][] matrix = Matrices.zeros(n, n);
                      matrix[0] = kind.evaluate(n, new double[] {0})[0];
                      return matrix;
                    });
        mean = mean.apply(axis, onto);
      }
      return v.minus(mean).times(scale);
    }
  },

  /** u = scale v times the product of sin(pi x_i) over all axes: zero on the boundary. */
  DIRICHLET {
    @Override
    public Expansion of(Expansion v, Expansion phi, double scale) {
      NDArray values = v.values();
      for (int axis = 0; axis < v.basis().dimensions(); axis++) {
        values = values.mul(along(v, axis, "sine", x -> Math.sin(Math.PI * x)));
      }
      return Expansion.transform(v.transforms(), v.basis(), values).times(scale);
    }
  },

  /** u = scale t v + phi, with t the coordinate of axis 0: phi at t = 0, whatever v is. */
  INITIAL {
    @Override
    public Expansion of(Expansion v, Expansion phi, double scale) {
      NDArray values = v.values().mul(along(v, 0, "time", t -> t));
      return Expansion.transform(v.transforms(), v.basis(), values).times(scale).plus(phi);
    }
  };

  /**
   * @param v what a network gives
   * @param phi the parameter function; for {@link #INITIAL} constant in time
   * @return perhaps with the modes of phi where they are more
   */
  public abstract Expansion of(Expansion v, Expansion phi, double scale);

  private static NDArray along(Expansion v, int axis, String name, DoubleUnaryOperator function) {
    Axis kind = v.basis().axes().get(axis);
    int n = v.modes(axis);
    long[] shape = new long[v.coefficients().getShape().dimension()];
    Arrays.fill(shape, 1);
    shape[axis] = n;
    return v.transforms()
        .array(
            List.of(name, kind, n, new Shape(shape)),
            new Shape(shape),
            () -> Arrays.stream(kind.points(n)).map(function).toArray());
  }
}
