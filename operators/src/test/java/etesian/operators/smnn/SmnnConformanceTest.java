package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.GoldenFile;
import etesian.operators.conformance.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

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

  private static void agrees(Path file) throws IOException {
    SmnnConformance runner = new SmnnConformance();
    Npz arrays = Npz.read(file);
    assertThat(runner.recognises(arrays)).isTrue();
    CaseResult result = runner.run(new GoldenFile("case", file, arrays));
    assertThat(result.error()).as(result.note()).isLessThanOrEqualTo(result.tolerance());
  }
}
