package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.GoldenBuilder;
import etesian.operators.conformance.GoldenFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LossConformanceTest {
  private final LossConformance runner = new LossConformance();

  /** Deviations of 1 and 4 on cells of a half: (1 + 8) / 2 without the root. */
  @Test
  void anOrderNeedNotBeWhole() throws IOException {
    GoldenFile file = losses("Lp1.5_abs_sum_noroot", 4.5, 0.75, 1.5);
    assertThat(runner.recognises(file.arrays())).isTrue();
    assertThat(runner.run(file)).matches(CaseResult::pass);
  }

  @Test
  void aWordThatNoLossHasIsRefused() throws IOException {
    for (String name : new String[] {"Lp2_rel_huge", "Huber_rel_sum", "Lpx_rel"}) {
      GoldenFile file = losses(name, 1, 0, 0);
      assertThatThrownBy(() -> runner.run(file))
          .hasMessageContaining("loss " + name + ": expected Lp with an order, H1 or Hdiv");
    }
  }

  private static GoldenFile losses(String name, double loss, double... slope) throws IOException {
    return new GoldenBuilder()
        .put("config_json", "{}")
        .put("x", new double[] {1, 5}, 1, 1, 2)
        .put("y", new double[] {0, 1}, 1, 1, 2)
        .put("loss/" + name, loss)
        .put("grad/" + name, slope, 1, 1, 2)
        .file();
  }
}
