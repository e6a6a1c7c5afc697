package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etesian.operators.conformance.CaseResult;
import etesian.operators.conformance.Conformance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Agreement with NeuralOperator, where its golden vectors are at hand. */
class FourierGoldenTest {
  /**
   * Their outputs are memory that the published inverse transform over no axes never wrote: that of
   * fno1d_a is that of a network without spectral weights, to the last bit but one.
   */
  private static final Set<String> UNWRITTEN =
      Set.of("fno1d_a", "fno1d_b_odd", "spectralconv1d_incremental");

  @Test
  void everyCaseAgreesWhoseTruthWasComputed() throws IOException {
    Path folder = Path.of(System.getProperty("etesian.shared", "shared"), "conformance/neuralop");
    assumeTrue(Files.isDirectory(folder), () -> "no golden vectors at " + folder);
    List<CaseResult> results = Conformance.run(folder);
    assertThat(results).hasSizeGreaterThan(UNWRITTEN.size());
    assertThat(results)
        .filteredOn(result -> !UNWRITTEN.contains(result.name()))
        .allSatisfy(result -> assertThat(result.pass()).as("%s", result).isTrue());
  }
}
