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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class M2noTest {
  private static final M2noSettings SMALL =
      M2noSettings.forGrid(2, 1, 6, 9, true).withWidth(2, 1).withLayers(1);

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
      metadata.put("architecture", "fno");
      assertThatThrownBy(() -> Operators.load(new Weights(metadata, good.tensors())))
          .hasMessageContaining("architecture 'fno'");
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
            true,
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
    assertThatThrownBy(() -> SMALL.withWidth(0, 1)).hasMessageContaining("k = 0");
  }

  @Test
  void settingsSurviveAsMetadata() {
    M2noSettings settings = SMALL.withResidual(true);
    assertThat(M2noSettings.read(settings.metadata())).isEqualTo(settings);
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
