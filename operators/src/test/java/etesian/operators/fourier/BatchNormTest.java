package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.training.FineTuneSettings;
import etesian.operators.training.FineTuner;
import etesian.operators.training.Loss;
import etesian.operators.training.LossTerm;
import etesian.operators.training.Samples;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingListener;
import etesian.operators.training.TrainingResult;
import etesian.operators.training.TrainingSettings;
import etesian.operators.training.TuneScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics of a batch in training, running ones in service. */
class BatchNormTest {
  private static final int ROWS = 8;
  private static final int COLUMNS = 12;
  private static final String FIRST = "fno_blocks.norm.0.norm";

  @BeforeAll
  static void oneThread() {
    Devices.setThreads(1);
  }

  /**
   * Worked by hand, weight 2 and bias 1, one channel. The batch (1, 3), (5, 7) has mean 4 and
   * biased variance 5, so unbiased 20/3; the batch (0, 4) has mean 2, variances 4 and 8:
   *
   * <pre>
   *   M: 0 -> 0.4 -> 0.56;   V: 1 -> 0.9 + 2/3 = 47/30 -> 1.41 + 0.8 = 2.21
   * </pre>
   */
  @Test
  void numbersWorkedByHand() {
    try (NDManager scope = Devices.newManager();
        Program program = new Program(line(), new int[] {2}, DataType.FLOAT64, scope, false)) {
      Map<String, NDArray> p = new LinkedHashMap<>();
      put(p, scope, "weight", 2);
      put(p, scope, "bias", 1);
      put(p, scope, "running_mean", 0);
      put(p, scope, "running_var", 1);
      put(p, scope, "num_batches_tracked", 0);
      double root = Math.sqrt(5 + 1e-5);
      assertThat(norm(program, scope, p, true, 1, 3, 5, 7))
          .containsExactly(
              new double[] {1 - 6 / root, 1 - 2 / root, 1 + 2 / root, 1 + 6 / root}, within(1e-14));
      assertThat(p.get("running_mean").getDouble(0)).isEqualTo(0.4, within(1e-15));
      assertThat(p.get("running_var").getDouble(0)).isEqualTo(47.0 / 30, within(1e-15));
      norm(program, scope, p, true, 0, 4);
      assertThat(p.get("running_mean").getDouble(0)).isEqualTo(0.56, within(1e-15));
      assertThat(p.get("running_var").getDouble(0)).isEqualTo(2.21, within(1e-15));
      assertThat(p.get("num_batches_tracked").toDoubleArray()).containsExactly(2);
      root = Math.sqrt(2.21 + 1e-5);
      assertThat(norm(program, scope, p, false, 0.56, 1.56))
          .containsExactly(new double[] {1, 1 + 2 / root}, within(1e-14));
      assertThat(p.get("num_batches_tracked").toDoubleArray()).as("in service").containsExactly(2);
    }
  }

  private static FnoSettings line() {
    return FnoSettings.builder(Architecture.FNO, 1, 1, List.of(FnoLayer.of(1, List.of(2))))
        .norm(Norm.BATCH)
        .groups(1)
        .build();
  }

  private static void put(Map<String, NDArray> p, NDManager scope, String name, double value) {
    NDArray array = scope.create(new double[] {value}).duplicate();
    array.setName("p." + FIRST + "." + name);
    p.put(name, array);
  }

