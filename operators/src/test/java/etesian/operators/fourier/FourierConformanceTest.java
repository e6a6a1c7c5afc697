package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.operators.conformance.GoldenBuilder;
import etesian.operators.conformance.GoldenFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FourierConformanceTest {
  private static final int[] FIELD = {1, 1, 4, 4};

  @Test
  void theGradientOfAWholeWeightHasToBeThere() throws IOException {
    FourierConformance runner = new FourierConformance();
    GoldenFile whole = silence().put("grad_w_0", new double[8], 1, 1, 2, 2, 2).file();
    assertThat(runner.recognises(whole.arrays())).isTrue();
    assertThat(runner.run(whole).pass()).isTrue();
    assertThat(runner.run(whole).note()).startsWith("3 arrays");
    GoldenFile without = silence().file();
    assertThatThrownBy(() -> runner.run(without)).hasMessageContaining("no array 'grad_w_0'");
  }

  /** A convolution of nothing with nothing. */
  private static GoldenBuilder silence() throws IOException {
    return new GoldenBuilder()
        .put("config_json", "{\"in_channels\": 1, \"out_channels\": 1}")
        .put("n_modes_0", new double[] {2, 2}, 2)
        .put("param/weight.tensor", new double[8], 1, 1, 2, 2, 2)
        .put("x", new double[16], FIELD)
        .put("out_0", new double[16], FIELD)
        .put("grad_x_0", new double[16], FIELD);
  }
}
