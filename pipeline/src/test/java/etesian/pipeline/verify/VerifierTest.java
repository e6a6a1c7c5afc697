package etesian.pipeline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifierTest {
  @Test
  void stepsBeforeAreMonthsWhateverTheirLength() {
    Verifier verifier = new Verifier(VerifyStreams.stream("P1M", "2000-01-15T00:00:00Z", 1, 12));
    assertThat(verifier.timesBefore(at("2001-03-15")))
        .isEqualTo(Map.of(1, at("2001-02-15"), 12, at("2000-03-15")));
  }

  @Test
  void aTimeOffTheStepHasNoStepsBefore() {
    Verifier verifier = new Verifier(VerifyStreams.stream("P1D", "2000-01-01T00:00:00Z", 1));
    assertThat(verifier.timesBefore(at("2000-01-05").plusSeconds(3600))).isEmpty();
  }

  @Test
  void anomaliesAreKeptForTheLongestLead() {
    Verifier verifier = new Verifier(VerifyStreams.stream("P1D", "2000-01-01T00:00:00Z", 1, 4));
    assertThat(verifier.oldestNeededAfter(at("2000-01-10"))).isEqualTo(at("2000-01-07"));
  }

  private static Instant at(String day) {
    return Instant.parse(day + "T00:00:00Z");
  }
}
