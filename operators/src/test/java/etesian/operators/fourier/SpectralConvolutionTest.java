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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The convolution as matrix products, against sums over all frequencies. */
class SpectralConvolutionTest {
  @ParameterizedTest
  @CsvSource({
    "9, 4",
    "10, 10",
    "7, 12",
    "1, 1",
    "8x9, 4x6",
    "7x6, 5x4",
    "12x5, 16x3",
    "6x8, 3x20",
    "1x16, 1x8",
    "4x5x6, 2x3x4",
    "3x4x5, 6x4x2"
  })
  void isThatOfTheDefinition(String sizes, String modes) {
    int[] grid = numbers(sizes);
    FnoSettings settings = single(2, 3, numbers(modes), Collections.nCopies(grid.length, 1.0));
    Random random = new Random(sizes.hashCode());
    Tensor weight = tensor(random, Parameters.shapes(settings).get(WEIGHT));
    Tensor bias = tensor(random, Parameters.shapes(settings).get(BIAS));
    long[] shape = new long[grid.length + 2];
    shape[0] = 2;
    shape[1] = 2;
    Arrays.setAll(shape, i -> i < 2 ? 2 : grid[i - 2]);
    Tensor x = tensor(random, shape);
    double[] expected = Definition.of(settings, weight, bias, x, grid);
    assertThat(convolve(settings, weight, bias, x, grid)).containsExactly(expected, within(1e-11));
  }

  /** Of unit weights; the published placement gets the second and the third wrong. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, -1", "2, 0", "0, 2", "-2, 1"})
  void aWaveOnALargerGridIsTheSameWave(int rowWaves, int columnWaves) {
    FnoSettings settings = single(1, 1, new int[] {5, 6}, List.of(2.0, 2.0));
    long[] shape = Parameters.shapes(settings).get(WEIGHT);
    float[] ones = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < ones.length; i += 2) {
      ones[i] = 1;
    }
    Tensor bias = new Tensor(new float[1], 1, 1, 1);
    double[] fine =
        convolve(
            settings,
            new Tensor(ones, shape),
            bias,
            wave(8, rowWaves, columnWaves),
            new int[] {8, 8});
    float[] expected = wave(16, rowWaves, columnWaves).values();
    for (int i = 0; i < expected.length; i++) {
      assertThat(fine[i]).isEqualTo(expected[i], within(1e-6));
    }
  }

  private static Tensor wave(int n, int rowWaves, int columnWaves) {
    float[] values = new float[n * n];
    for (int i = 0; i < values.length; i++) {
      double phase = (double) (rowWaves * (i / n) + columnWaves * (i % n)) / n;
      values[i] = (float) Math.cos(2 * Math.PI * phase);
    }
    return new Tensor(values, 1, 1, n, n);
  }

  /** Few samples go through the factors, many through their product. */
  @ParameterizedTest
  @CsvSource({"TUCKER, 0.3", "CP, 0.4", "TT, 0.4"})
  void factorsGiveTheSameInEitherOrder(Factorization kind, double rank) {
    FnoSettings settings =
        FnoSettings.builder(Architecture.TFNO, 1, 1, List.of(FnoLayer.of(6, List.of(3, 4))))
            .factorization(kind)
            .rank(rank)
            .build();
    int many = 200;
    Tensor batch = tensor(new Random(1), new long[] {many, 1, 6, 6});
    try (Fno fno = Fno.create(settings, 7)) {
      float[] together = fno.apply(batch).values();
      for (int sample : new int[] {0, many - 1}) {
        float[] alone = Arrays.copyOfRange(batch.values(), 36 * sample, 36 * (sample + 1));
        float[] expected = fno.apply(new Tensor(alone, 1, 1, 6, 6)).values();
        float[] actual = Arrays.copyOfRange(together, 36 * sample, 36 * (sample + 1));
        assertThat(actual).containsExactly(expected, within(1e-5f));
      }
    }
  }

  @Test
  void ranksAreThoseOfTheTensorLibrary() {
    List<Integer> sizes = List.of(32, 32, 16, 9);
    assertThat(Ranks.tucker(sizes, 0.1)).containsExactly(18, 18, 9, 5);
    assertThat(Ranks.cp(List.of(8, 8, 6, 4), 0.2)).isEqualTo(12);
    assertThat(Ranks.train(List.of(8, 8, 6, 4), 0.3)).containsExactly(1, 6, 5, 4, 1);
    assertThat(Ranks.train(List.of(6, 4), 0.5)).containsExactly(1, 1, 1); // 12 of 24 numbers
  }

