package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;

/**
 * How the energy of a field is shared between scales: a forecast whose small scales fade is
 * blurred.
 *
 * <pre>
 *   E_k = sum of |X_f|^2 over k - 1/2 &lt;= |f| &lt; k + 1/2,   X_f = mean of x exp(-2 pi i f j / n)
 * </pre>
 *
 * with whole waves f along rows and columns; by Parseval all E_k together are the mean square.
 */
public final class EnergySpectrum {
  private EnergySpectrum() {}

  /**
   * @param fields shape (batch, channels, rows, columns); no NaN
   * @return E_k from k = 0 until the corner of the spectrum, mean over batch and channels
   */
  public static double[] of(Tensor fields) {
    return Devices.withoutGradients(
        () -> {
          long[] shape = fields.shape();
          int rows = (int) shape[2];
          int columns = (int) shape[3];
          try (NDManager scope = Devices.newManager()) {
            NDArray x = Devices.place(scope, fields).reshape(-1, rows, columns);
            NDArray cr = waves(scope, rows, true);
            NDArray sr = waves(scope, rows, false);
            NDArray right = x.matMul(waves(scope, columns, true));
            NDArray wrong = x.matMul(waves(scope, columns, false));
            NDArray re = cr.matMul(right).sub(sr.matMul(wrong));
            NDArray im = cr.matMul(wrong).add(sr.matMul(right));
            float[] energy =
                re.square().add(im.square()).mean(new int[] {0}).reshape(-1).toFloatArray();
            double[] byScale = new double[1 + scale(rows / 2, columns / 2)];
            for (int i = 0; i < energy.length; i++) {
              int f = nearest(i / columns, rows);
              int g = nearest(i % columns, columns);
              byScale[scale(f, g)] += energy[i];
            }
            return byScale;
          }
        });
  }

  private static int nearest(int index, int size) {
    return Math.min(index, size - index);
  }

  private static int scale(int f, int g) {
    return (int) (Math.hypot(f, g) + 0.5);
  }

  private static NDArray waves(NDManager scope, int n, boolean cosine) {
    float[] matrix = new float[n * n];
    for (int i = 0; i < matrix.length; i++) {
      double angle = 2 * Math.PI * ((long) (i / n) * (i % n) % n) / n;
      matrix[i] = (float) ((cosine ? Math.cos(angle) : -Math.sin(angle)) / n);
    }
    return Devices.place(scope, new Tensor(matrix, new Shape(n, n).getShape()));
  }
}
