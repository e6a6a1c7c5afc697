package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import etesian.operators.Devices;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveNormTest {
  private static final int ROWS = 8;
  private static final int COLUMNS = 12;
  private static final float[] SUMMER = {0.3f, -1.2f, 2};
  private static final float[] WINTER = {-0.3f, 1.2f, 0.5f};
  private static final Tensor INPUT = normal(2, 2, ROWS, COLUMNS);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itIsAGroupNormOfEveryChannelWithScaleAndShiftFromTheEmbedding(boolean preactivation) {
    FnoSettings settings = settings(Architecture.FNO, Norm.ADAPTIVE, 3, preactivation);
    int channels = settings.hidden();
    FnoSettings grouped = settings(Architecture.FNO, Norm.GROUP, channels, preactivation);
    try (Fno adaptive = Fno.create(settings, 5)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>(adaptive.weights().tensors());
      for (int norm = 0; norm < 2 * settings.layers().size(); norm++) {
        String name = "fno_blocks.norm." + norm;
        float[] derived = perceptron(tensors, name + ".mlp.", SUMMER);
        tensors.put(name + ".weight", new Tensor(Arrays.copyOf(derived, channels), channels));
        float[] shift = Arrays.copyOfRange(derived, channels, 2 * channels);
        tensors.put(name + ".bias", new Tensor(shift, channels));
      }
      tensors.keySet().removeIf(name -> name.contains(".mlp."));
      adaptive.condition(SUMMER);
      try (Fno group = Fno.load(new Weights(grouped.metadata(), tensors))) {
        assertThat(adaptive.apply(INPUT).values())
            .containsExactly(group.apply(INPUT).values(), within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void theEmbeddingDecidesAndIsDifferentiated(Architecture architecture) {
    try (Fno fno = Fno.create(settings(architecture, Norm.ADAPTIVE, 3, false), 5)) {
      fno.condition(WINTER);
      Tensor winter = fno.apply(INPUT);
      fno.condition(SUMMER);
      Tensor summer = fno.apply(INPUT);
      assertThat(summer).isNotEqualTo(winter);
      fno.parameters().values().forEach(p -> p.setRequiresGradient(true));
      try (NDManager scope = Devices.newManager()) {
        Devices.differentiate(
            () -> {
              NDArray y = fno.forward(scope, INPUT);
              assertThat(Devices.read(y).values()).containsExactly(summer.values(), within(2e-5f));
              return y.square().sum();
            });
      }
      fno.parameters().entrySet().stream()
          .filter(parameter -> parameter.getKey().contains(".mlp."))
          .forEach(
              parameter ->
                  assertThat(parameter.getValue().getGradient().abs().sum().getFloat())
                      .as(parameter.getKey())
                      .isPositive());
      fno.parameters().values().forEach(p -> p.setRequiresGradient(false));
      try (Fno again = Fno.load(SafeTensors.read(SafeTensors.write(fno.weights())))) {
        again.condition(SUMMER);
        assertThat(again.apply(INPUT)).isEqualTo(summer);
      }
    }
  }

  @Test
  void anEmbeddingMustBeGivenAndFit() {
    try (Fno fno = Fno.create(settings(Architecture.FNO, Norm.ADAPTIVE, 3, false), 5)) {
      assertThatThrownBy(() -> fno.apply(INPUT))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("condition(...)");
      assertThatThrownBy(() -> fno.condition(1, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 numbers")
          .hasMessageContaining("groups = 3");
    }
    try (Fno fno = Fno.create(settings(Architecture.FNO, Norm.INSTANCE, 3, false), 5)) {
      assertThatThrownBy(() -> fno.condition(SUMMER)).hasMessageContaining("INSTANCE");
    }
    assertThatThrownBy(() -> settings(Architecture.FNO, Norm.ADAPTIVE, 0, false))
        .hasMessageContaining("size of its embedding");
  }

  private static FnoSettings settings(
      Architecture architecture, Norm norm, int groups, boolean preactivation) {
    FnoLayer layer =
        architecture == Architecture.SFNO ? FnoLayer.onSphere(6, 4) : FnoLayer.of(6, List.of(4, 6));
    return FnoSettings.builder(architecture, 2, 1, List.of(layer, layer, layer))
        .norm(norm)
        .groups(groups)
        .preactivation(preactivation)
        .build();
  }

  /** B gelu(A e + a) + b, in float64. */
  private static float[] perceptron(Map<String, Tensor> tensors, String name, float[] e) {
    double[] inside = new double[512];
    float[] first = tensors.get(name + "0.weight").values();
    for (int i = 0; i < inside.length; i++) {
      double sum = tensors.get(name + "0.bias").values()[i];
      for (int j = 0; j < e.length; j++) {
        sum += first[i * e.length + j] * e[j];
      }
      inside[i] = sum * normalDistribution(sum);
    }
    float[] second = tensors.get(name + "2.weight").values();
    float[] bias = tensors.get(name + "2.bias").values();
    float[] out = new float[bias.length];
    for (int i = 0; i < out.length; i++) {
      double sum = bias[i];
      for (int j = 0; j < inside.length; j++) {
        sum += second[i * inside.length + j] * inside[j];
      }
      out[i] = (float) sum;
    }
    return out;
  }

  /** Its density integrated by Simpson's rule. */
  private static double normalDistribution(double x) {
    int parts = 100;
    double sum = 0;
    for (int i = 0; i <= parts; i++) {
      double t = x * i / parts;
      int weight = i == 0 || i == parts ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-t * t / 2);
    }
    return 0.5 + sum * x / parts / 3 / Math.sqrt(2 * Math.PI);
  }

  private static Tensor normal(long... shape) {
    Random random = new Random(1);
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(values, shape);
  }
}
