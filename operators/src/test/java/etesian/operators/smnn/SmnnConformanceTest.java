package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.GoldenBuilder;
import etesian.operators.conformance.GoldenFile;
import etesian.operators.conformance.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmnnConformanceTest {
  private final Path folder =
      Path.of(System.getProperty("etesian.shared", "absent"), "conformance", "smnn");

  @TestFactory
  Stream<DynamicTest> solutionsAndGradientsEqualTheGoldenVectors() throws IOException {
    assumeTrue(
        Files.isDirectory(folder), "no golden vectors: set -Detesian.shared to their folder");
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.filter(file -> file.toString().endsWith(".npz")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> agrees(file)));
  }

  /**
   * One variable without a derivative at two points, c = 1, r = 2 and v = 2, so that u = 2: M = (4
   * -2; -2 3), or (4 -2; -2 4) where both points are prescribed. For the sum of u[0] y is the first
   * column of its inverse, and the gradients are -2 y by c, y by r, the sum of y by v, and 0 by h.
   */
  @ParameterizedTest
  @CsvSource({"1, 0.375, 0.25, 0.375", "2, 0.3333333333333333, 0.16666666666666666, 0.5"})
  void oneInitialValueMayServeForSeveralPointsAndAGradientMayBeZero(
      int initialPoints, double first, double second, double byInitial) throws IOException {
    double[] two = {2, 2};
    GoldenFile file =
        new GoldenBuilder()
            .put("coefficients", new double[] {1, 1}, 2, 1, 1, 1)
            .put("rhs_equation", two, 2, 1)
            .put("init_vars", new double[] {2}, 1, 1, 1)
            .put("steps", new double[] {0.3}, 1)
            .put("solution_hp", two, 2, 1, 1)
            .put("cotangent", new double[] {1, 0}, 2, 1, 1)
            .put("grad_coefficients", new double[] {-2 * first, -2 * second}, 2, 1, 1, 1)
            .put("grad_rhs_equation", new double[] {first, second}, 2, 1)
            .put("grad_init_vars", new double[] {byInitial}, 1, 1, 1)
            .put("grad_steps", new double[] {0}, 1)
            .put("weight_equation", 1)
            .put("weight_init_var", 1)
            .put("weight_smooth", 1)
            .put("enable_central_smoothness", 0)
            .put("n_steps", 2)
            .put("n_init_var_steps", initialPoints)
            .put("err_solution_vs_hp", 1e-15)
            .file();
    assertThat(new SmnnConformance().run(file)).matches(CaseResult::pass);
  }

  private static void agrees(Path file) throws IOException {
    SmnnConformance runner = new SmnnConformance();
    Npz arrays = Npz.read(file);
    assertThat(runner.recognises(arrays)).isTrue();
    CaseResult result = runner.run(new GoldenFile("case", file, arrays));
    assertThat(result.error()).as(result.note()).isLessThanOrEqualTo(result.tolerance());
  }
}
