package etesian.operators.m2no;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.conformance.GoldenBuilder;
import etesian.operators.conformance.GoldenFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class M2noConformanceTest {
  private static final double[] HALF = {Math.sqrt(0.5)};

  /** Of one function: sums and differences. */
  @Test
  void someFiltersAreAFileToo() throws IOException {
    GoldenFile file =
        new GoldenBuilder()
            .put("chebyshev.k1.H1", HALF, 1, 1)
            .put("legendre.k1.G0", HALF, 1, 1) // as published: of no use, and not compared
            .put("legendre.k1.G0_orthonormal", HALF, 1, 1)
            .put("legendre.k1.G1_orthonormal", new double[] {-HALF[0]}, 1, 1)
            .file();
    M2noConformance runner = new M2noConformance();
    assertThat(runner.recognises(file.arrays())).isTrue();
    assertThat(runner.run(file).note()).startsWith("3 arrays");
    assertThat(runner.run(file).pass()).isTrue();
  }

  @Test
  void aFilterThatIsWrongFails() throws IOException {
    GoldenFile file = new GoldenBuilder().put("legendre.k1.G1_orthonormal", HALF, 1, 1).file();
    assertThat(new M2noConformance().run(file).pass()).isFalse();
  }
}
