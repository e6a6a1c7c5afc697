package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parts of the program, each by itself. */
class PartsTest {

  /** In float32 the difference of two squares of ten thousand has no digit of such a variance. */
  @ParameterizedTest
  @EnumSource(names = {"GROUP", "INSTANCE"})
  void aNormFindsSmallWavesOnALargeMean(Norm norm) {
    int n = 16;
    FnoSettings settings =
        FnoSettings.builder(Architecture.FNO, 1, 1, List.of(FnoLayer.of(2, List.of(1, 1))))
            .norm(norm)
            .groups(2)
            .build();
    double[] x = new double[2 * n * n];
    double[] expected = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      expected[i] = Math.sqrt(2) * Math.cos(2 * Math.PI * i / n);
      x[i] = 100 + 0.25 * expected[i];
    }
    double[] actual = call(settings, "norm_alone", x, 2, n, n);
    assertThat(actual).containsExactly(expected, within(2e-3)); // 100 has an ulp of 8e-6
  }

  @Test
  void ofAnOddNumberOfWavesThePublishedProgramKeepsOneMoreBelowZeroThanFromZeroOn() {
    assertThat(Waves.below(4)).containsExactly(-2, -1, 0, 1);
    assertThat(Waves.below(3)).containsExactly(-2, -1, 0);
    assertThat(Waves.below(1)).containsExactly(-1);
  }

  /** From six points to three, the wave -1 stays and its conjugate is lost: half of a cosine. */
  @Test
  void threeAxesLoseAWaveOnTheWayToThreePoints() {
    double[] cosine = new double[6 * 4 * 4];
    Arrays.setAll(cosine, i -> 1 + wave(i / 16, 6));
    FnoLayer layer = FnoLayer.of(1, List.of(1, 1, 1), List.of(0.5, 1.0, 1.0));
    FnoSettings settings =
        FnoSettings.builder(Architecture.FNO, 1, 1, List.of(layer))
            .placement(Placement.LEGACY)
            .build();
    double[] expected = new double[3 * 4 * 4];
    Arrays.setAll(expected, i -> 1 + 0.5 * wave(i / 16, 3));
    assertThat(call(settings, "resampled", cosine, 6, 4, 4))
        .containsExactly(expected, within(1e-5));
  }

  private static double wave(int point, int points) {
    return Math.cos(2 * Math.PI * point / points);
  }

  /**
   * A quarter of 8 is padded on both sides: 12 in front of the layers, 24 behind, 16 without it.
   */
  @Test
  void thePaddingOfAUnoGrowsWithItsGrid() {
    FnoSettings settings =
        FnoSettings.builder(
                Architecture.UNO,
                1,
                1,
                List.of(
                    FnoLayer.of(3, List.of(3, 4)),
                    FnoLayer.of(3, List.of(3, 4), List.of(2.0, 2.0))))
            .mlpSkip(Skip.LINEAR)
            .padding(List.of(0.25, 0.0))
            .build();
    try (Fno fno = Fno.create(settings, 1)) {
      assertThat(fno.apply(new Tensor(new float[64], 1, 1, 8, 8)).shape())
          .containsExactly(1, 1, 16, 16);
    }
  }

  /** In float32; one sample of so many channels as the sizes leave. */
  private static double[] call(FnoSettings settings, String method, double[] x, int... sizes) {
    int axes = settings.axes();
    int[] grid = Arrays.copyOfRange(sizes, sizes.length - axes, sizes.length);
    long[] shape = new long[axes + 2];
    Arrays.fill(shape, 1);
    for (int i = 0; i < sizes.length; i++) {
      shape[shape.length - sizes.length + i] = sizes[i];
    }
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = Devices.newManager();
              Program program = new Program(settings, grid, DataType.FLOAT32, scope, true)) {
            NDArray given =
                scope.create(x, new Shape(shape)).duplicate().toType(DataType.FLOAT32, true);
            NDArray input = channelsLast(given);
            Map<String, Tensor> fresh = Parameters.fresh(settings, 1);
            List<NDArray> parameters =
                new ArrayList<>(
                    new Parameters(
                            Parameters.shapes(settings), false, fresh, DataType.FLOAT32, scope)
                        .all()
                        .values());
            return FourierConformance.numbers(
                program.call(scope, method, input, Collections.unmodifiableList(parameters)));
          }
        });
  }

  /** In memory, as inside a network. */
  private static NDArray channelsLast(NDArray x) {
    int axes = x.getShape().dimension() - 2;
    int[] last = new int[axes + 2];
    int[] back = new int[axes + 2];
    for (int axis = 0; axis < axes; axis++) {
      last[1 + axis] = 2 + axis;
      back[2 + axis] = 1 + axis;
    }
    last[axes + 1] = 1;
    back[1] = axes + 1;
    NDArray moved = x.transpose(last);
    return moved.flatten().reshape(moved.getShape()).transpose(back);
  }
}
