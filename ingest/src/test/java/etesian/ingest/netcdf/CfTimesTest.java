package etesian.ingest.netcdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.Refusal.Reason;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** When a calendar label is believed and when the times speak against it. */
class CfTimesTest {
  private static final LocalDate ORIGIN = LocalDate.of(1900, 1, 1);

  @Test
  void gregorianMonthsUnderA360DayLabelAreReadAsGregorian() throws Refusal {
    Granule granule = read("360_day", 24, i -> days(LocalDate.of(1990, 1, 1).plusMonths(i)));
    assertThat(granule.fields().get(23).frame().validAt()).isEqualTo("1991-12-01T00:00:00Z");
    assertThat(granule.notes()).isNotEmpty();
  }

  @Test
  void theMiddleOfEachMonthIsEvidenceToo() throws Refusal {
    assertThat(read("noleap", 36, i -> days(LocalDate.of(1990, 1, 16).plusMonths(i))).fields())
        .hasSize(36);
  }

  @Test
  void trueModelMonthsAreRefused() {
    assertThat(reason("360_day", 24, i -> 30.0 * i)).isEqualTo(Reason.UNSUPPORTED_CALENDAR);
    assertThat(reason("noleap", 24, i -> 365.0 * 90 + 30.4 * i))
        .isEqualTo(Reason.UNSUPPORTED_CALENDAR);
  }

  @Test
  void twoTimesAreNoEvidence() {
    assertThat(reason("360_day", 2, i -> days(LocalDate.of(1990, 1, 1).plusMonths(i))))
        .isEqualTo(Reason.UNSUPPORTED_CALENDAR);
  }

  @Test
  void aMonthThatIsAbsentIsNotEven() {
    int[] months = {0, 1, 2, 4, 5};
    assertThat(reason("360_day", 5, i -> days(LocalDate.of(1990, 1, 1).plusMonths(months[i]))))
        .isEqualTo(Reason.UNSUPPORTED_CALENDAR);
  }

  @Test
  void anUnknownCalendarIsRefusedByName() {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> read("discworld", 1, i -> 0));
    assertThat(refusal).hasMessageContaining("'discworld'");
  }

  private static double days(LocalDate date) {
    return ChronoUnit.DAYS.between(ORIGIN, date);
  }

  private static Reason reason(String calendar, int count, IntToDoubleFunction day) {
    return catchThrowableOfType(Refusal.class, () -> read(calendar, count, day)).reason();
  }

  private static Granule read(String calendar, int count, IntToDoubleFunction day) throws Refusal {
    double[] days = new double[count];
    java.util.Arrays.setAll(days, day);
    ClassicNetcdf file =
        new ClassicNetcdf().dimension("time", count).dimension("lat", 1).dimension("lon", 1);
    file.variable("time", days, "time")
        .attribute("units", "days since " + ORIGIN)
        .attribute("calendar", calendar);
    file.variable("lat", new double[] {0}, "lat").attribute("units", "degrees_north");
    file.variable("lon", new double[] {0}, "lon").attribute("units", "degrees_east");
    file.variable("sst", new float[count], "time", "lat", "lon");
    return new GranuleReader().read(file.toBytes(), "test.nc", new Origin("", ""));
  }
}
