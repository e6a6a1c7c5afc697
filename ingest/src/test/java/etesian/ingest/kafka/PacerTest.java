package etesian.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long SECOND = 1_000_000_000L;

  private long now = 77 * SECOND;

  @Test
  void aReplayIsSpacedByValidTime() {
    Pacer pacer = new Pacer(Pace.Replay.parse("3600x"), () -> now);
    assertThat(pacer.wait(at("2020-01-01T00:00:00Z"))).isZero();
    assertThat(pacer.wait(at("2020-01-01T00:00:00Z"))).isZero();
    assertThat(pacer.wait(at("2020-01-01T06:00:00Z"))).isEqualTo(6 * SECOND);
    now += 4 * SECOND;
    assertThat(pacer.wait(at("2020-01-01T06:00:00Z"))).isEqualTo(2 * SECOND);
    now += 100 * SECOND;
    assertThat(pacer.wait(at("2020-01-02T00:00:00Z"))).isNegative(); // late: at once
  }

  @Test
  void theClockOfAReplayStartsWithTheFirstRecordThatHasATime() {
    Pacer pacer = new Pacer(new Pace.Replay(2), () -> now);
    assertThat(pacer.wait(Optional.empty())).isZero();
    now += 50 * SECOND;
    assertThat(pacer.wait(at("1950-01-01T00:00:00Z"))).isZero();
    assertThat(pacer.wait(at("1950-01-01T00:00:03Z"))).isEqualTo(3 * SECOND / 2);
  }

  @Test
  void centuriesInRealTimeAreLongButNoOverflow() {
    Pacer pacer = new Pacer(new Pace.Replay(0.001), () -> now);
    pacer.wait(at("0001-01-01T00:00:00Z"));
    assertThat(pacer.wait(at("9999-01-01T00:00:00Z"))).isGreaterThan(Long.MAX_VALUE / 2);
  }

  @Test
  void aRateSpreadsRecordsEvenly() {
    Pacer pacer = new Pacer(new Pace.Rate(4), () -> now);
    assertThat(pacer.wait(Optional.empty())).isZero();
    assertThat(pacer.wait(Optional.empty())).isEqualTo(SECOND / 4);
    now += SECOND;
    assertThat(pacer.wait(Optional.empty())).isEqualTo(SECOND / 2 - SECOND);
  }

  @Test
  void withoutAPaceNothingWaits() {
    Pacer pacer = new Pacer(Pace.UNLIMITED, () -> now);
    assertThat(pacer.wait(at("2020-01-01T00:00:00Z"))).isZero();
    assertThat(pacer.wait(at("2021-01-01T00:00:00Z"))).isZero();
  }

  @Test
  void speedsAndRatesArePositiveNumbers() {
    assertThat(Pace.Replay.parse("3600")).isEqualTo(Pace.Replay.parse("3600X"));
    assertThatThrownBy(() -> Pace.Replay.parse("fast")).hasMessageContaining("3600x");
    assertThatThrownBy(() -> Pace.Replay.parse("-1x")).hasMessageContaining("positive");
    assertThatThrownBy(() -> new Pace.Rate(0)).hasMessageContaining("positive");
  }

  private static Optional<Instant> at(String time) {
    return Optional.of(Instant.parse(time));
  }
}
