package etesian.operators.m2no;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etesian.operators.Devices;
import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Conformance;
import etesian.operators.conformance.Npz;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;
import etesian.operators.training.Schedule;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agreement with the published program, where its golden vectors are at hand. */
class M2noGoldenTest {
  @TestFactory
  Stream<DynamicTest> goldenCase() throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(golden())) {
      files = list.filter(file -> file.toString().endsWith(".npz")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () -> assertThat(Conformance.run(file)).allMatch(CaseResult::pass)));
  }

  /** Ten steps of Adam on the whole batch, against the losses of the published optimiser. */
  @ParameterizedTest
  @ValueSource(strings = {"m2d_03_leg_k2c2_circ_norm_16", "m1d_03_leg_k4c2_circ_norm_64"})
  void trainingFollowsTheGoldenLosses(String name) throws IOException {
    Npz golden = Npz.read(golden().resolve(name + ".npz"));
    double[] expected = golden.doubles("train.loss_f64");
    Samples pairs =
        new Samples(
            M2noConformance.channelsFirst(golden, "input"),
            M2noConformance.channelsFirst(golden, "target"));
    long[] shape = pairs.target().shape();
    Loss loss = Loss.uniform(Loss.Measure.RELATIVE_L2, (int) shape[2], (int) shape[3]);
    TrainingSettings settings =
        new TrainingSettings(
            expected.length,
            Duration.ofMinutes(1),
            pairs.size(),
            pairs.size(),
            golden.number("train.lr"),
            Schedule.CONSTANT,
            golden.number("train.weight_decay"),
            1e9,
            expected.length,
            1);
    List<Double> losses = new ArrayList<>();
    try (M2no operator = M2noConformance.operator(golden)) {
      new Trainer(settings, loss)
          .train(operator, pairs, pairs, progress -> losses.add(progress.loss()));
    }
    assertThat(losses).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(losses.get(i)).isEqualTo(expected[i], within(2e-5 * expected[i]));
    }
  }

  private static Path golden() {
    Path folder = Path.of(System.getProperty("etesian.shared", "shared"), "conformance", "m2no");
    assumeTrue(Files.isDirectory(folder), () -> "no golden vectors at " + folder);
    Devices.setThreads(1);
    return folder;
  }
}