  private static final String WEIGHT = "fno_blocks.convs.0.weight.tensor";
  private static final String BIAS = "fno_blocks.convs.0.bias";

  private static FnoSettings single(int in, int out, int[] modes, List<Double> scale) {
    List<Integer> list = Arrays.stream(modes).boxed().toList();
    return FnoSettings.builder(Architecture.FNO, 1, 1, in, List.of(FnoLayer.of(out, list, scale)))
        .spectralSkip(Skip.NONE)
        .expansion(0)
        .coordinates(false)
        .build();
  }

  private static double[] convolve(
      FnoSettings settings, Tensor weight, Tensor bias, Tensor x, int[] grid) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = Devices.newManager()) {
            Map<String, long[]> shapes = new LinkedHashMap<>();
            Parameters.kernel(shapes, settings, "layer", 0);
            Map<String, Tensor> tensors = Map.of("layer.weight.tensor", weight, "layer.bias", bias);
            Parameters parameters = new Parameters(shapes, false, tensors, DataType.FLOAT64, scope);
            try (Program program = new Program(settings, grid, DataType.FLOAT64, scope, true)) {
              NDArray input = Devices.place(scope, x).toType(DataType.FLOAT64, false);
              return FourierConformance.numbers(
                  program.call(scope, "convolution", input, parameters.all().values()));
            }
          }
        });
  }

  private static Tensor tensor(Random random, long[] shape) {
    float[] values = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(values, shape);
  }

  private static int[] numbers(String sizes) {
    return Arrays.stream(sizes.split("x")).mapToInt(Integer::parseInt).toArray();
  }

  /** Every output as a sum over frequencies and points, on a grid of equal size. */
  private static final class Definition {
    private Definition() {}

    static double[] of(FnoSettings settings, Tensor weight, Tensor bias, Tensor x, int[] grid) {
      List<Integer> stored = settings.layers().get(0).stored();
      int points = Arrays.stream(grid).reduce(1, (a, b) -> a * b);
      int modes = stored.stream().reduce(1, (a, b) -> a * b);
      double[] out = new double[2 * 3 * points];
      for (int i = 0; i < out.length; i++) {
        out[i] = bias.values()[i / points % 3];
      }
      for (int mode = 0; mode < modes; mode++) {
        int[] frequency = frequency(mode, stored, grid);
        if (frequency != null) {
          add(out, frequency, mode, modes, weight.values(), x.values(), grid, points);
        }
      }
      return out;
    }

    /** Null where the grid does not show it: then the weight is cropped around its middle. */
    private static int[] frequency(int mode, List<Integer> stored, int[] grid) {
      int[] frequency = new int[grid.length];
      int rest = mode;
      for (int axis = grid.length - 1; axis >= 0; axis--) {
        int k = stored.get(axis);
        int index = rest % k;
        rest /= k;
        boolean last = axis == grid.length - 1;
        int kept = Math.min(k, last ? grid[axis] / 2 + 1 : grid[axis]);
        int at = index - (last ? 0 : (k - kept) / 2);
        if (at < 0 || at >= kept) {
          return null;
        }
        frequency[axis] = last ? at : at - kept / 2;
      }
      return frequency;
    }

    private static void add(
        double[] out,
        int[] frequency,
        int mode,
        int modes,
        float[] weight,
        float[] x,
        int[] grid,
        int points) {
      int f = frequency[grid.length - 1];
      double twice = f == 0 || 2 * f == grid[grid.length - 1] ? 1 : 2;
      double[][] phases = PlaneWaves.at(frequency, grid);
      for (int sample = 0; sample < 2; sample++) {
        for (int o = 0; o < 3; o++) {
          double re = 0;
          double im = 0;
          for (int i = 0; i < 2; i++) {
            double a = 0;
            double b = 0;
            for (int point = 0; point < points; point++) {
              double value = (double) x[(sample * 2 + i) * points + point] / points;
              a += value * phases[point][0];
              b -= value * phases[point][1];
            }
            int at = 2 * ((i * 3 + o) * modes + mode);
            re += a * weight[at] - b * weight[at + 1];
            im += a * weight[at + 1] + b * weight[at];
          }
          for (int point = 0; point < points; point++) {
            double[] phase = phases[point];
            out[(sample * 3 + o) * points + point] += twice * (re * phase[0] - im * phase[1]);
          }
        }
      }
    }
  }
}
