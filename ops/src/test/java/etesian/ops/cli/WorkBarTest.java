package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class WorkBarTest {
  private final StringWriter shown = new StringWriter();
  private final PrintWriter out = new PrintWriter(shown);

  @Test
  void workIsAnnouncedOnce() {
    try (WorkBar bar = new WorkBar(out, "solving")) {
      bar.at(0);
      bar.at(1);
    }
    assertThat(shown.toString().lines()).containsExactly("solving …");
  }

  @Test
  void workThatMayBeDoneIsAnnouncedWhenItBegins() {
    try (WorkBar bar = WorkBar.ofWorkThatMayBeDone(out, "solving")) {
      assertThat(shown.toString()).isEmpty();
      bar.at(0);
      bar.at(1);
    }
    assertThat(shown.toString().lines()).containsExactly("solving …");
  }
}
