package etesian.operators.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void anErrorThatIsNotANumberDoesNotPass() {
    assertThat(CaseResult.compared("a", "k", Double.NaN, 1, "").pass()).isFalse();
    assertThat(CaseResult.compared("a", "k", 1, 1, "").pass()).isTrue();
    assertThat(CaseResult.compared("a", "k", 1.1, 1, "").pass()).isFalse();
  }
}
