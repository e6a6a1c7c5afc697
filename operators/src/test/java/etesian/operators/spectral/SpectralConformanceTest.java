package etesian.operators.spectral;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.GoldenBuilder;
import etesian.operators.conformance.GoldenFile;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpectralConformanceTest {
  private static final double VISCOSITY = 0.5;
  private static final double DURATION = 2;

  /**
   * A flow at rest leaves minus the force, 0.1 ( sin 2 pi (x + y) + cos 2 pi (x + y) ): of three
   * modes per axis, whose second is cos and whose third is - sin, the coefficients are 0.1 of cos
   * cos and -0.1 of the others. On the gradient only w_t and the diffusion have an influence.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aForceThatIsOnlyNamedIsThePublishedOne(boolean forced) throws IOException {
    int modes = 2 * 3 * 3;
    double[] residual = new double[modes];
    double[] gradient = new double[modes];
    double loss = 0;
    int[] first = {4, 5, 7, 8}; // (0, 1, 1), (0, 1, 2), (0, 2, 1), (0, 2, 2)
    for (int i = 0; forced && i < first.length; i++) {
      double r = i == 0 ? -0.1 : 0.1;
      residual[first[i]] = r;
      loss += r * r;
      gradient[first[i]] = 2 * r * 8 * Math.PI * Math.PI * VISCOSITY;
      gradient[9 + first[i]] = 2 * r * 2 / DURATION; // t = (1 + T_1) / 2
    }
    String config = "{\"basis\": \"CFF\", \"T\": %s, \"nu\": %s, \"forced\": %s}";
    GoldenFile file =
        new GoldenBuilder()
            .put("config_json", config.formatted(DURATION, VISCOSITY, forced))
            .put("u_coef", new double[modes], 2, 3, 3, 1)
            .put("vx", new double[modes], 2, 3, 3)
            .put("vy", new double[modes], 2, 3, 3)
            .put("residual_coef", residual, 2, 3, 3)
            .put("spectral_loss", loss)
            .put("grad_u", gradient, 2, 3, 3, 1)
            .file();
    SpectralConformance runner = new SpectralConformance();
    assertThat(runner.recognises(file.arrays())).isTrue();
    assertThat(runner.run(file)).matches(CaseResult::pass);
  }
}
