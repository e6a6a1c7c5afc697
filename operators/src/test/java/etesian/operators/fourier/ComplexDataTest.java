package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.training.Growth;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingListener;
import etesian.operators.training.TrainingResult;
import etesian.operators.training.TrainingSettings;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Complex fields: no frequency is the conjugate of another. */
class ComplexDataTest {
  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  /**
   * What numpy makes of it, frequencies -1, 0, 1 of five and (-1, 0) x (-1, 0, 1) of 2 x 3:
   *
   * <pre>
   *   X = np.fft.fftn(x, norm="forward"); Y[f] = X[f] * W[f]; np.fft.ifftn(Y, norm="forward") + bias
   * </pre>
   */
  @Test
  void theConvolutionIsThatOfNumpy() {
    double[] line =
        convolve(
            single(1, 1, new int[] {3}, 1),
            new Tensor(new float[] {0.5f, -1, 2, 0.25f, -1, 0.5f}, 1, 1, 3, 2),
            new Tensor(new float[] {0.5f}, 1, 1),
            new Tensor(new float[] {1, -1, 0.25f, 2, -0.5f, 2, 0.5f, -1, 0, 1}, 1, 2, 5),
            5);
    assertThat(line)
        .containsExactly(
            new double[] {
              1.398383939719, 2.516863088266, 1.642736455954, -0.015982661834, -0.167000822104,
              0.118387336267, 0.464790207559, 1.671756846877, 2.071300381971, 1.111265227326
            },
            within(1e-12));
    double[] plane =
        convolve(
            single(1, 1, new int[] {2, 3}, 1),
            new Tensor(new float[] {0, 1, 2, 0, -1, 0, 0.5f, 0, 1, -1, 0, 3}, 1, 1, 2, 3, 2),
            new Tensor(new float[1], 1, 1, 1),
            new Tensor(new float[] {1, 2, -3, 4, 5, -6, 1, -4, 1.5f, 4, -10, 3}, 1, 2, 2, 3),
            2,
            3);
    assertThat(plane)
        .containsExactly(
            new double[] {
              3.79681937683, 0.891374810603, -8.438194187433,
              3.479832078723, 6.806438320064, -8.036270398786,
              -5.367091605142, -0.26485026919, 3.381941874331,
              -3.219977288112, 1.186111625134, -3.216134337022
            },
            within(1e-11));
  }

  /** A sum over frequencies and points; on small grids the weight is cropped around its middle. */
  @ParameterizedTest
  @CsvSource({
    "9, 4",
    "9, 5",
    "10, 10",
    "7, 12",
    "1, 1",
    "8x9, 4x6",
    "7x6, 5x3",
    "6x8, 9x20",
    "4x5x6, 2x3x4",
    "3x4x5, 6x4x2"
  })
  void theConvolutionIsThatOfTheDefinition(String sizes, String modes) {
    int[] grid = numbers(sizes);
    FnoSettings settings = single(2, 3, numbers(modes), 1);
    Random random = new Random(sizes.hashCode());
    Map<String, long[]> shapes = Parameters.shapes(settings);
    Tensor weight = normal(random, shapes.get("fno_blocks.convs.0.weight.tensor"));
    Tensor bias = normal(random, shapes.get("fno_blocks.convs.0.bias"));
    Tensor x = normal(random, shape(2, 4, grid));
    double[] expected = definition(settings, weight, bias, x, grid);
    assertThat(convolve(settings, weight, bias, x, grid)).containsExactly(expected, within(1e-11));
  }

  private static double[] definition(
      FnoSettings settings, Tensor weight, Tensor bias, Tensor x, int... grid) {
    List<Integer> stored = settings.layers().get(0).stored();
    int points = Arrays.stream(grid).reduce(1, (a, b) -> a * b);
    int modes = stored.stream().reduce(1, (a, b) -> a * b);
    double[] out = new double[2 * 6 * points];
    for (int s = 0; s < 2; s++) {
      for (int o = 0; o < 3; o++) {
        Arrays.fill(out, (6 * s + 2 * o) * points, (6 * s + 2 * o + 1) * points, bias.values()[o]);
      }
    }
    for (int mode = 0; mode < modes; mode++) {
      int[] frequency = new int[grid.length];
      boolean shown = true;
      int rest = mode;
      for (int axis = grid.length - 1; axis >= 0; axis--) {
        int k = stored.get(axis);
        int kept = Math.min(k, grid[axis]);
        int at = rest % k - (k - kept) / 2;
        shown &= at >= 0 && at < kept;
        frequency[axis] = at - kept / 2;
        rest /= k;
      }
      if (shown) {
        double[][] wave = PlaneWaves.at(frequency, grid);
        for (int s = 0; s < 2; s++) {
          for (int i = 0; i < 2; i++) {
            int from = (4 * s + 2 * i) * points;
            double a = 0;
            double b = 0;
            for (int point = 0; point < points; point++) {
              double re = x.values()[from + point];
              double im = x.values()[from + points + point];
              a += (re * wave[point][0] + im * wave[point][1]) / points;
              b += (im * wave[point][0] - re * wave[point][1]) / points;
            }
            for (int o = 0; o < 3; o++) {
              int w = 2 * ((i * 3 + o) * modes + mode);
              double re = a * weight.values()[w] - b * weight.values()[w + 1];
              double im = a * weight.values()[w + 1] + b * weight.values()[w];
              int to = (6 * s + 2 * o) * points;
              for (int point = 0; point < points; point++) {
                out[to + point] += re * wave[point][0] - im * wave[point][1];
                out[to + points + point] += re * wave[point][1] + im * wave[point][0];
              }
            }
          }
        }
      }
    }
    return out;
  }

