package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import etesian.operators.Devices;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.WeightsException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FnoTest {
  @ParameterizedTest
  @EnumSource(Architecture.class)
  void itsFileMakesTheSameOperator(Architecture architecture) {
    Tensor input = normal(2, 3, 17, 24);
    try (Fno fno = Fno.create(FnoSettings.forGrid(architecture, 3, 2, 17, 24, true), 5)) {
      Tensor output = fno.apply(input);
      assertThat(output.shape()).containsExactly(2, 2, 17, 24);
      Weights file = SafeTensors.read(SafeTensors.write(fno.weights()));
      try (Fno again = Fno.load(file)) {
        assertThat(again.settings()).isEqualTo(fno.settings());
        assertThat(again.apply(input)).isEqualTo(output);
      }
    }
  }

  /** Also on a grid of many pieces, and when arrays of the first call are gone. */
  @ParameterizedTest
  @EnumSource(Architecture.class)
  void trainingAndServingAgree(Architecture architecture) {
    Tensor input = normal(1, 2, 96, 128);
    try (Fno fno = Fno.create(FnoSettings.forGrid(architecture, 2, 1, 96, 128, true), 5)) {
      float[] served = fno.apply(input).values();
      for (int pass = 0; pass < 2; pass++) {
        try (NDManager scope = Devices.newManager();
            NDScope temporaries = new NDScope()) {
          temporaries.suppressNotUsedWarning();
          float[] trained = Devices.read(fno.forward(scope, input)).values();
          assertThat(trained).containsExactly(served, within(2e-5f));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void anUntrainedResidualNetworkIsPersistence(Architecture architecture) {
    FnoSettings settings = FnoSettings.forGrid(architecture, 2, 1, 8, 12, true).withResidual(true);
    Tensor input = normal(1, 2, 8, 12);
    try (Fno fno = Fno.create(settings, 1)) {
      assertThat(fno.apply(input).values()).isEqualTo(Arrays.copyOf(input.values(), 8 * 12));
    }
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void aNetworkHasTheSizeThatIsAskedFor(Architecture architecture) {
    List<Integer> modes = architecture == Architecture.SFNO ? List.of(4) : List.of(5, 6);
    FnoSettings.Size size = new FnoSettings.Size(6, 5, modes, 0.3);
    FnoSettings settings = FnoSettings.forGrid(architecture, 2, 1, 9, 12, true, size);
    assertThat(settings.layers()).hasSize(5).allMatch(layer -> layer.channels() == 6);
    assertThat(settings.layers().get(0).modes().get(0)).isEqualTo(modes.get(0));
    try (Fno fno = Fno.create(settings, 1)) {
      assertThat(fno.apply(normal(2, 2, 9, 12)).shape()).containsExactly(2, 1, 9, 12);
      assertThat(fno.parameters().keySet())
          .anyMatch(name -> fno.head().stream().anyMatch(name::startsWith));
    }
  }

  @Test
  void aShapeOfUGoesDownAndUp() {
    FnoSettings.Size size = new FnoSettings.Size(6, 2, List.of(5, 6), 0);
    assertThatThrownBy(() -> FnoSettings.forGrid(Architecture.UNO, 2, 1, 9, 12, true, size))
        .hasMessageContaining("at least 3 layers");
  }

  @Test
  void oneAxisIsTwoOfWhichOneHasASinglePoint() {
    FnoSettings line = settings(List.of(6));
    FnoSettings plane = settings(List.of(1, 6));
    try (Fno of = Fno.create(line, 3)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      Map<String, long[]> shapes = Parameters.shapes(plane);
      of.weights()
          .tensors()
          .forEach((name, t) -> tensors.put(name, new Tensor(t.values(), shapes.get(name))));
      try (Fno on = Fno.load(new Weights(plane.metadata(), tensors))) {
        for (int n : new int[] {25, 32, 4}) {
          Tensor x = normal(2, 1, 1, n);
          Tensor expected = on.apply(x);
          assertThat(of.apply(x).shape()).isEqualTo(expected.shape());
          assertThat(of.apply(x).values()).containsExactly(expected.values(), within(1e-5f));
        }
      }
    }
  }

  private static FnoSettings settings(List<Integer> modes) {
    FnoLayer layer = FnoLayer.of(8, modes);
    return FnoSettings.builder(Architecture.FNO, 1, 1, List.of(layer, layer))
        .coordinates(false)
        .build();
  }

  @Test
  void theNumberOfParametersIsThatOfThePublishedDefault() {
    assertThat(parameters(32, 16, Architecture.FNO)).isEqualTo(1_192_801);
    assertThat(parameters(32, 16, Architecture.TFNO)).isEqualTo(140_521);
    assertThat(parameters(64, 32, Architecture.TFNO)).isEqualTo(1_959_953);
  }

  private static long parameters(int hidden, int modes, Architecture architecture) {
    FnoLayer layer = FnoLayer.of(hidden, List.of(modes, modes));
    FnoSettingsBuilder builder =
        FnoSettings.builder(architecture, 1, 1, List.of(layer, layer, layer, layer));
    if (architecture == Architecture.TFNO) {
      builder.factorization(Factorization.TUCKER).rank(0.1);
    }
    return Parameters.shapes(builder.build()).values().stream()
        .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
        .sum();
  }

  @Test
  void whatDoesNotFitIsNamed() {
    FnoSettings settings = FnoSettings.forGrid(Architecture.FNO, 2, 1, 8, 8, false);
    try (Fno fno = Fno.create(settings, 1)) {
      assertThatThrownBy(() -> fno.apply(normal(1, 3, 8, 8)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected (batch, 2");
      Weights weights = fno.weights();
      Map<String, String> other = new LinkedHashMap<>(weights.metadata());
      other.put("architecture.modes", "many");
      assertThatThrownBy(() -> Fno.load(new Weights(other, weights.tensors())))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("architecture.modes");
    }
    assertThatThrownBy(() -> FnoSettings.forGrid(Architecture.SFNO, 1, 1, 9, 9, false))
        .hasMessageContaining("whole globe");
  }

  @Test
  void patchesOfAnyLevelJoinToTheWhole() {
    Tensor field = normal(2, 1, 16, 24);
    for (int levels = 1; levels <= 3; levels++) {
      Patches cut = new Patches(16, 24, levels, 0.125);
      Tensor patches = cut.split(field);
      long[] shape = patches.shape();
      assertThat(shape[1]).isEqualTo(1 + levels);
      int size = (int) (shape[2] * shape[3]);
      float[] own = new float[(int) shape[0] * size];
      for (int i = 0; i < shape[0]; i++) {
        System.arraycopy(patches.values(), i * (1 + levels) * size, own, i * size, size);
      }
      assertThat(cut.join(new Tensor(own, shape[0], 1, shape[2], shape[3]))).isEqualTo(field);
    }
  }

  @Test
  void statisticsDoNotDependOnTheBatches() {
    Tensor all = normal(6, 2, 3, 5);
    ChannelStatistics once = new ChannelStatistics(2);
    once.add(all);
    ChannelStatistics often = new ChannelStatistics(2);
    for (int i = 0; i < 6; i++) {
      often.add(new Tensor(Arrays.copyOfRange(all.values(), 30 * i, 30 * (i + 1)), 1, 2, 3, 5));
    }
    for (int c = 0; c < 2; c++) {
      assertThat(often.mean(c)).isEqualTo(once.mean(c), within(1e-14));
      assertThat(often.deviation(c)).isEqualTo(once.deviation(c), within(1e-14));
    }
    float[] back = once.restore(once.normalise(all)).values();
    assertThat(back).containsExactly(all.values(), within(1e-6f));
  }

  private static Tensor normal(long... shape) {
    Random random = new Random(Arrays.hashCode(shape));
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(values, shape);
  }
}
