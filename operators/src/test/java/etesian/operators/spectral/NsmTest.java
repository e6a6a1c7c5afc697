package etesian.operators.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import etesian.operators.Devices;
import etesian.operators.NeuralOperator;
import etesian.operators.Operators;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.WeightsException;
import etesian.operators.spectral.NsmSettings.Activation;
import etesian.operators.spectral.NsmSettings.Network;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingListener;
import etesian.operators.training.TrainingResult;
import etesian.operators.training.TrainingSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NsmTest {
  /** Time and one direction, on a grid of 24 points. */
  private static final NsmSettings LINE =
      settings(Network.NSM, "CF", List.of(6, 64), List.of(24), Mollifier.INITIAL, 1, 24, 3);

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  @ParameterizedTest
  @CsvSource({
    "CF, INITIAL, 1, 10, 3",
    "FC, INITIAL, 1, 10, 1",
    "CFF, INITIAL, 8, 10, 2",
    "CCF, INITIAL, 7, 10, 1",
    "FF, PERIODIC, 8, 10, 1",
    "CC, DIRICHLET, 8, 10, 1",
    "F, NONE, 1, 9, 1"
  })
  void everyBasisStandsBetweenGrids(
      String basis, Mollifier mollifier, int rows, int columns, int times) {
    int space = basis.length() - (mollifier == Mollifier.INITIAL ? 1 : 0);
    for (Network network : Network.values()) {
      NsmSettings settings =
          settings(
              network,
              basis,
              List.of(4, 6, 5).subList(0, basis.length()),
              List.of(5, 7).subList(0, space),
              mollifier,
              rows,
              columns,
              times);
      try (Nsm nsm = Nsm.create(settings, 1)) {
        Tensor output = nsm.apply(noise(2, rows, columns));
        assertThat(output.shape()).containsExactly(2, times, rows, columns);
        assertThat(output.values()).doesNotContain(Float.NaN);
        assertThat(nsm.outputChannels()).isEqualTo(times);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 65})
  void predictionsOnTwoGridsAgreeWhereBothHaveAPoint(int points) {
    try (Nsm nsm = Nsm.create(LINE, 1)) {
      Tensor input = noise(1, 1, 24);
      Tensor coarse = nsm.evaluate(input, points, points);
      Tensor fine = nsm.evaluate(input, 129, 129);
      assertThat(coarse.shape()).containsExactly(1, 1, points, points);
      int stride = 128 / (points - 1);
      for (int i = 0; i < points * points; i++) {
        float same = fine.values()[i / points * stride * 129 + i % points * stride];
        assertThat(coarse.values()[i]).isCloseTo(same, within(2 * Math.ulp(same)));
      }
    }
  }

  /** A time step and the same place on two grids. */
  @Test
  void theGridOfAnOperatorShowsTheSameFunction() {
    try (Nsm nsm = Nsm.create(LINE, 1)) {
      Tensor input = noise(2, 1, 24);
      float[] output = nsm.apply(input).values(); // (2, 3 times, 1, 24)
      float[] uniform = nsm.evaluate(input, 4, 25).values(); // (2, 1, 4, 25)
      for (int i = 0; i < output.length; i++) {
        int sample = i / 72;
        int time = i / 24 % 3 + 1;
        float same = uniform[(sample * 4 + time) * 25 + i % 24];
        assertThat(output[i]).isCloseTo(same, within(1e-5f));
      }
    }
  }

  @Test
  void atTheBeginningItIsTheInitialState() {
    try (Nsm nsm = Nsm.create(LINE, 1)) {
      Tensor input = noise(1, 1, 24);
      float[] uniform = nsm.evaluate(input, 2, 25).values();
      for (int i = 0; i < 24; i++) {
        assertThat(uniform[i]).isCloseTo(input.values()[i], within(1e-5f));
      }
    }
  }

  /** The layers that never leave the values equal those that transform each time. */
  @Test
  void valuesBetweenTransformsAreEnough() {
    NsmSettings plain = settings(Network.NSM, "F", List.of(8), List.of(8), Mollifier.NONE, 1, 8, 1);
    try (Nsm nsm = Nsm.load(Nsm.create(plain, 1).weights(), DataType.FLOAT64);
        Doubles of = new Doubles()) {
      Expansion phi = of.random("F", 3, 8);
      double[] actual =
          nsm.solve(Expansion.of(nsm.transforms(), phi.basis(), phi.coefficients()))
              .coefficients()
              .toDoubleArray();
      assertThat(actual).containsExactly(slowly(nsm, phi), within(1e-15));
    }
  }

  /** Layer by layer on coefficients, as the published program does it. */
  private static double[] slowly(Nsm nsm, Expansion phi) {
    double[][] to = Axis.FOURIER.transform(8);
    double[][] from = Axis.FOURIER.inverse(8);
    double[] given = phi.coefficients().toDoubleArray();
    double[][] z = new double[8][2];
    double[][] x = new double[8][1];
    for (int j = 0; j < 8; j++) {
      x[j][0] = j / 8.0;
    }
    double[][] place = Matrices.product(to, x);
    for (int k = 0; k < 8; k++) {
      z[k][0] = given[k];
      z[k][1] = place[k][0];
    }
    Map<String, Tensor> p = nsm.weights().tensors();
    z = sigma(to, from, dense(p, 0, z));
    z = sigma(to, from, dense(p, 1, z));
    float[] w = p.get("SpectralConv_0/W").values();
    double[][] mixed = dense(p, 2, z);
    for (int k = 0; k < 8; k++) {
      for (int i = 0; i < 3; i++) {
        for (int o = 0; o < 3; o++) {
          mixed[k][o] += z[k][i] * w[(k * 3 + i) * 3 + o];
        }
      }
    }
    z = sigma(to, from, mixed);
    z = sigma(to, from, dense(p, 3, z));
    z = sigma(to, from, dense(p, 4, z));
    z = dense(p, 5, z);
    return Arrays.stream(z).mapToDouble(row -> 1e-3 * row[0]).toArray();
  }

  private static double[][] dense(Map<String, Tensor> p, int index, double[][] z) {
    Tensor kernel = p.get("Dense_" + index + "/kernel");
    float[] bias = p.get("Dense_" + index + "/bias").values();
    int in = (int) kernel.shape()[0];
    int out = (int) kernel.shape()[1];
    double[][] y = new double[z.length][out];
    for (int k = 0; k < z.length; k++) {
      for (int o = 0; o < out; o++) {
        y[k][o] = bias[o];
        for (int i = 0; i < in; i++) {
          y[k][o] += z[k][i] * kernel.values()[i * out + o];
        }
      }
    }
    return y;
  }

  private static double[][] sigma(double[][] to, double[][] from, double[][] coefficients) {
    double[][] values = Matrices.product(from, coefficients);
    for (double[] row : values) {
      Arrays.setAll(row, i -> Math.max(0, row[i]));
    }
    return Matrices.product(to, values);
  }

  @ParameterizedTest
  @EnumSource
  void weightsSayWhatItIs(Network network) {
    NsmSettings settings =
        settings(network, "CF", List.of(4, 6), List.of(9), Mollifier.INITIAL, 1, 9, 2);
    Tensor input = noise(2, 1, 9);
    try (Nsm nsm = Nsm.create(settings, 7)) {
      Map<String, String> card = new LinkedHashMap<>(nsm.weights().metadata());
      card.put("equation", "of motion");
      Weights described = new Weights(card, nsm.weights().tensors());
      Weights read = SafeTensors.read(SafeTensors.write(described));
      try (NeuralOperator again = Operators.load(read)) {
        assertThat(again.apply(input)).isEqualTo(nsm.apply(input));
        assertThat(again.weights().metadata()).containsEntry("equation", "of motion");
      }
      assertThat(NsmSettings.read(read.metadata())).isEqualTo(settings);
    }
    assertThat(settings.shapes())
        .containsKey(network == Network.NSM ? "SpectralConv_0/W" : "DenseGeneral_0/kernel");
  }

  @Test
  void gradientsReachEveryParameter() {
    NsmSettings settings =
        settings(Network.NSM, "CF", List.of(4, 6), List.of(9), Mollifier.INITIAL, 1, 9, 2);
    try (Nsm nsm = Nsm.create(settings, 2);
        NDManager scope = Devices.newManager()) {
      nsm.parameters().values().forEach(p -> p.setRequiresGradient(true));
      Devices.differentiate(() -> nsm.forward(scope, noise(2, 1, 9)).square().sum());
      nsm.parameters()
          .forEach(
              (name, p) -> {
                try (NDArray gradient = p.getGradient()) {
                  assertThat(gradient.abs().sum().getFloat()).as(name).isPositive();
                }
              });
    }
  }

  /** As a stream trains any operator. */
  @Test
  void pairsTeachItToo() {
    NsmSettings settings =
        settings(Network.NSM, "CF", List.of(4, 9), List.of(9), Mollifier.INITIAL, 1, 9, 1);
    Tensor input = noise(8, 1, 9);
    float[] doubled = new float[input.values().length];
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] = 2 * input.values()[i];
    }
    Samples pairs = new Samples(input, new Tensor(doubled, input.shape()));
    Loss loss = Loss.uniform(Loss.Measure.RELATIVE_L2, 1, 9);
    TrainingSettings training = TrainingSettings.of(60).withLearningRate(0.03);
    try (Nsm nsm = Nsm.create(settings, 1)) {
      TrainingResult result =
          new Trainer(training, loss).train(nsm, pairs, pairs, TrainingListener.NONE);
      assertThat(result.initialLoss()).isCloseTo(0.5, within(0.01));
      assertThat(result.validationLoss()).isLessThan(0.4);
    }
  }

  /** On a globe, a region, a row of it, and a torus. */
  @Test
  void anUntrainedNetworkOfIncrementsIsPersistence() {
    List<NsmSettings> networks =
        List.of(
            NsmSettings.forGrid(2, 1, 7, 12, true, 3, 1, List.of(5, 7)),
            NsmSettings.forGrid(2, 1, 7, 12, false, 3, 1, List.of(7, 12)),
            NsmSettings.forGrid(2, 1, 1, 12, false, 3, 1, List.of(6)),
            NsmSettings.forTorus(2, 1, 7, 12, 3, 1, 5));
    for (NsmSettings settings : networks) {
      int cells = settings.rows() * settings.columns();
      Tensor channel = noise(4, settings.rows(), settings.columns());
      Tensor input = new Tensor(channel.values(), 2, 2, settings.rows(), settings.columns());
      try (Nsm nsm = Nsm.create(settings, 1);
          Nsm again = Nsm.load(SafeTensors.read(SafeTensors.write(nsm.weights())))) {
        assertThat(again.settings()).isEqualTo(settings);
        float[] output = again.apply(input).values();
        assertThat(output).hasSize(2 * cells);
        for (int i = 0; i < output.length; i++) {
          int newest = i / cells * 2 * cells + i % cells; // of the first channel of its sample
          assertThat(output[i]).as("%s, %d", settings.basis(), i).isEqualTo(input.values()[newest]);
        }
      }
    }
  }

  @Test
  void anIncrementIsAddedOnce() {
    NsmSettings s = NsmSettings.forGrid(2, 1, 7, 12, true, 3, 1, List.of(5, 7));
    assertThatThrownBy(() -> NsmSettings.forGrid(1, 2, 7, 12, true, 3, 1, List.of(5, 7)))
        .hasMessageContaining("added to its input once");
    assertThat(s.metadata()).containsEntry("architecture.residual", "true");
    assertThat(LINE.metadata()).doesNotContainKey("architecture.residual");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (Nsm nsm = Nsm.create(LINE, 1)) {
      assertThatThrownBy(() -> nsm.apply(noise(1, 1, 25)))
          .hasMessage("input Tensor[1, 1, 1, 25], expected (batch, 1, 1, 24)");
      Map<String, Tensor> tensors = new LinkedHashMap<>(nsm.weights().tensors());
      tensors.remove("Dense_0/bias");
      assertThatThrownBy(() -> Nsm.load(new Weights(nsm.weights().metadata(), tensors)))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("missing [Dense_0/bias]");
      Map<String, String> metadata = new LinkedHashMap<>(nsm.weights().metadata());
      metadata.put("architecture.basis", "XF");
      assertThatThrownBy(() -> Nsm.load(new Weights(metadata, nsm.weights().tensors())))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("'architecture.basis' is 'XF'");
    }
    assertThatThrownBy(
            () -> settings(Network.NSM, "CF", List.of(6), List.of(24), Mollifier.INITIAL, 1, 24, 1))
        .hasMessageContaining("modes [6] of the basis CF");
    assertThatThrownBy(
            () ->
                settings(Network.NSM, "FF", List.of(6, 6), List.of(6, 6), Mollifier.NONE, 6, 6, 2))
        .hasMessageContaining("needs an initial state");
  }

  private static NsmSettings settings(
      Network network,
      String basis,
      List<Integer> modes,
      List<Integer> parameterModes,
      Mollifier mollifier,
      int rows,
      int columns,
      int times) {
    return new NsmSettings(
        network,
        Basis.of(basis),
        modes,
        parameterModes,
        1,
        1,
        3,
        1,
        Activation.RELU,
        mollifier,
        1e-3,
        rows,
        columns,
        times,
        false);
  }

  private static Tensor noise(int batch, int rows, int columns) {
    Random random = new Random(3);
    float[] values = new float[batch * rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return new Tensor(values, batch, 1, rows, columns);
  }
}
