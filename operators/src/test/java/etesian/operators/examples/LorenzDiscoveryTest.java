package etesian.operators.examples;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.examples.LorenzDiscovery.Found;
import etesian.operators.examples.LorenzDiscovery.Settings;
import org.junit.jupiter.api.Test;

class LorenzDiscoveryTest {
  private static final Settings SHORT = new Settings(4000, 32, 3, 150, 5, 1);

  @Test
  void theSevenTermsAreFoundAndNoOther() {
    Found found = LorenzDiscovery.run(SHORT, (done, loss) -> {});
    double[][] truth = LorenzDiscovery.truth();
    for (int d = 0; d < 3; d++) {
      for (int k = 0; k < truth[d].length; k++) {
        assertThat(found.coefficients()[d][k] != 0)
            .as("%s in %s", LorenzDiscovery.names().get(k), found.equations().get(d))
            .isEqualTo(truth[d][k] != 0);
      }
    }
    assertThat(found.deviation()).isLessThan(0.29); // that of the published equations
  }

  @Test
  void aSearchIsRepeatable() {
    Settings brief = new Settings(500, 8, 1, 5, 5, 3);
    double[][] once = LorenzDiscovery.run(brief, (done, loss) -> {}).coefficients();
    double[][] again = LorenzDiscovery.run(brief, (done, loss) -> {}).coefficients();
    assertThat(again).isDeepEqualTo(once);
  }
}
