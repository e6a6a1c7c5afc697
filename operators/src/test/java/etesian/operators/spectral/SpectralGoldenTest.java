package etesian.operators.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etesian.operators.Devices;
import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Agreement with the published routines, where their golden vectors are at hand. */
class SpectralGoldenTest {
  @TestFactory
  Stream<DynamicTest> goldenCase() throws IOException {
    Path folder = Path.of(System.getProperty("etesian.shared", "shared"), "conformance", "nsm");
    assumeTrue(Files.isDirectory(folder), () -> "no golden vectors at " + folder);
    Devices.setThreads(1);
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
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
}
