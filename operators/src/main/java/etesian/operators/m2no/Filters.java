package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;

/**
 * The filters that move activations between levels, in the form the program wants. They are
 * computed in float64 and rounded to float32, as published, whatever the type of the calculation.
 */
final class Filters {
  private Filters() {}

  /** H: low-pass. */
  static NDArray low(M2noSettings settings, DataType type, NDManager owner) {
    double[][] filter =
        settings.dim() == 1
            ? Multiwavelets.lowPass(settings.base(), settings.k())
            : Multiwavelets.lowPass2d(settings.base(), settings.k());
    return arrange(filter, settings, type, owner);
  }

  /** G: high-pass, with one (1-D) or three (2-D) times as many rows. */
  static NDArray high(M2noSettings settings, DataType type, NDManager owner) {
    double[][] filter =
        settings.dim() == 1
            ? Multiwavelets.highPass(settings.k())
            : Multiwavelets.highPass2d(settings.k());
    return arrange(filter, settings, type, owner);
  }

  private static NDArray arrange(
      double[][] filter, M2noSettings settings, DataType type, NDManager owner) {
    double[][] rows = settings.packing() == Packing.RESHAPE ? filter : patches(filter, settings);
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    Shape shape =
        settings.packing() == Packing.RESHAPE
            ? new Shape(rows.length, rows[0].length)
            : new Shape(rows.length, settings.channels(), settings.dim(), 2);
    return Devices.place(owner, new Tensor(flat, shape.getShape())).toType(type, false);
  }

  /**
   * The kernel of a convolution with stride 2: for each group s of channels, band d of the filter
   * weighs position d of the patch.
   *
   * <pre>  kernel[s m' + i][s m + j][d] = filter[i][d m + j],   m modes  </pre>
   */
  private static double[][] patches(double[][] filter, M2noSettings settings) {
    int modes = settings.channels() / settings.c();
    int positions = 1 << settings.dim();
    double[][] kernel = new double[settings.c() * filter.length][];
    for (int out = 0; out < kernel.length; out++) {
      int group = out / filter.length;
      kernel[out] = new double[settings.channels() * positions];
      for (int j = 0; j < modes; j++) {
        for (int d = 0; d < positions; d++) {
          kernel[out][(group * modes + j) * positions + d] =
              filter[out % filter.length][d * modes + j];
        }
      }
    }
    return kernel;
  }
}