  /** Samples of two points each. */
  private static double[] norm(
      Program program, NDManager scope, Map<String, NDArray> p, boolean training, double... x) {
    List<NDArray> given = new ArrayList<>(p.values());
    if (training) {
      NDArray flag = scope.zeros(new Shape(1));
      flag.setName("c.by_batch");
      given.add(flag);
    }
    NDArray input = scope.create(x, new Shape(x.length / 2, 1, 2)).duplicate();
    return program.call(scope, "norm_alone", input, given).toDoubleArray();
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void namesAreThoseOfTheLibraryAndStatisticsAreNoParameters(Architecture architecture) {
    String first =
        architecture == Architecture.UNO ? "fno_blocks.0.norm.0.norm." : "fno_blocks.norm.0.norm.";
    try (Fno fno = Fno.create(settings(architecture, false), 5)) {
      assertThat(fno.parameters()).containsKeys(first + "weight", first + "bias");
      assertThat(fno.buffers())
          .hasSize(3 * 2 * fno.settings().layers().size())
          .containsKeys(
              first + "running_mean", first + "running_var", first + "num_batches_tracked");
      assertThat(fno.parameters())
          .doesNotContainKeys(fno.buffers().keySet().toArray(String[]::new));
      Weights weights = fno.weights();
      assertThat(weights.tensors()).containsKeys(fno.buffers().keySet().toArray(String[]::new));
      assertThat(weights.tensors().get(first + "num_batches_tracked"))
          .isEqualTo(new Tensor(new float[] {0}));
      inTraining(fno, normal(3, 2, ROWS, COLUMNS));
      assertThat(fno.weights().tensors().get(first + "num_batches_tracked").values())
          .containsExactly(1);
      assertThat(fno.weights().tensors().get(first + "running_mean"))
          .isNotEqualTo(weights.tensors().get(first + "running_mean"));
    }
  }

  /**
   * Running statistics that are those of a batch make service of it the same as training: M = 0.1 m
   * and V = 0.9 + 0.1 v n / (n - 1) after the first batch give m and v away.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trainingIsServiceByTheStatisticsOfTheBatch(boolean preactivation) {
    Tensor batch = normal(3, 2, ROWS, COLUMNS);
    int n = 3 * ROWS * COLUMNS;
    try (Fno fno = Fno.create(settings(Architecture.FNO, preactivation), 5)) {
      float[] trained = inTraining(fno, batch);
      Map<String, Tensor> tensors = new LinkedHashMap<>(fno.weights().tensors());
      tensors.replaceAll(
          (name, tensor) ->
              name.endsWith("running_mean")
                  ? each(tensor, m -> m / 0.1)
                  : name.endsWith("running_var")
                      ? each(tensor, v -> (v - 0.9) / 0.1 * (n - 1) / n)
                      : tensor);
      try (Fno served = Fno.load(new Weights(fno.settings().metadata(), tensors))) {
        // what the rounding of V leaves of a small v
        assertThat(served.apply(batch).values()).containsExactly(trained, within(2e-3f));
        assertThat(fno.apply(batch).values()).isNotEqualTo(trained);
      }
    }
  }

  private static Tensor each(Tensor tensor, DoubleUnaryOperator of) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) of.applyAsDouble(values[i]);
    }
    return new Tensor(values, tensor.shape());
  }

  @Test
  void aForecastDoesNotDependOnItsCompany() {
    Tensor batch = normal(4, 2, ROWS, COLUMNS);
    try (Fno fno = Fno.create(settings(Architecture.FNO, false), 5)) {
      inTraining(fno, batch);
      int cells = ROWS * COLUMNS;
      Tensor alone = new Tensor(Arrays.copyOf(batch.values(), 2 * cells), 1, 2, ROWS, COLUMNS);
      assertThat(fno.apply(alone).values())
          .containsExactly(Arrays.copyOf(fno.apply(batch).values(), cells), within(1e-6f));
    }
  }

  @Test
  void trainingLearnsAndAnInterruptedRunEndsTheSame(@TempDir Path folder) {
    Samples pairs = turned(24, 1);
    Loss loss = Loss.uniform(Loss.Measure.RELATIVE_L2, ROWS, COLUMNS);
    TrainingSettings settings = TrainingSettings.of(15).withBatchSize(6).withLearningRate(5e-3);
    Trainer resumable =
        new Trainer(settings, loss).resumable(folder.resolve("run"), TrainingSettings.UNLIMITED);
    try (Fno whole = Fno.create(plain(), 1);
        Fno stopped = Fno.create(plain(), 1);
        Fno resumed = Fno.create(plain(), 2)) {
      TrainingResult result =
          new Trainer(settings, loss).train(whole, pairs, turned(8, 2), TrainingListener.NONE);
      assertThat(result.validationLoss()).isLessThan(0.7 * result.initialLoss());
      assertThat(result.weights().tensors()).isEqualTo(whole.weights().tensors());
      assertThat(whole.weights().tensors().get(FIRST + ".num_batches_tracked").values())
          .containsExactly(4 * result.bestEpoch());
      int[] steps = {0};
      resumable.train(
          stopped,
          pairs,
          turned(8, 2),
          progress -> {
            if (++steps[0] == 10) {
              Thread.currentThread().interrupt();
            }
          });
      assertThat(Thread.interrupted()).isTrue();
      assertThat(resumable.train(resumed, pairs, turned(8, 2), TrainingListener.NONE).weights())
          .isEqualTo(result.weights());
      try (Fno again = Fno.load(SafeTensors.read(SafeTensors.write(result.weights())))) {
        assertThat(again.apply(pairs.input())).isEqualTo(whole.apply(pairs.input()));
      }
    }
  }

  /** And no optimiser has a memory of them. */
  @Test
  void fineTuningLeavesStatisticsAsTheyAre() {
    Samples pairs = turned(12, 1);
    Loss loss = Loss.uniform(Loss.Measure.RELATIVE_L2, ROWS, COLUMNS);
    for (TuneScope scope :
        List.of(
            new TuneScope.All(),
            new TuneScope.Named(List.of("projection.")),
            new TuneScope.LowRank(2))) {
      try (Fno fno = Fno.create(plain(), 1);
          LossTerm data = LossTerm.data(1, loss)) {
        inTraining(fno, pairs.input());
        Map<String, Tensor> before = fno.weights().tensors();
        FineTuneSettings settings =
            new FineTuneSettings(scope, 8, Duration.ofMinutes(1), 4, 1e-2, 1, 1e-3, 7);
        Weights[] states = new Weights[1];
        Map<String, Tensor> after =
            new FineTuner(settings, List.of(data))
                .tune(fno, pairs, Optional.empty(), 1, state -> states[0] = state)
                .weights()
                .tensors();
        fno.buffers().keySet().forEach(n -> assertThat(after.get(n)).isEqualTo(before.get(n)));
        assertThat(after).isNotEqualTo(before);
        assertThat(states[0].tensors().keySet())
            .noneMatch(n -> n.contains("running_") || n.contains("batches"));
      }
    }
  }

  @Test
  void aVarianceNeedsTwoPoints() {
    try (Fno fno = Fno.create(plain(), 1)) {
      assertThatThrownBy(() -> inTraining(fno, new Tensor(new float[1], 1, 1, 1, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("one point");
    }
  }

  private static float[] inTraining(Fno fno, Tensor batch) {
    return Devices.withoutGradients(
        () -> {
          try (NDManager scope = Devices.newManager();
              NDScope temporaries = new NDScope()) {
            temporaries.suppressNotUsedWarning();
            return Devices.read(fno.forwardInTraining(scope, batch)).values();
          }
        });
  }

  private static FnoSettings plain() {
    FnoLayer layer = FnoLayer.of(6, List.of(4, 6));
    return FnoSettings.builder(Architecture.FNO, 1, 1, List.of(layer, layer))
        .norm(Norm.BATCH)
        .groups(1)
        .build();
  }

  private static FnoSettings settings(Architecture architecture, boolean preactivation) {
    FnoLayer layer =
        architecture == Architecture.SFNO ? FnoLayer.onSphere(6, 4) : FnoLayer.of(6, List.of(4, 6));
    return FnoSettings.builder(architecture, 2, 1, List.of(layer, layer, layer))
        .norm(Norm.BATCH)
        .groups(1)
        .preactivation(preactivation)
        .build();
  }

  /** Waves and the same a quarter of a turn later. */
  private static Samples turned(int count, long seed) {
    Random random = new Random(seed);
    int cells = ROWS * COLUMNS;
    float[] input = new float[count * cells];
    float[] target = new float[input.length];
    for (int s = 0; s < count; s++) {
      double phase = 2 * Math.PI * random.nextDouble();
      for (int i = 0; i < cells; i++) {
        double x = 2 * Math.PI * (i % COLUMNS) / COLUMNS + phase;
        input[s * cells + i] = (float) Math.cos(x);
        target[s * cells + i] = (float) Math.sin(x);
      }
    }
    return new Samples(
        new Tensor(input, count, 1, ROWS, COLUMNS), new Tensor(target, count, 1, ROWS, COLUMNS));
  }

  private static Tensor normal(long... shape) {
    Random random = new Random(1);
    float[] values = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(values, shape);
  }
}
