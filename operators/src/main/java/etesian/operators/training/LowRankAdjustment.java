package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * W = W0 + A B with fixed orthonormal A: the gradient by B is A' dW, and |A B| = |B|, so that the
 * pull is one on B alone. B and its moments take rank / m of the memory of W's.
 */
final class LowRankAdjustment extends Adjustment {
  private final Map<String, Factors> factors = new LinkedHashMap<>();
  private final Map<String, NDArray> variables = new LinkedHashMap<>();
  private final double l2sp;

  private record Factors(NDArray start, NDArray a, NDArray b) {
    NDArray parameter() {
      return start.add(a.matMul(b).reshape(start.getShape()));
    }
  }

  LowRankAdjustment(
      Map<String, NDArray> parameters, NDManager owner, int rank, double l2sp, long seed) {
    super(matrices(parameters));
    this.l2sp = l2sp;
    Random random = new Random(seed);
    parameters()
        .forEach(
            (name, p) -> {
              int m = (int) p.getShape().get(0);
              int n = (int) (p.getShape().size() / m);
              int columns = Math.min(rank, m);
              NDArray start = p.stopGradient().duplicate();
              start.attach(owner);
              NDArray a =
                  Devices.place(owner, new Tensor(orthonormal(m, columns, random), m, columns));
              NDArray b = owner.zeros(new Shape(columns, n));
              factors.put(name, new Factors(start, a, b));
              variables.put(name, b);
            });
  }

  private static Map<String, NDArray> matrices(Map<String, NDArray> parameters) {
    Map<String, NDArray> matrices = new LinkedHashMap<>(parameters);
    matrices.values().removeIf(p -> p.getShape().dimension() < 2);
    if (matrices.isEmpty()) {
      throw new IllegalArgumentException("no parameter has two axes: a low rank changes nothing");
    }
    return matrices;
  }

  /** Gaussian columns, made orthonormal one after the other; shape (m, columns), row-major. */
  private static float[] orthonormal(int m, int columns, Random random) {
    double[][] q = new double[columns][m];
    for (int k = 0; k < columns; k++) {
      for (int i = 0; i < m; i++) {
        q[k][i] = random.nextGaussian();
      }
      for (int pass = 0; pass < 2; pass++) { // the second removes what rounding left
        for (int j = 0; j < k; j++) {
          double along = dot(q[k], q[j]);
          for (int i = 0; i < m; i++) {
            q[k][i] -= along * q[j][i];
          }
        }
      }
      double length = Math.sqrt(dot(q[k], q[k]));
      for (int i = 0; i < m; i++) {
        q[k][i] /= length;
      }
    }
    float[] a = new float[m * columns];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) q[i % columns][i / columns];
    }
    return a;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  @Override
  Map<String, NDArray> variables() {
    return variables;
  }

  @Override
  NDArray pull() {
    if (l2sp == 0) {
      return null;
    }
    NDArray sum = null;
    for (NDArray b : variables.values()) {
      NDArray square = b.square().sum();
      sum = sum == null ? square : sum.add(square);
    }
    return sum.mul(Devices.number(sum, l2sp / 2));
  }

  /** The scalar sum of B times A' dW has the gradient A' dW by B. */
  @Override
  void collect() {
    double ignored =
        TrainingLoop.differentiate(
            scope -> {
              NDArray sum = null;
              for (Map.Entry<String, Factors> entry : factors.entrySet()) {
                NDArray byParameter = parameters().get(entry.getKey()).getGradient();
                Factors f = entry.getValue();
                NDArray byB =
                    f.a
                        .transpose()
                        .matMul(byParameter.reshape(f.a.getShape().get(0), f.b.getShape().get(1)))
                        .stopGradient();
                NDArray term = f.b.mul(byB).sum();
                sum = sum == null ? term : sum.add(term);
              }
              return sum;
            });
    zeroGradients(parameters());
  }

  @Override
  void follow() {
    parameters().forEach((name, p) -> p.set(new NDIndex("..."), factors.get(name).parameter()));
  }

  @Override
  void undo() {
    parameters().forEach((name, p) -> p.set(new NDIndex("..."), factors.get(name).start()));
  }
}