  /** Of unit weights, frequencies -2 to 2 and -3 to 2; those beyond are cut off. */
  @ParameterizedTest
  @CsvSource({"1, -1, 1", "-2, 2, 1", "0, -3, 1", "2, 0, 1", "0, 3, 0", "-3, 0, 0"})
  void aWaveOnALargerGridIsTheSameWave(int rowWaves, int columnWaves, int height) {
    FnoSettings settings = single(1, 1, new int[] {5, 6}, 2);
    Tensor weight = new Tensor(values(60, i -> 1 - i % 2), 1, 1, 5, 6, 2);
    double[][] coarse = PlaneWaves.at(new int[] {rowWaves, columnWaves}, 8, 8);
    double[][] fine = PlaneWaves.at(new int[] {rowWaves, columnWaves}, 16, 16);
    Tensor x = new Tensor(values(128, i -> coarse[i % 64][i / 64]), 1, 2, 8, 8);
    double[] y = convolve(settings, weight, new Tensor(new float[1], 1, 1, 1), x, 8, 8);
    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).isEqualTo(height * fine[i % 256][i / 256], within(1e-6));
    }
  }

  /**
   * Lifting and projection f + i g make f(a) - g(b) + i (f(b) + g(a)) of a + i b; between them here
   * a spectral layer that changes nothing.
   */
  @Test
  void aLayerIsTwo() {
    FnoSettings settings = single(2, 2, new int[] {3, 4}, 1);
    Map<String, Tensor> tensors = new LinkedHashMap<>(Parameters.fresh(settings, 3));
    tensors.put(
        "fno_blocks.convs.0.weight.tensor",
        new Tensor(
            values(96, i -> i % 2 == 0 && (i / 24 == 0 || i / 24 == 3) ? 1 : 0), 2, 2, 3, 4, 2));
    tensors.put("fno_blocks.convs.0.bias", new Tensor(new float[2], 2, 1, 1));
    Tensor x = normal(new Random(1), shape(1, 2, 3, 4));
    try (Fno fno = Fno.load(new Weights(settings.metadata(), tensors))) {
      assertThat(fno.inputChannels()).isEqualTo(2);
      assertThat(fno.outputChannels()).isEqualTo(2);
      float[] y = fno.apply(x).values();
      for (int point = 0; point < 12; point++) {
        double[][] lifted =
            layer(
                tensors,
                "lifting",
                new double[] {x.values()[point]},
                new double[] {x.values()[12 + point]});
        double[][] expected = layer(tensors, "projection", lifted[0], lifted[1]);
        assertThat(y[point]).isEqualTo((float) expected[0][0], within(1e-5f));
        assertThat(y[12 + point]).isEqualTo((float) expected[1][0], within(1e-5f));
      }
    }
  }

  private static double[][] layer(
      Map<String, Tensor> tensors, String name, double[] a, double[] b) {
    double[] fa = perceptron(tensors, name + ".fr", a);
    double[] fb = perceptron(tensors, name + ".fr", b);
    double[] ga = perceptron(tensors, name + ".fi", a);
    double[] gb = perceptron(tensors, name + ".fi", b);
    double[][] out = new double[2][fa.length];
    for (int i = 0; i < fa.length; i++) {
      out[0][i] = fa[i] - gb[i];
      out[1][i] = fb[i] + ga[i];
    }
    return out;
  }

  private static double[] perceptron(Map<String, Tensor> tensors, String name, double... x) {
    double[] inside = linear(tensors, name + ".fcs.0", x);
    for (int i = 0; i < inside.length; i++) {
      inside[i] *= 0.5 * (1 + Erf.erf(inside[i] / Math.sqrt(2)));
    }
    return linear(tensors, name + ".fcs.1", inside);
  }

  private static double[] linear(Map<String, Tensor> tensors, String name, double... x) {
    float[] weight = tensors.get(name + ".weight").values();
    float[] bias = tensors.get(name + ".bias").values();
    double[] y = new double[bias.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = bias[i];
      for (int j = 0; j < x.length; j++) {
        y[i] += weight[i * x.length + j] * x[j];
      }
    }
    return y;
  }

  /** With all g zero and no spectral weights the parts do not meet: each is what f makes of it. */
  @ParameterizedTest
  @CsvSource({"NONE, false, false", "GROUP, false, true", "GROUP, true, false"})
  void withoutTheImaginaryHalfOfItsLayersItIsTwoRealNetworks(
      Norm norm, boolean preactivation, boolean stabiliser) {
    FnoSettings complex = network(true, norm, preactivation, stabiliser);
    FnoSettings real = network(false, norm, preactivation, stabiliser);
    Map<String, Tensor> both = new LinkedHashMap<>(Parameters.fresh(complex, 5));
    Map<String, Tensor> half = new LinkedHashMap<>();
    both.replaceAll((name, t) -> name.matches(".*(\\.fi\\.|convs).*") ? zero(t) : t);
    Parameters.fresh(real, 5)
        .forEach((name, t) -> half.put(name, name.contains("convs") ? zero(t) : t));
    both.forEach(
        (name, t) -> {
          if (name.contains(".fr.")) {
            half.put(name.replace(".fr.", "."), t);
          }
        });
    int cells = 6 * 8;
    Tensor x = normal(new Random(1), shape(1, 2, 6, 8));
    try (Fno one = Fno.load(new Weights(complex.metadata(), both));
        Fno other = Fno.load(new Weights(real.metadata(), half))) {
      float[] y = one.apply(x).values();
      for (int part = 0; part < 2; part++) {
        float[] alone = Arrays.copyOfRange(x.values(), part * cells, (part + 1) * cells);
        float[] expected = other.apply(new Tensor(alone, 1, 1, 6, 8)).values();
        assertThat(Arrays.copyOfRange(y, part * cells, (part + 1) * cells))
            .containsExactly(expected, within(1e-5f));
      }
    }
  }

  private static Tensor zero(Tensor t) {
    return new Tensor(new float[t.values().length], t.shape());
  }

  @Test
  void itsFileMakesTheSameOperatorWithThePublishedNames() {
    FnoSettings settings = network(true, Norm.GROUP, false, true);
    Tensor x = normal(new Random(1), shape(2, 2, 9, 12));
    try (Fno fno = Fno.create(settings, 5)) {
      assertThat(fno.parameters())
          .containsKeys(
              "lifting.fr.fcs.0.weight",
              "fno_blocks.fno_skips.1.fi.conv.weight",
              "fno_blocks.channel_mlp.0.fi.fcs.1.bias",
              "fno_blocks.channel_mlp_skips.0.fr.weight",
              "fno_blocks.norm.3.fi.weight",
              "fno_blocks.convs.0.weight.tensor",
              "projection.fi.fcs.1.weight");
      assertThat(fno.parameters().get("fno_blocks.convs.0.weight.tensor").getShape())
          .as("no half of the last axis")
          .isEqualTo(new Shape(4, 4, 4, 6, 2));
      Weights file = SafeTensors.read(SafeTensors.write(fno.weights()));
      try (Fno again = Fno.load(file)) {
        assertThat(again.settings()).isEqualTo(settings);
        assertThat(again.apply(x)).isEqualTo(fno.apply(x));
      }
    }
    assertThat(network(false, Norm.GROUP, false, true).metadata())
        .doesNotContainKey("architecture.complex_data");
  }

  /** Also on a grid of many pieces. */
  @Test
  void trainingAndServingAgree() {
    Tensor x = normal(new Random(1), shape(1, 2, 96, 128));
    try (Fno fno = Fno.create(network(true, Norm.NONE, false, false).withResidual(true), 5);
        Fno plain = Fno.create(network(true, Norm.NONE, false, false), 5)) {
      assertThat(fno.apply(x)).as("untrained it is persistence").isEqualTo(x);
      float[] served = plain.apply(x).values();
      try (NDManager scope = Devices.newManager();
          NDScope temporaries = new NDScope()) {
        temporaries.suppressNotUsedWarning();
        assertThat(Devices.read(plain.forward(scope, x)).values())
            .containsExactly(served, within(2e-5f));
      }
    }
  }

  /** Waves turn by their frequency, those that go the other way by its negative. */
  @Test
  void itLearnsAndGrowsOnAllAxes() {
    FnoLayer layer = FnoLayer.ofComplex(6, List.of(7, 9));
    FnoSettings few =
        FnoSettings.builder(Architecture.FNO, 1, 1, List.of(layer, layer))
            .complexData(true)
            .build()
            .withModes(List.of(3, 3));
    Samples pairs = turning(24);
    try (Fno fno = Fno.create(few, 1)) {
      assertThat(fno.mostGrown()).containsExactly(2, 3);
      TrainingResult result =
          new Trainer(
                  TrainingSettings.of(20).withBatchSize(8).withLearningRate(5e-3),
                  Loss.uniform(Loss.Measure.RELATIVE_L2, 12, 16))
              .growing(new Growth.GradientEnergy(0.9, 1))
              .train(fno, pairs, pairs, TrainingListener.NONE);
      assertThat(result.validationLoss()).isLessThan(0.5 * result.initialLoss());
      assertThat(fno.grown().get(1)).as("waves of up to 3 along the columns").isPositive();
    }
  }

  private static Samples turning(int count) {
    Random random = new Random(1);
    float[] now = new float[count * 2 * 12 * 16];
    float[] later = new float[now.length];
    for (int s = 0; s < count; s++) {
      for (int k = -3; k <= 3; k++) {
        double phase = 2 * Math.PI * random.nextDouble();
        for (int i = 0; i < 12 * 16; i++) {
          double angle = 2 * Math.PI * k * (i % 16) / 16 + phase;
          int at = s * 2 * 12 * 16 + i;
          now[at] += (float) Math.cos(angle);
          now[at + 12 * 16] += (float) Math.sin(angle);
          later[at] += (float) Math.cos(angle + 0.5 * k);
          later[at + 12 * 16] += (float) Math.sin(angle + 0.5 * k);
        }
      }
    }
    return new Samples(new Tensor(now, count, 2, 12, 16), new Tensor(later, count, 2, 12, 16));
  }

  @Test
  void whatIsNotDefinedForComplexDataIsRefused() {
    assertThatThrownBy(() -> network(true, Norm.BATCH, false, false))
        .hasMessageContaining("norm = BATCH of complex data");
    List<FnoLayer> sphere = List.of(FnoLayer.onSphere(4, 3));
    assertThatThrownBy(
            () -> FnoSettings.builder(Architecture.SFNO, 1, 1, sphere).complexData(true).build())
        .hasMessageContaining("complex data for SFNO");
    try (Fno fno = Fno.create(network(true, Norm.NONE, false, false), 1)) {
      assertThatThrownBy(() -> fno.apply(new Tensor(new float[48], 1, 1, 6, 8)))
          .hasMessageContaining("expected (batch, 2");
    }
  }

  private static FnoSettings network(
      boolean complex, Norm norm, boolean preactivation, boolean stabiliser) {
    List<Integer> modes = List.of(4, 6);
    FnoLayer layer = complex ? FnoLayer.ofComplex(4, modes) : FnoLayer.of(4, modes);
    return FnoSettings.builder(Architecture.FNO, 1, 1, List.of(layer, layer))
        .norm(norm)
        .groups(2)
        .preactivation(preactivation)
        .stabiliser(stabiliser)
        .coordinates(false)
        .complexData(complex)
        .build();
  }

  private static FnoSettings single(int in, int out, int[] modes, double scale) {
    List<Integer> list = Arrays.stream(modes).boxed().toList();
    FnoLayer layer = new FnoLayer(out, list, list, Collections.nCopies(modes.length, scale));
    return FnoSettings.builder(Architecture.FNO, 1, 1, in, List.of(layer))
        .spectralSkip(Skip.NONE)
        .expansion(0)
        .coordinates(false)
        .complexData(true)
        .build();
  }

  private static double[] convolve(
      FnoSettings settings, Tensor weight, Tensor bias, Tensor x, int... grid) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = Devices.newManager()) {
            Map<String, long[]> shapes = new LinkedHashMap<>();
            Parameters.kernel(shapes, settings, "layer", 0);
            Map<String, Tensor> tensors = Map.of("layer.weight.tensor", weight, "layer.bias", bias);
            Parameters parameters = new Parameters(shapes, false, tensors, DataType.FLOAT64, scope);
            try (Program program = new Program(settings, grid, DataType.FLOAT64, scope, true)) {
              return FourierConformance.numbers(
                  program.call(
                      scope,
                      "convolution",
                      Devices.place(scope, x).toType(DataType.FLOAT64, false),
                      parameters.all().values()));
            }
          }
        });
  }

  private static long[] shape(int samples, int channels, int... grid) {
    long[] shape = new long[grid.length + 2];
    Arrays.setAll(shape, i -> i == 0 ? samples : i == 1 ? channels : grid[i - 2]);
    return shape;
  }

  private static Tensor normal(Random random, long... shape) {
    return new Tensor(values((int) new Shape(shape).size(), i -> random.nextGaussian()), shape);
  }

  private static float[] values(int count, IntToDoubleFunction of) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) of.applyAsDouble(i);
    }
    return values;
  }

  private static int[] numbers(String sizes) {
    return Arrays.stream(sizes.split("x")).mapToInt(Integer::parseInt).toArray();
  }
}
