package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spectral weights in factors, against what these multiply out to. */
class FactorsTest {
  private static final List<Integer> MODES = List.of(5, 6);
  private static final int CHANNELS = 4;

  @ParameterizedTest
  @EnumSource(names = {"TUCKER", "CP", "TT"})
  void aSeparableWeightInFactorsIsTheirProduct(Factorization kind) {
    FnoSettings settings = settings(kind, 0.5);
    FnoSettings dense = settings(Factorization.DENSE, 1);
    Tensor input = normal(2, 3, 8, 9);
    try (Fno inFactors = Fno.create(settings, 3)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>(inFactors.weights().tensors());
      String weight = "fno_blocks.convs.0.weight";
      tensors.put(weight + ".tensor", product(kind, tensors, weight + "."));
      tensors.keySet().removeIf(name -> name.startsWith(weight) && !name.endsWith(".tensor"));
      try (Fno whole = Fno.load(new Weights(dense.metadata(), tensors))) {
        assertThat(inFactors.apply(input).values())
            .containsExactly(whole.apply(input).values(), within(1e-5f));
      }
    }
  }

  /** Where every rank is one, axes of one meet on the way back. */
  @ParameterizedTest
  @EnumSource(names = {"TUCKER", "CP", "TT"})
  void factorsOfTheLeastRankHaveGradients(Factorization kind) {
    FnoSettings settings =
        FnoSettings.builder(Architecture.FNO, 3, 1, List.of(FnoLayer.of(CHANNELS, MODES)))
            .factorization(kind)
            .rank(1e-9)
            .build();
    try (Fno fno = Fno.create(settings, 3);
        NDManager scope = Devices.newManager();
        NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      fno.parameters().values().forEach(p -> p.setRequiresGradient(true));
      Devices.differentiate(() -> fno.forward(scope, normal(2, 3, 8, 9)).square().sum());
      assertThat(fno.parameters().entrySet())
          .filteredOn(parameter -> parameter.getKey().contains("factor"))
          .isNotEmpty()
          .allSatisfy(
              parameter ->
                  assertThat(parameter.getValue().getGradient().abs().sum().getFloat())
                      .as(parameter.getKey())
                      .isPositive());
    }
  }

  private static FnoSettings settings(Factorization kind, double rank) {
    return FnoSettings.builder(Architecture.FNO, 3, 1, List.of(FnoLayer.of(CHANNELS, MODES)))
        .separable(true)
        .factorization(kind)
        .rank(rank)
        .build();
  }

  /** W[c, i, j], complex, from factors over channels, rows and columns. */
  private static Tensor product(Factorization kind, Map<String, Tensor> tensors, String prefix) {
    Tensor[] u = new Tensor[3];
    for (int axis = 0; axis < 3; axis++) {
      u[axis] = tensors.get(prefix + "factors.factor_" + axis);
    }
    int rows = MODES.get(0);
    int columns = MODES.get(1) / 2 + 1;
    float[] values = new float[CHANNELS * rows * columns * 2];
    int at = 0;
    for (int c = 0; c < CHANNELS; c++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          double[] w =
              switch (kind) {
                case TUCKER -> tucker(tensors.get(prefix + "core"), u, c, i, j);
                case CP -> polyadic(tensors.get(prefix + "weights"), u, c, i, j);
                case TT -> train(u, c, i, j);
                case DENSE -> throw new IllegalArgumentException("has no factors");
              };
          values[at++] = (float) w[0];
          values[at++] = (float) w[1];
        }
      }
    }
    return new Tensor(values, CHANNELS, rows, columns, 2);
  }

  private static double[] tucker(Tensor core, Tensor[] u, int c, int i, int j) {
    double[] sum = new double[2];
    for (int a = 0; a < core.shape()[0]; a++) {
      for (int r = 0; r < core.shape()[1]; r++) {
        for (int s = 0; s < core.shape()[2]; s++) {
          double[] term = times(at(core, a, r, s), at(u[0], c, a));
          add(sum, times(times(term, at(u[1], i, r)), at(u[2], j, s)));
        }
      }
    }
    return sum;
  }

  private static double[] polyadic(Tensor weights, Tensor[] u, int c, int i, int j) {
    double[] sum = new double[2];
    for (int r = 0; r < weights.shape()[0]; r++) {
      double[] term = times(at(weights, r), at(u[0], c, r));
      add(sum, times(times(term, at(u[1], i, r)), at(u[2], j, r)));
    }
    return sum;
  }

  private static double[] train(Tensor[] u, int c, int i, int j) {
    double[] sum = new double[2];
    for (int r = 0; r < u[1].shape()[0]; r++) {
      for (int s = 0; s < u[1].shape()[2]; s++) {
        add(sum, times(times(at(u[0], 0, c, r), at(u[1], r, i, s)), at(u[2], s, j, 0)));
      }
    }
    return sum;
  }

  /** A complex element. */
  private static double[] at(Tensor tensor, int... index) {
    int offset = 0;
    for (int axis = 0; axis < index.length; axis++) {
      offset = offset * (int) tensor.shape()[axis] + index[axis];
    }
    return new double[] {tensor.values()[2 * offset], tensor.values()[2 * offset + 1]};
  }

  private static double[] times(double[] a, double[] b) {
    return new double[] {a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]};
  }

  private static void add(double[] sum, double[] term) {
    sum[0] += term[0];
    sum[1] += term[1];
  }

  private static Tensor normal(long... shape) {
    Random random = new Random(8);
    int size = 1;
    for (long s : shape) {
      size *= (int) s;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(values, shape);
  }
}
