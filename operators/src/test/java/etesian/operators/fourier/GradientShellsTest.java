package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The gradient's squares by frequency, from the edge of what is in use inwards. */
class GradientShellsTest {
  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  /**
   * Worked by hand: x = cos(2 theta) on eight points has the coefficient 1/2 at frequency 2, the
   * weight 1 there gives y = cos(2 theta), and half its square, summed, is 2 |W|^2: the gradient is
   * 4 there, zero at frequencies 0, 1 and 3; 4 is not in use.
   */
  @Test
  void aWaveIsInTheShellOfItsFrequency() {
    FnoSettings settings = network(Architecture.FNO, List.of(FnoLayer.of(1, List.of(8)))).build();
    FnoSettings some = settings.withModes(List.of(6)); // frequencies 0 to 3
    double[] wave = new double[8];
    Arrays.setAll(wave, j -> Math.cos(2 * Math.PI * 2 * j / 8));
    try (NDManager scope = Devices.newManager();
        Program program = new Program(some, new int[] {8}, DataType.FLOAT64, scope, false)) {
      NDArray x = scope.create(wave, new Shape(1, 1, 8)).duplicate();
      NDArray weight = scope.create(new double[] {1, 0, 1, 0, 1, 0, 1, 0, 1, 0}).duplicate();
      weight = weight.reshape(1, 1, 5, 2).duplicate();
      weight.setName("p.layer.weight.tensor");
      weight.setRequiresGradient(true);
      NDArray bias = scope.zeros(new Shape(1, 1), DataType.FLOAT64);
      bias.setName("p.layer.bias");
      List<NDArray> parameters = List.of(weight, bias);
      Devices.differentiate(
          () ->
              program
                  .call(scope, "convolution", x, parameters)
                  .square()
                  .sum()
                  .mul(Devices.number(x, 0.5)));
      List<double[]> energy =
          GradientShells.of(
              some,
              program.windows(),
              program.limits(),
              Map.of("fno_blocks.convs.0.weight.tensor", weight));
      assertThat(energy).hasSize(1);
      assertThat(energy.get(0)).containsExactly(new double[] {0, 16, 0, 0}, within(1e-12));
    }
  }

  /** Sums over all numbers of the gradient, each with its frequency. */
  @ParameterizedTest
  @CsvSource({
    "9, 8, 4",
    "12x12, 8x8, 4x4",
    "12x12, 7x8, 3x6",
    "9x14, 6x12, 5x2",
    "12x12, 9x6, 9x2",
    "7x6x8, 4x5x6, 2x3x4"
  })
  void ofAWholeWeightItIsTheSumByFrequency(String sizes, String most, String inUse) {
    int[] grid = numbers(sizes);
    List<Integer> modes = Arrays.stream(numbers(inUse)).boxed().toList();
    FnoLayer layer = FnoLayer.of(3, Arrays.stream(numbers(most)).boxed().toList());
    FnoSettings settings =
        network(Architecture.FNO, List.of(layer, layer)).build().withModes(modes);
    try (Fno fno = Fno.create(settings, 3)) {
      descend(fno, grid);
      List<double[]> energy = fno.gradientEnergy();
      assertThat(energy).hasSize(grid.length);
      for (int axis = 0; axis < grid.length; axis++) {
        double[] expected = new double[0];
        if (fno.mostGrown().get(axis) > 0) {
          boolean last = axis == grid.length - 1;
          int largest = modes.get(axis) / 2;
          expected = new double[largest + 1];
          for (int l = 0; l < 2; l++) {
            add(expected, fno, l, axis, largest, last);
          }
        }
        assertThat(energy.get(axis)).hasSameSizeAs(expected);
        for (int d = 0; d < expected.length; d++) {
          assertThat(energy.get(axis)[d]).isEqualTo(expected[d], within(1e-4 * (1 + expected[d])));
        }
      }
    }
  }

  /** Zero is where the middle of the window is that is in use. */
  private static void add(double[] into, Fno fno, int l, int axis, int largest, boolean last) {
    FnoLayer layer = fno.settings().layers().get(l);
    NDArray parameter = fno.parameters().get("fno_blocks.convs." + l + ".weight.tensor");
    Tensor gradient = Devices.read(parameter.getGradient());
    List<Integer> stored = layer.stored();
    int k = fno.settings().kept(layer, axis);
    int zero = last ? 0 : (stored.get(axis) - k) / 2 + k / 2;
    int inner = 2;
    for (int a = axis + 1; a < stored.size(); a++) {
      inner *= stored.get(a);
    }
    float[] values = gradient.values();
    for (int i = 0; i < values.length; i++) {
      int frequency = Math.abs(i / inner % stored.get(axis) - zero);
      double square = (double) values[i] * values[i];
      if (frequency <= largest) {
        into[largest - frequency] += square;
      } else {
        assertThat(square).as("not in use").isZero();
      }
    }
  }

