package etesian.operators.m2no;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import etesian.operators.Devices;
import etesian.operators.Operators;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.WeightsException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class M2noTest {
  private static final M2noSettings SMALL =
      M2noSettings.forGrid(2, 1, 6, 9, true).withWidth(2, 1).withNumLayers(1);

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  @ParameterizedTest
  @CsvSource({"5,5,1", "19,51,2", "89,180,3", "181,360,3", "32,64,3"})
  void gridsOfAnySizeAreAccepted(int rows, int columns, int levels) {
    M2noSettings settings = M2noSettings.forGrid(2, 1, rows, columns, true).withWidth(1, 2);
    assertThat(settings.gridLevels()).hasSize(levels);
    try (M2no operator = M2no.create(settings, 1)) {
      Tensor output = operator.apply(noise(1, 2, rows, columns));
      assertThat(output.shape()).containsExactly(1, 1, rows, columns);
      assertThat(output.values()).doesNotContain(Float.NaN);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RESHAPE, STATE, false, LAYER",
    "TENSOR, STATE, false, CHANNEL",
    "TENSOR, RESIDUAL, false, LAYER",
    "RESHAPE, RESIDUAL, true, NONE",
    "TENSOR, RESIDUAL, true, CHANNEL"
  })
  void servingGivesWhatIsDifferentiated(Packing packing, Cycle cycle, boolean details, Norm norm) {
    M2noSettings settings =
        M2noSettings.forGrid(3, 1, 30, 44, true, Poles.BETWEEN_ROWS, Set.of(1))
            .withWidth(2, 2)
            .withLevels(packing, cycle, details, norm);
    try (M2no operator = M2no.load(shaken(M2no.create(settings, 1)));
        NDManager scope = Devices.newManager()) {
      Tensor x = noise(2, 3, 30, 44);
      float[] served = operator.apply(x).values();
      float[] differentiated =
          Devices.withoutGradients(() -> Devices.read(operator.forward(scope, x))).values();
      for (int i = 0; i < served.length; i++) {
        assertThat(served[i]).isCloseTo(differentiated[i], within(2e-5f));
      }
    }
  }

  /** A channel norm has as many weights on every grid, a layer norm one for each cell. */
  @Test
  void onlyALayerNormIsTiedToTheResolution() {
    assertThat(parameters(Norm.CHANNEL, 64)).isEqualTo(parameters(Norm.CHANNEL, 32));
    assertThat(parameters(Norm.LAYER, 64)).isGreaterThan(2 * parameters(Norm.LAYER, 32));
  }

  private static long parameters(Norm norm, int size) {
    M2noSettings settings =
        M2noSettings.forGrid(1, 1, size, size, true)
            .withWidth(4, 2)
            .withLevels(Packing.TENSOR, Cycle.STATE, false, norm);
    try (M2no operator = M2no.create(settings, 1)) {
      return operator.parameters().values().stream().mapToLong(p -> p.getShape().size()).sum();
    }
  }

  /** Turning the globe turns the forecast: only with patches and weights that know no place. */
  @Test
  void aTurnedGlobeIsForecastTurned() {
    M2noSettings settings =
        M2noSettings.forGrid(1, 1, 32, 64, true, Poles.BETWEEN_ROWS, Set.of())
            .withLevels(Packing.TENSOR, Cycle.RESIDUAL, true, Norm.CHANNEL);
    Tensor x = noise(1, 1, 32, 64);
    try (M2no operator = M2no.load(shaken(M2no.create(settings, 1)))) {
      float[] there = turned(operator.apply(x), 16).values();
      float[] here = operator.apply(turned(x, 16)).values();
      for (int i = 0; i < here.length; i++) {
        assertThat(here[i]).isCloseTo(there[i], within(2e-5f));
      }
    }
  }

  private static Tensor turned(Tensor x, int by) {
    float[] values = new float[x.values().length];
    for (int i = 0; i < values.length; i++) {
      int column = i % 64;
      values[i] = x.values()[i - column + (column + by) % 64];
    }
    return new Tensor(values, x.shape());
  }

  /** No parameter stays at zero or one, so that every one of them matters. */
  private static Weights shaken(M2no operator) {
    try (operator) {
      Random random = new Random(5);
      Weights weights = operator.weights();
      weights
          .tensors()
          .values()
          .forEach(
              tensor -> {
                for (int i = 0; i < tensor.values().length; i++) {
                  tensor.values()[i] += (float) (0.1 * random.nextGaussian());
                }
              });
      return weights;
    }
  }

  /** Weights of Python lie in memory as its programs wrote them, and come back so. */
  @Test
  void weightsComeBackAsTheyWent() {
    M2noSettings settings =
        M2noSettings.forGrid(1, 1, 8, 16, true)
            .withLevels(Packing.RESHAPE, Cycle.STATE, false, Norm.LAYER);
    Weights weights = shaken(M2no.create(settings, 1));
    try (M2no operator = M2no.load(weights)) {
      assertThat(operator.weights()).isEqualTo(weights);
    }
  }

  @Test
  void reducedPrecisionIsNearTheFull() {
    Tensor x = noise(1, 2, 6, 9);
    try (M2no exact = M2no.create(SMALL, 7);
        M2no reduced = M2no.load(exact.weights(), M2no.Precision.BFLOAT16)) {
      float[] truth = exact.apply(x).values();
      float[] near = reduced.apply(x).values();
      for (int i = 0; i < truth.length; i++) {
        assertThat(near[i]).isCloseTo(truth[i], within(0.02f));
      }
      assertThat(near).isNotEqualTo(truth);
    }
  }

  @Test
  void savedWeightsGiveTheSameForecast() {
    Tensor x = noise(3, 2, 6, 9);
    try (M2no operator = M2no.create(SMALL, 7)) {
      Weights weights = SafeTensors.read(SafeTensors.write(operator.weights()));
      try (var again = Operators.load(weights)) {
        assertThat(again.apply(x)).isEqualTo(operator.apply(x));
        assertThat(again.weights()).isEqualTo(operator.weights());
        assertThat(again.inputChannels()).isEqualTo(2);
        assertThat(again.outputChannels()).isEqualTo(1);
      }
    }
  }

  @Test
  void furtherMetadataIsKept() {
    try (M2no operator = M2no.create(SMALL, 7)) {
      Map<String, String> metadata = new HashMap<>(operator.weights().metadata());
      metadata.put("variable", "t2m");
      try (M2no again = M2no.load(new Weights(metadata, operator.weights().tensors()))) {
        assertThat(again.weights().metadata()).isEqualTo(metadata);
      }
    }
  }

  @Test
  void aFreshResidualOperatorIsPersistence() {
    Tensor x = noise(2, 2, 6, 9);
    try (M2no operator = M2no.create(SMALL.withResidual(true), 1)) {
      Tensor y = operator.apply(x);
      for (int s = 0; s < 2; s++) {
        for (int cell = 0; cell < 54; cell++) {
          assertThat(y.values()[s * 54 + cell]).isEqualTo(x.values()[s * 108 + cell]);
        }
      }
    }
  }

  @Test
  void aBatchGivesWhatItsMembersGive() {
    Tensor x = noise(3, 2, 6, 9);
    try (M2no operator = M2no.create(SMALL, 1)) {
      float[] together = operator.apply(x).values();
      for (int s = 0; s < 3; s++) {
        float[] one = Arrays.copyOfRange(x.values(), s * 108, (s + 1) * 108);
        float[] alone = operator.apply(new Tensor(one, 1, 2, 6, 9)).values();
        for (int i = 0; i < alone.length; i++) {
          assertThat(alone[i]).isCloseTo(together[s * 54 + i], within(1e-5f));
        }
      }
    }
  }

  @Test
  void aCallLeavesNothingOffTheHeap() {
    try (M2no operator = M2no.create(SMALL, 1)) {
      NDManager owner = operator.parameters().values().iterator().next().getManager();
      int before = owner.getManagedArrays().size();
      operator.apply(noise(1, 2, 6, 9));
      assertThat(owner.getManagedArrays()).hasSize(before);
    }
  }

  @Test
  void nothingIsRecordedForGradientsInAFreshThread() {
    try (M2no operator = M2no.create(SMALL, 1);
        NDManager scope = Devices.newManager()) {
      operator.parameters().values().forEach(p -> p.setRequiresGradient(true));
      boolean recorded =
          CompletableFuture.supplyAsync(
                  () ->
                      Devices.withoutGradients(
                          () -> {
                            NDArray y = operator.forward(scope, noise(1, 2, 6, 9));
                            return JniUtils.requiresGrad((PtNDArray) y);
                          }),
                  task -> new Thread(task).start())
              .join();
      assertThat(recorded).isFalse();
    }
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    try (M2no operator = M2no.create(SMALL, 1)) {
      Weights good = operator.weights();
      Map<String, Tensor> tensors = new LinkedHashMap<>(good.tensors());
      tensors.remove("input_proj.bias");
      assertThatThrownBy(() -> M2no.load(new Weights(good.metadata(), tensors)))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("missing [input_proj.bias], unknown []");
      tensors.put("input_proj.bias", new Tensor(new float[3], 3));
      assertThatThrownBy(() -> M2no.load(new Weights(good.metadata(), tensors)))
          .hasMessage("parameter 'input_proj.bias' has shape [3], expected [4]");
      Map<String, String> metadata = new HashMap<>(good.metadata());
      metadata.put("architecture.base", "haar");
      assertThatThrownBy(() -> M2no.load(new Weights(metadata, good.tensors())))
          .hasMessage(
              "metadata 'architecture.base' is 'haar', expected one of [legendre, chebyshev]");
      metadata.put("architecture", "graphcast");
      assertThatThrownBy(() -> Operators.load(new Weights(metadata, good.tensors())))
          .hasMessageContaining("architecture 'graphcast'");
    }
  }

  @Test
  void anInputWithOtherChannelsIsRefused() {
    try (M2no operator = M2no.create(SMALL, 1)) {
      assertThatThrownBy(() -> operator.apply(noise(1, 3, 6, 9)))
          .hasMessage("input has 3 channels, expected 2");
    }
  }

  @Test
  void anOperatorOnALineSeesAGridOfOneRow() {
    M2noSettings line =
        new M2noSettings(
            1,
            2,
            1,
            2,
            2,
            2,
            List.of(1, 2),
            Base.CHEBYSHEV,
            Padding.CIRCULAR,
            Packing.RESHAPE,
            Cycle.STATE,
            false,
            Norm.LAYER,
            false,
            Activation.TANH,
            List.of(16),
            GridPadding.exact(1, 16),
            false);
    assertThat(M2noSettings.read(line.metadata())).isEqualTo(line);
    try (M2no operator = M2no.create(line, 1)) {
      assertThat(operator.apply(noise(3, 2, 1, 16)).shape()).containsExactly(3, 1, 1, 16);
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> M2noSettings.forGrid(1, 2, 8, 8, true).withResidual(true))
        .hasMessageContaining("more output than input channels: 2 > 1");
    assertThatThrownBy(() -> M2noSettings.forGrid(1, 1, 8, 9, true, Poles.ON_ROWS, Set.of()))
        .hasMessageContaining("poles ON_ROWS on a grid of 9 columns");
    Map<String, String> metadata = new HashMap<>(SMALL.metadata());
    metadata.put("architecture.resolution", "24,16");
    assertThatThrownBy(() -> M2noSettings.read(metadata))
        .hasMessageContaining("a padded grid of 6 x 10 cannot be halved or doubled");
    assertThatThrownBy(() -> SMALL.withWidth(0, 1)).hasMessageContaining("k = 0");
  }

  @Test
  void settingsSurviveAsMetadata() {
    M2noSettings settings =
        M2noSettings.forGrid(2, 1, 7, 10, true, Poles.ON_ROWS, Set.of(1))
            .withLevels(Packing.TENSOR, Cycle.RESIDUAL, true, Norm.CHANNEL)
            .withResidual(true);
    assertThat(M2noSettings.read(settings.metadata())).isEqualTo(settings);
  }

  /** Published configurations know no packing, no poles, and a norm that is on or off. */
  @Test
  void settingsOfThePublishedProgramAreEnough() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("architecture.dim", "2");
    metadata.put("architecture.in_channels", "3");
    metadata.put("architecture.out_channels", "1");
    metadata.put("architecture.k", "4");
    metadata.put("architecture.c", "2");
    metadata.put("architecture.num_layers", "2");
    metadata.put("architecture.grid_levels", "1,1");
    metadata.put("architecture.base", "legendre");
    metadata.put("architecture.padding_mode", "circular");
    metadata.put("architecture.norm", "True");
    metadata.put("architecture.bias", "True");
    metadata.put("architecture.activation", "gelu");
    metadata.put("architecture.resolution", "32,64");
    M2noSettings settings = M2noSettings.read(metadata);
    assertThat(settings.norm()).isEqualTo(Norm.LAYER);
    assertThat(settings.packing()).isEqualTo(Packing.RESHAPE);
    assertThat(settings.cycle()).isEqualTo(Cycle.STATE);
    assertThat(settings.grid()).isEqualTo(GridPadding.exact(32, 64));
  }

  private static Tensor noise(int... shape) {
    long[] longs = Arrays.stream(shape).asLongStream().toArray();
    float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Random random = new Random(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(values, longs);
  }
}
