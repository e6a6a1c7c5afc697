package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etesian.operators.NeuralOperator;
import etesian.operators.Operators;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.conformance.Npz;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A state dictionary of NeuralOperator that Python wrote as safetensors, where both are at hand.
 */
class WeightsFromPythonTest {
  @TempDir private Path folder;

  @Test
  void aStateDictionaryOfThePublishedFnoForecastsAsItDid() throws Exception {
    Path golden =
        Path.of(
            System.getProperty("etesian.shared", "shared"), "conformance/neuralop/fno2d_16x16.npz");
    assumeTrue(Files.isRegularFile(golden), () -> "no golden vectors at " + golden);
    Path weights = written(golden);
    Npz npz = Npz.read(golden);
    long[] shape = Arrays.stream(npz.shape("x")).asLongStream().toArray();
    try (NeuralOperator fno = Operators.load(SafeTensors.read(weights))) {
      float[] forecast = fno.apply(new Tensor(npz.floats("x"), shape)).values();
      double[] expected = npz.doubles("out");
      assertThat(forecast).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) forecast[i]).isCloseTo(expected[i], within(1e-5));
      }
    }
  }

  private Path written(Path golden) throws IOException, InterruptedException {
    Path script = folder.resolve("to_safetensors.py");
    try (InputStream in = getClass().getResourceAsStream("to_safetensors.py")) {
      Files.copy(in, script);
    }
    Path out = folder.resolve("fno.safetensors");
    Process python;
    try {
      python =
          new ProcessBuilder("python3", script.toString(), golden.toString(), out.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "no python3 here: " + e.getMessage());
      return out;
    }
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor()).as(said).isZero();
    return out;
  }
}
