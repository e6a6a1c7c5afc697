package etesian.ingest.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

  @Test
  void aServerMaySayHowLongItWantsToBeLeftAlone() {
    assertThat(retryAfter("120")).contains(Duration.ofMinutes(2));
    assertThat(retryAfter("Sat, 21 Nov 2026 08:00:30 GMT")).contains(Duration.ofSeconds(30));
    assertThat(retryAfter("Sat, 21 Nov 2026 07:00:00 GMT")).contains(Duration.ZERO);
    assertThat(retryAfter("soon")).isEmpty();
    assertThat(retryAfter("-5")).isEmpty();
    assertThat(Web.retryAfter(HttpHeaders.of(Map.of(), (name, value) -> true), NOW)).isEmpty();
  }

  private static Optional<Duration> retryAfter(String value) {
    return Web.retryAfter(
        HttpHeaders.of(Map.of("Retry-After", List.of(value)), (name, each) -> true), NOW);
  }
}
