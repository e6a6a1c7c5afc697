package etesian.operators.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConformanceTest {
  @TempDir Path folder;

  @Test
  void anUnreadableFileIsAFailedCaseAndNotTheEnd() throws IOException {
    Files.createDirectory(folder.resolve("other"));
    Files.writeString(folder.resolve("other/a.npz"), "no zip");
    Files.writeString(folder.resolve("other/b.npz"), "no zip either");
    assertThat(Conformance.run(folder))
        .extracting(CaseResult::name, CaseResult::kind, CaseResult::pass)
        .containsExactly(tuple("other/a", "other", false), tuple("other/b", "other", false));
  }

  /** The published high-pass filters are of no use and passed over. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1; [legendre.k1.G0]",
        "9; [legendre.k1.G0, legendre.k2.G0, legendre.k3.G0, legendre.k4.G0, legendre.k5.G0,"
            + " legendre.k6.G0, legendre.k7.G0, legendre.k8.G0] and 1 more"
      })
  void whatNobodyReadIsNamed(int unread, String names) throws IOException {
    double[] half = {Math.sqrt(0.5)};
    GoldenBuilder golden = new GoldenBuilder().put("legendre.k1.H0", half, 1, 1);
    for (int k = 1; k <= unread; k++) {
      golden.put("legendre.k" + k + ".G0", half, 1, 1);
    }
    golden.write(folder.resolve("a.npz"));
    assertThat(Conformance.run(folder))
        .singleElement()
        .extracting(CaseResult::pass, CaseResult::note)
        .containsExactly(true, "1 arrays, worst legendre.k1.H0; not compared: " + names);
  }

  @Test
  void anErrorThatIsNotANumberDoesNotPass() {
    assertThat(CaseResult.compared("a", "k", Double.NaN, 1, "").pass()).isFalse();
    assertThat(CaseResult.compared("a", "k", 1, 1, "").pass()).isTrue();
    assertThat(CaseResult.compared("a", "k", 1.1, 1, "").pass()).isFalse();
  }
}
