package etesian.ingest.netcdf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TimeUnitsTest {

  @ParameterizedTest
  @CsvSource({
    "hours since 1900-01-01 00:00:00.0, 698328, 1979-09-01T00:00:00Z",
    "seconds since 1970-01-01, 1747958400, 2025-05-23T00:00:00Z",
    "seconds since 1970-01-01T00:00:00Z, -631152000, 1950-01-01T00:00:00Z",
    "days since 1800-1-1 00:00:0.0, 66410, 1981-10-29T00:00:00Z",
    "days since 2003-01-01 12:00:00, 730, 2004-12-31T12:00:00Z",
    "hours since 1-1-1 00:00:0.0, 17067072, 1948-01-01T00:00:00Z", // NCEP, Julian at its origin
    "minutes since 2000-01-01 00:00 UTC, 90, 2000-01-01T01:30:00Z",
    "Hours Since 2000-01-01 06:00:00 +02:00, 1, 2000-01-01T05:00:00Z",
    "hours since 2000-01-01 00:00:00 -3:30, 0, 2000-01-01T03:30:00Z",
    "msec since 2000-01-01, 1500, 2000-01-01T00:00:01.500Z",
    "microseconds since 1970-01-01, 1700000000123000, 2023-11-14T22:13:20.123Z",
    "nanoseconds since 1970-01-01, 1700000000123000000, 2023-11-14T22:13:20.123Z", // pandas
    "days since 2000-01-01, 0.041666666666666664, 2000-01-01T01:00:00Z",
    "months since 1950-01-01, 13, 1951-02-01T00:00:00Z",
    "months since 1960-01-01, 1.5, 1960-02-16T00:00:00Z", // IRI
    "years since 1950-07-01, 2, 1952-07-01T00:00:00Z",
    "weeks since 2000-01-01, 1, 2000-01-08T00:00:00Z"
  })
  void unitsOfEveryKindAreUnderstood(String units, double count, Instant expected) {
    assertThat(instant(units, count)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "months since 1950-01-01, 0.25", // a month has no quarter
    "months since 1950-01-15, 0.5", // and a half only from its first day
    "months since 1950-01-31, 1", // nor every month a 31st
    "days since 2000-01-01, NaN",
    "days since 2000-01-01, 1e300",
    "days since 2000-13-01, 0",
    "days since yesterday, 0",
    "fortnights since 2000-01-01, 0",
    "common_years since 2000-01-01, 0", // of UDUNITS, 365 days
    "hours since 2000-01-01 24:00:00, 0",
    "hours since 2000-01-01 00:61, 0",
    "hours since 2000-01-01 00:00:60, 0",
    "hours, 0"
  })
  void whatIsAmbiguousOrAbsurdIsNot(String units, double count) {
    assertThat(instant(units, count)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "360_day, days since 1859-12-01, 52575, 2005-12-16 00:00:00",
    "360_day, days since 1860-01-01, 59, 1860-02-30 00:00:00",
    "365_day, days since 0001-01-01, 732204.5, 2007-01-15 12:00:00",
    "noleap, days since 2004-02-28, 1, 2004-03-01 00:00:00",
    "all_leap, days since 2003-02-28, 1, 2003-02-29 00:00:00",
    "julian, days since 1900-02-28, 1, 1900-02-29 00:00:00",
    "standard, days since -4713-01-01 12:00, 2451545, 2000-01-01 12:00:00" // Julian day numbers
  })
  void modelCalendarsCountAsTheySay(String calendar, String units, double count, String expected) {
    CfCalendar named = CfCalendar.named(calendar).orElseThrow();
    long millis = TimeUnits.parse(units).orElseThrow().millisAt(count, named).orElseThrow();
    assertThat(named.moment(millis)).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "standard, 2001, 2, 29, false",
    "standard, 2001, 2, 28, true",
    "standard, 1582, 10, 10, false", // the days that Gregory left out
    "proleptic_gregorian, 1582, 10, 10, true",
    "julian, 1900, 2, 29, true",
    "noleap, 2000, 2, 29, false",
    "all_leap, 2001, 2, 29, true",
    "360_day, 2001, 2, 30, true",
    "360_day, 2001, 1, 31, false",
    "standard, 0, 1, 1, false", // read in three ways: as year 1, as 1 BC and as astronomers do
    "julian, 0, 1, 1, false",
    "proleptic_gregorian, 0, 1, 1, true",
    "noleap, 0, 1, 1, true"
  })
  void aCalendarKnowsItsDates(String calendar, int year, int month, int day, boolean has) {
    CfCalendar named = CfCalendar.named(calendar).orElseThrow();
    assertThat(named.has(new Moment(year, month, day, 0))).isEqualTo(has);
  }

  @Property(tries = 300)
  void everyMomentOfACalendarComesBack(
      @ForAll CfCalendar calendar,
      @ForAll @LongRange(min = -90_000_000_000_000L, max = 90_000_000_000_000L) long millis) {
    assertThat(calendar.millis(calendar.moment(millis))).isEqualTo(millis);
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "PROLEPTIC_GREGORIAN"})
  void gregorianMillisecondsAreThoseOfInstants(CfCalendar calendar) {
    Moment moment = new Moment(2020, 2, 29, 1);
    assertThat(calendar.millis(moment))
        .isEqualTo(Instant.parse("2020-02-29T00:00:00.001Z").toEpochMilli());
  }

  private static Optional<Instant> instant(String units, double count) {
    return TimeUnits.parse(units)
        .flatMap(parsed -> parsed.millisAt(count, CfCalendar.STANDARD))
        .map(Instant::ofEpochMilli);
  }
}
