package etesian.pipeline.window;

import static etesian.pipeline.Samples.hour;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.TimeStep;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.EnsembleSettings;
import etesian.pipeline.settings.StreamSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowSpecTest {

  @Test
  void aWindowEndsAtItsIssueTime() {
    assertThat(new WindowSpec(Samples.stream(3, 4)).members(hour(12)))
        .containsExactly(hour(0), hour(6), hour(12));
  }

  @Test
  void aWindowHoldsWhatLaggedMembersBeginFrom() {
    WindowSpec spec =
        new WindowSpec(
            Samples.stream(2, 4)
                .withEnsemble(new EnsembleSettings(3, 0.1, 3, 500, true, 2, List.of(), false, 0)));
    assertThat(spec.members(hour(18))).containsExactly(hour(0), hour(6), hour(12), hour(18));
    assertThat(spec.issueTimesTouchedBy(hour(0)))
        .containsExactly(hour(0), hour(6), hour(12), hour(18));
  }

  @Test
  void aFieldIsPartOfTheWindowsIssuedFromItsTimeOn() {
    assertThat(new WindowSpec(Samples.stream(3, 4)).issueTimesTouchedBy(hour(6)))
        .containsExactly(hour(6), hour(12), hour(18));
  }

  @Test
  void issueTimesKeepTheirInterval() {
    WindowSpec daily = new WindowSpec(spec("PT6H", 1, 4, "1970-01-01T00:00:00Z"));
    assertThat(daily.issueTimesTouchedBy(hour(0))).containsExactly(hour(0));
    assertThat(daily.issueTimesTouchedBy(hour(6))).isEmpty();
  }

  @Test
  void nothingIsIssuedBeforeTheStart() {
    WindowSpec spec = new WindowSpec(spec("PT6H", 2, 1, "2020-01-01T06:00:00Z"));
    assertThat(spec.issueTimesTouchedBy(hour(0))).containsExactly(hour(6));
  }

  @Test
  void monthsOfUnequalLengthMakeAWindow() {
    WindowSpec monthly = new WindowSpec(spec("P1M", 3, 1, "1970-01-01T00:00:00Z"));
    assertThat(monthly.members(Instant.parse("2020-04-01T00:00:00Z")))
        .containsExactly(
            Instant.parse("2020-02-01T00:00:00Z"),
            Instant.parse("2020-03-01T00:00:00Z"),
            Instant.parse("2020-04-01T00:00:00Z"));
  }

  @Test
  void theEndsOfMonthsMakeAWindow() {
    WindowSpec monthly =
        new WindowSpec(spec("P1M", 3, 1, "1970-01-01T00:00:00Z", "2000-01-31T00:00:00Z"));
    assertThat(monthly.members(Instant.parse("2001-03-31T00:00:00Z")))
        .containsExactly(
            Instant.parse("2001-01-31T00:00:00Z"),
            Instant.parse("2001-02-28T00:00:00Z"),
            Instant.parse("2001-03-31T00:00:00Z"));
    assertThat(monthly.members(Instant.parse("2001-02-28T00:00:00Z")))
        .startsWith(Instant.parse("2000-12-31T00:00:00Z"));
  }

  @Test
  void aTimeBetweenTheStepsBelongsToNoWindow() {
    WindowSpec spec = new WindowSpec(Samples.stream(2, 4));
    assertThat(spec.isOnStep(hour(6))).isTrue();
    assertThat(spec.isOnStep(hour(7))).isFalse();
  }

  @Test
  void issueTimesAreCountedAsTheyAre() {
    Instant from = Instant.parse("1999-12-30T05:00:00Z");
    for (StreamSettings stream :
        List.of(
            spec("PT6H", 1, 1, "2000-01-01T01:00:00Z"),
            spec("PT6H", 1, 4, "1990-01-01T00:00:00Z"),
            spec("P1M", 1, 3, "2000-02-15T00:00:00Z", "1970-01-31T00:00:00Z"))) {
      WindowSpec spec = new WindowSpec(stream);
      for (int hours = 1; hours < 20_000; hours += 41) {
        for (Instant after : List.of(from, from.plus(Duration.ofHours(hours / 2)))) {
          Instant upTo = from.plus(Duration.ofHours(hours));
          assertThat(spec.countIssueTimes(after, upTo))
              .isEqualTo(spec.issueTimesBetween(after, upTo).size());
        }
      }
    }
  }

  private static StreamSettings spec(String step, int history, int every, String from) {
    return spec(step, history, every, from, "1970-01-01T00:00:00Z");
  }

  private static StreamSettings spec(
      String step, int history, int every, String from, String anchor) {
    return new StreamSettings(
        "s",
        "era5",
        "t2m",
        "K",
        Samples.GRID,
        TimeStep.parse(step),
        history,
        4,
        every,
        Instant.parse(anchor),
        Instant.parse(from),
        Duration.ZERO,
        "m2no",
        List.of(1));
  }
}