  /** All of the gradient of an axis' factor is in one shell or another. */
  @ParameterizedTest
  @EnumSource(
      value = Factorization.class,
      names = {"TUCKER", "CP", "TT"})
  void ofFactorsItIsThatOfTheirRows(Factorization kind) {
    FnoSettings settings =
        network(Architecture.TFNO, List.of(FnoLayer.of(4, List.of(6, 8))))
            .factorization(kind)
            .rank(0.5)
            .build()
            .withModes(List.of(4, 4));
    try (Fno fno = Fno.create(settings, 3)) {
      descend(fno, new int[] {12, 12});
      List<double[]> energy = fno.gradientEnergy();
      for (int axis = 0; axis < 2; axis++) {
        NDArray factor =
            fno.parameters().get("fno_blocks.convs.0.weight.factors.factor_" + (2 + axis));
        double all = factor.getGradient().square().sum().getFloat();
        assertThat(energy.get(axis)).hasSize(3);
        assertThat(Arrays.stream(energy.get(axis)).sum())
            .isPositive()
            .isEqualTo(all, within(1e-4 * all));
      }
    }
  }

  @Test
  void onTheSphereShellsAreDegrees() {
    FnoSettings settings =
        network(Architecture.SFNO, List.of(FnoLayer.onSphere(3, 6)))
            .build()
            .withModes(List.of(4, 8));
    try (Fno fno = Fno.create(settings, 3)) {
      descend(fno, new int[] {13, 24});
      assertThat(fno.gradientEnergy()).hasSize(1);
      assertThat(fno.gradientEnergy().get(0)).hasSize(4);
      assertThat(Arrays.stream(fno.gradientEnergy().get(0)).min().orElseThrow()).isPositive();
    }
  }

  /** The second layer has no more; the grid shows no more rows of the first. */
  @Test
  void layersThatCannotShowMoreDoNotCount() {
    FnoLayer growing = new FnoLayer(3, List.of(7, 4), List.of(9, 5), Collections.nCopies(2, 1.0));
    FnoLayer whole = FnoLayer.of(3, List.of(7, 4));
    FnoSettings settings = network(Architecture.FNO, List.of(growing, whole)).build();
    try (Fno fno = Fno.create(settings, 3)) {
      descend(fno, new int[] {6, 12});
      NDArray weight = fno.parameters().get("fno_blocks.convs.0.weight.tensor");
      double all = weight.getGradient().square().sum().getFloat();
      assertThat(fno.gradientEnergy().get(0)).isEmpty();
      assertThat(Arrays.stream(fno.gradientEnergy().get(1)).sum())
          .isEqualTo(all, within(1e-4 * all));
    }
  }

  /** Seven columns show four frequencies of the last axis, as eight do five. */
  @ParameterizedTest
  @CsvSource({"6, 8", "5, 7"})
  void modesThatFillTheGridHaveNoneBesideThem(int rows, int columns) {
    List<Integer> modes = List.of(rows, columns);
    FnoLayer layer = new FnoLayer(3, modes, List.of(9, 9), Collections.nCopies(2, 1.0));
    FnoSettings settings = network(Architecture.FNO, List.of(layer)).build();
    try (Fno fno = Fno.create(settings, 3)) {
      descend(fno, new int[] {rows, columns});
      assertThat(fno.gradientEnergy()).allSatisfy(axis -> assertThat(axis).isEmpty());
      descend(fno, new int[] {rows + 1, columns + 2});
      assertThat(fno.gradientEnergy()).noneSatisfy(axis -> assertThat(axis).isEmpty());
    }
  }

  /** Of 2 n - 1 rows with both poles, and of n of Gauss, degrees 0 to n - 1 are exact. */
  @ParameterizedTest
  @CsvSource({"EQUIANGULAR, 7, 9", "LEGENDRE_GAUSS, 4, 5"})
  void onTheSphereTheRowsLimitTheDegrees(SphereGrid grid, int rows, int more) {
    FnoSettings settings =
        network(Architecture.SFNO, List.of(FnoLayer.onSphere(3, 6)))
            .sphereGrid(grid)
            .build()
            .withModes(List.of(4, 8));
    try (Fno fno = Fno.create(settings, 3)) {
      descend(fno, new int[] {rows, 24});
      assertThat(fno.gradientEnergy().get(0)).isEmpty();
      descend(fno, new int[] {more, 24});
      assertThat(fno.gradientEnergy().get(0)).hasSize(4);
    }
  }

  private static FnoSettingsBuilder network(Architecture architecture, List<FnoLayer> layers) {
    return FnoSettings.builder(architecture, 1, 1, layers);
  }

  /** One backward pass of squares of random input's output. */
  private static void descend(Fno fno, int[] grid) {
    long[] shape = new long[grid.length + 2];
    Arrays.setAll(shape, i -> i == 0 ? 2 : i == 1 ? 1 : grid[i - 2]);
    Random random = new Random(1);
    float[] values = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    fno.parameters().values().forEach(p -> p.setRequiresGradient(true));
    try (NDManager scope = Devices.newManager()) {
      Devices.differentiate(() -> fno.forward(scope, new Tensor(values, shape)).square().sum());
    }
  }

  private static int[] numbers(String sizes) {
    return Arrays.stream(sizes.split("x")).mapToInt(Integer::parseInt).toArray();
  }
}
