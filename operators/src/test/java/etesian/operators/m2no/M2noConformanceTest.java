package etesian.operators.m2no;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Comparison;
import etesian.operators.conformance.GoldenBuilder;
import etesian.operators.conformance.GoldenFile;
import etesian.operators.conformance.Npz;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class M2noConformanceTest {
  private static final double[] HALF = {Math.sqrt(0.5)};

  private final Comparison worst = new Comparison();

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
  void aFilterMayDifferByARounding() throws IOException {
    float exact = (float) HALF[0];
    assertThat(M2noConformance.compareFilter(filter(exact), worst)).isZero();
    assertThat(M2noConformance.compareFilter(filter(Math.nextUp(exact)), worst)).isOne();
    assertThat(worst.result("case", "m2no").pass()).isTrue();
    float further = exact - 2 * Math.ulp(exact);
    assertThat(M2noConformance.compareFilter(filter(further), worst)).isOne();
    assertThat(worst.result("case", "m2no"))
        .extracting(CaseResult::pass, CaseResult::error)
        .containsExactly(false, 2.0);
  }

  @Test
  void aFilterOfAnotherSizeIsRefused() throws IOException {
    GoldenBuilder golden = new GoldenBuilder().put("filter.H", HALF, 1, 1);
    Npz arrays = settings(golden).file().arrays();
    assertThatThrownBy(() -> M2noConformance.compareFilter(arrays, worst))
        .hasMessage("filter.H has 1 numbers, expected 8");
  }

  @Test
  void aFilterThatIsWrongFails() throws IOException {
    GoldenFile file = new GoldenBuilder().put("legendre.k1.G1_orthonormal", HALF, 1, 1).file();
    assertThat(new M2noConformance().run(file).pass()).isFalse();
  }

  /** Of two functions of Legendre, with this as its first number. */
  private static Npz filter(float first) throws IOException {
    double[] numbers =
        Arrays.stream(Multiwavelets.lowPass(Base.LEGENDRE, 2))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    numbers[0] = first;
    return settings(new GoldenBuilder().put("filter.H", numbers, 2, 4)).file().arrays();
  }

  private static GoldenBuilder settings(GoldenBuilder golden) throws IOException {
    return golden.put("cfg.base", "legendre").put("cfg.k", 2).put("cfg.dim", 1);
  }
}
