package etesian.ingest.netcdf;

import static etesian.ingest.netcdf.Resources.fields;
import static etesian.ingest.netcdf.Resources.read;
import static etesian.ingest.netcdf.Resources.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.netcdf.ClassicNetcdf.DataVariable;
import etesian.ingest.netcdf.Refusal.Reason;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as producers lay them out, made here with few values. */
class FlavoursTest {

  @Test
  void cfgribWithTimeAndScalars() throws Refusal {
    ClassicNetcdf file = grid(2);
    file.variable("time", new double[] {0, 6}, "time")
        .attribute("units", "hours since 2020-01-01")
        .attribute("standard_name", "time");
    for (String scalar : List.of("number", "step", "surface")) {
      file.variable(scalar, new double[] {0});
    }
    file.variable("valid_time", new double[] {0, 6}, "time")
        .attribute("units", "hours since 2020-01-01");
    file.variable("t2m", new float[8], "time", "lat", "lon")
        .attribute("units", "K")
        .attribute("coordinates", "number time step surface latitude longitude valid_time");
    assertThat(times(read(file))).containsExactly("2020-01-01T00:00:00Z", "2020-01-01T06:00:00Z");
  }

  @Test
  void cfgribForecastsAreAtTheTimeTheyAreValid() throws Refusal {
    ClassicNetcdf file = grid(2);
    file.variable("time", new double[] {0, 12}, "time")
        .attribute("units", "hours since 2020-01-01")
        .attribute("standard_name", "forecast_reference_time");
    file.variable("step", new double[] {6}).attribute("units", "hours");
    file.variable("valid_time", new double[] {6, 18}, "time")
        .attribute("units", "hours since 2020-01-01")
        .attribute("standard_name", "time");
    file.variable("t2m", new float[8], "time", "lat", "lon").attribute("units", "K");
    assertThat(times(read(file))).containsExactly("2020-01-01T06:00:00Z", "2020-01-01T18:00:00Z");
  }

  @Test
  void cfgribOfOneFieldHasScalarTimes() throws Refusal {
    ClassicNetcdf file = grid(1);
    file.variable("time", new double[] {0})
        .attribute("units", "hours since 2020-01-01")
        .attribute("standard_name", "forecast_reference_time");
    file.variable("step", new double[] {6}).attribute("units", "hours");
    file.variable("valid_time", new double[] {6})
        .attribute("units", "hours since 2020-01-01")
        .attribute("standard_name", "time");
    file.variable("t2m", new float[4], "lat", "lon").attribute("units", "K");
    assertThat(times(read(file))).containsExactly("2020-01-01T06:00:00Z");
  }

  @Test
  void copernicusMonthsOverDates() throws Refusal {
    ClassicNetcdf file = new ClassicNetcdf().dimension("date", 2);
    axes(file, new float[] {1, 0}, new float[] {10, 11});
    file.variable("date", new int[] {20230101, 20230201}, "date");
    file.variable("t2m", new float[8], "date", "lat", "lon").attribute("units", "K");
    assertThat(times(read(file))).containsExactly("2023-01-01T00:00:00Z", "2023-02-01T00:00:00Z");
  }

  @Test
  void datesBesideTimesAreNoTimes() throws Refusal {
    ClassicNetcdf file = dated("days since 2000-01-01", "", 0.5);
    file.variable("date", new int[] {19990101}, "time"); // as climate models write
    file.variable("t", new float[4], "time", "lat", "lon");
    assertThat(times(read(file))).containsExactly("2000-01-01T12:00:00Z");
  }

  @Test
  void timesAlongDatesKeepTheirHours() throws Refusal {
    ClassicNetcdf file = new ClassicNetcdf().dimension("date", 2);
    axes(file, new float[] {1, 0}, new float[] {10, 11});
    file.variable("date", new int[] {20230101, 20230102}, "date");
    file.variable("valid_time", new double[] {6, 30}, "date")
        .attribute("units", "hours since 2023-01-01");
    file.variable("t2m", new float[8], "date", "lat", "lon");
    assertThat(times(read(file))).containsExactly("2023-01-01T06:00:00Z", "2023-01-02T06:00:00Z");
  }

  @Test
  void datesAsCdoWritesThem() throws Refusal {
    ClassicNetcdf file = dated("day as %Y%m%d.%f", "proleptic_gregorian", 20000229.25, 15821010);
    file.variable("t", new float[8], "time", "lat", "lon");
    assertThat(times(read(file))).containsExactly("1582-10-10T00:00:00Z", "2000-02-29T06:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "day as %Y%m%d.%f, 20010229",
    "day as %Y%m%d.%f, 20011301",
    "day as %Y%m%d.%f, 1e300",
    "day as %Y%m%d.%f, NaN",
    "month as %Y%m.%f, 200001"
  })
  void numbersThatAreNoDatesAreRefused(String units, double number) {
    ClassicNetcdf file = dated(units, "standard", number);
    file.variable("t", new float[4], "time", "lat", "lon");
    assertThat(refusal(file.toBytes()).reason()).isEqualTo(Reason.UNSUPPORTED_TIME);
  }

  @Test
  void ostiaWithItsMask() throws Refusal {
    ClassicNetcdf file = grid(1);
    file.variable("time", new int[] {1230724800}, "time")
        .attribute("units", "seconds since 1981-01-01 00:00:00");
    file.variable("analysed_sst", new short[] {0, 1500, -32768, 100}, "time", "lat", "lon")
        .attribute("units", "kelvin")
        .attribute("_FillValue", (short) -32768)
        .attribute("add_offset", 273.15)
        .attribute("scale_factor", 0.01)
        .attribute("valid_min", (short) -300)
        .attribute("valid_max", (short) 4500)
        .attribute("standard_name", "sea_surface_foundation_temperature");
    file.variable("mask", new byte[] {1, 1, 2, 1}, "time", "lat", "lon")
        .attribute("flag_values", new byte[] {1, 2, 4, 8})
        .attribute("flag_meanings", "water land optional_lake_surface sea_ice");
    Granule granule = read(file);
    Field sst = fields(granule, "analysed_sst").get(0);
    assertThat(sst.toArray()).containsExactly(273.15f, 288.15f, Float.NaN, 274.15f);
    assertThat(sst.frame().variable().canonicalUnits()).isEqualTo("K");
    assertThat(sst.frame().validAt()).isEqualTo("2020-01-01T12:00:00Z");
    assertThat(fields(granule, "mask").get(0).toArray()).containsExactly(1, 1, 2, 1);
  }

  @Test
  void coralTempWithItsCoordinateSystem() throws Refusal {
    ClassicNetcdf file = new ClassicNetcdf().dimension("time", 1);
    axes(file, new float[] {0.025f, -0.025f}, new float[] {-179.975f, -179.925f});
    file.variable("time", new int[] {1230724800}, "time")
        .attribute("units", "seconds since 1981-01-01 00:00:00");
    file.variable("crs", new int[] {0}).attribute("grid_mapping_name", "latitude_longitude");
    file.variable("analysed_sst", new short[] {2000, -32768, 3000, 0}, "time", "lat", "lon")
        .attribute("units", "degree_C")
        .attribute("_FillValue", (short) -32768)
        .attribute("scale_factor", 0.01)
        .attribute("add_offset", 0.0)
        .attribute("grid_mapping", "crs");
    Field sst = read(file).fields().get(0);
    assertThat(sst.frame().variable().canonicalUnits()).isEqualTo("degC");
    Grid grid = sst.frame().grid();
    assertThat(grid.westDegrees()).isCloseTo(-179.975, within(1e-5)); // what float32 leaves
    assertThat(grid.columnStepDegrees()).isCloseTo(0.05, within(2e-5));
    assertThat(grid.northDegrees()).isEqualTo(0.025);
    assertThat(sst.toArray()).containsExactly(20, Float.NaN, 30, 0);
  }

  @Test
  void oisstWeeklyWithMissingValueOnlyAndBounds() throws Refusal {
    ClassicNetcdf file = grid(2).dimension("nbnds", 2);
    file.variable("time", new double[] {69395, 69402}, "time")
        .attribute("units", "days since 1800-1-1 00:00:00")
        .attribute("bounds", "time_bnds");
    file.variable("time_bnds", new double[] {69395, 69402, 69402, 69409}, "time", "nbnds");
    file.variable("sst", new short[] {1, 2, 32767, 4, 5, 6, 7, -180}, "time", "lat", "lon")
        .attribute("units", "degC")
        .attribute("missing_value", (short) 32767)
        .attribute("scale_factor", 0.01f)
        .attribute("add_offset", 0f);
    Granule granule = read(file);
    assertThat(times(granule)).containsExactly("1989-12-31T00:00:00Z", "1990-01-07T00:00:00Z");
    assertThat(granule.fields().get(0).missing()).isEqualTo(1);
    assertThat(granule.fields().get(1).value(1, 1)).isEqualTo(-1.8f);
    assertThat(granule.notes()).isEmpty();
  }

  @Test
  void timeBoundsAreNoDataEvenWhereNothingNamesThem() throws Refusal {
    ClassicNetcdf file = grid(1).dimension("nv", 2);
    file.variable("time", new double[] {0}, "time").attribute("units", "days since 2000-01-01");
    file.variable("time_bnds", new double[] {0, 1}, "time", "nv")
        .attribute("units", "days since 2000-01-01");
    file.variable("t", new float[4], "time", "lat", "lon");
    assertThat(read(file).fields()).hasSize(1);
    assertThat(Inspection.of(file.toBytes(), "test.nc").variables())
        .extracting(Inspection.VariableReport::name)
        .containsExactly("t");
  }

  @ParameterizedTest
  @CsvSource({
    "hours since 1-1-1 00:00:0.0, 17067072, 1948-01-01T00:00:00Z",
    "hours since 1800-01-01 00:00:0.0, 1297320, 1948-01-01T00:00:00Z"
  })
  void ncepPressureWithoutUnits(String units, double hours, String expected) throws Refusal {
    ClassicNetcdf file = grid(1);
    file.variable("time", new double[] {hours}, "time").attribute("units", units);
    file.variable("slp", new float[] {1013, 1009, 1001, 1020}, "time", "lat", "lon")
        .attribute("missing_value", -9.96921e36f);
    Granule granule = read(file);
    assertThat(times(granule)).containsExactly(expected);
    assertThat(granule.fields().get(0).frame().variable().canonicalUnits()).isEqualTo("hPa");
  }

  @Test
  void monthsOfTheYearAreNoTimes() {
    ClassicNetcdf file = new ClassicNetcdf().dimension("month", 12);
    axes(file, new float[] {1, 0}, new float[] {10, 11});
    file.variable("month", new int[12], "month").attribute("units", "month of year");
    file.variable("sst", new float[48], "month", "lat", "lon");
    Refusal refusal = refusal(file.toBytes());
    assertThat(refusal.reason()).isEqualTo(Reason.NO_FIELDS);
    assertThat(refusal)
        .hasMessageContainingAll("sst is not over time", "no time among month [month of year]")
        .hasMessageContaining("expected units such as 'hours since 1900-01-01'");
  }

  @ParameterizedTest
  @CsvSource({
    "lat, degrees_north, '', lon, degrees_east, ''",
    "y, degree_N, '', x, degree_E, ''",
    "y, degrees north, '', x, degrees east, ''",
    "y, degN, '', x, degE, ''",
    "LAT, degrees, '', LON, degrees, ''",
    "Latitude, °, '', Longitude, °, ''",
    "lat, decimal degrees, '', lon, decimal degrees, ''",
    "g0_lat_1, '', latitude, g0_lon_2, '', longitude",
    "y, degrees, Latitude, x, degrees, Longitude"
  })
  void degreesInEverySpelling(
      String y, String yUnits, String yName, String x, String xUnits, String xName) throws Refusal {
    ClassicNetcdf file = onAxes(y, yUnits, yName, "", x, xUnits, xName, "");
    assertThat(read(file).fields()).hasSize(1);
  }

  @Test
  void aRotatedGridIsNoneWhateverItsLongName() {
    ClassicNetcdf file =
        onAxes(
            "rlat",
            "degrees",
            "latitude",
            "grid_latitude",
            "rlon",
            "degrees",
            "longitude",
            "grid_longitude");
    assertThat(refusal(file.toBytes()).reason()).isEqualTo(Reason.UNSUPPORTED_GRID);
  }

  @Test
  void latitudesAndLongitudesThatMoveAreCurvilinear() {
    ClassicNetcdf file =
        new ClassicNetcdf().dimension("time", 1).dimension("y", 2).dimension("x", 2);
    file.variable("time", new double[] {0}, "time").attribute("units", "days since 2000-01-01");
    file.variable("XLAT", new float[4], "time", "y", "x").attribute("units", "degree_north");
    file.variable("XLONG", new float[4], "time", "y", "x").attribute("units", "degree_east");
    file.variable("T2", new float[4], "time", "y", "x");
    Refusal refusal = refusal(file.toBytes());
    assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_GRID);
    assertThat(refusal).hasMessageContainingAll("T2", "curvilinear", "3 dimensions");
  }

  @Test
  void aCoordinateInUnitsOfPressureIsALevel() throws Refusal {
    ClassicNetcdf file = dated("days since 2000-01-01", "", 0).dimension("lv_ISBL0", 2);
    file.variable("lv_ISBL0", new float[] {500, 850}, "lv_ISBL0").attribute("units", "hPa");
    file.variable("t", new float[8], "time", "lv_ISBL0", "lat", "lon");
    assertThat(read(file).fields())
        .extracting(field -> field.frame().variable().name())
        .containsExactly("t_500", "t_850");
  }

  @ParameterizedTest
  @CsvSource({"500, 500, 500 twice", "500, NaN, missing values", "500, Infinity, infinite ones"})
  void levelsThatCannotBeToldApartAreRefused(double first, double second, String said)
      throws Refusal {
    ClassicNetcdf file = dated("days since 2000-01-01", "", 0).dimension("level", 2);
    file.variable("level", new double[] {first, second}, "level").attribute("units", "hPa");
    file.variable("t", new float[8], "time", "level", "lat", "lon");
    Refusal refusal = refusal(file.toBytes());
    assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_LAYOUT);
    assertThat(refusal).hasMessageContainingAll("level holds", said);
    assertThat(leftOut(file, "t")).contains("level holds", said);
  }

  @Test
  void inspectionSaysWhyAVariableGivesNoFields() throws Refusal {
    ClassicNetcdf file = dated("days since 2000-01-01", "noleap", 0).dimension("number", 2);
    file.variable("number", new int[] {0, 1}, "number");
    file.variable("t2m", new float[4], "time", "lat", "lon");
    file.variable("members", new float[8], "time", "number", "lat", "lon");
    file.variable("mask", new float[4], "lat", "lon");
    assertThat(leftOut(file, "t2m")).contains("'noleap'");
    assertThat(leftOut(file, "members")).contains("number of length 2");
    assertThat(leftOut(file, "mask")).contains("no time among lat [degrees_north]");
    ClassicNetcdf plain = dated("days since 2000-01-01", "", 0);
    plain.variable("t2m", new float[4], "time", "lat", "lon");
    assertThat(leftOut(plain, "t2m")).isNull();
  }

  @Test
  void inspectionNamesTheTypeThatTheFileDeclares() throws Refusal {
    ClassicNetcdf file = dated("days since 2000-01-01", "", 0);
    file.variable("ice", new byte[] {-1, 0, 1, 2}, "time", "lat", "lon")
        .attribute("_Unsigned", "true");
    Inspection.VariableReport ice = Inspection.of(file.toBytes(), "test.nc").variables().get(0);
    assertThat(ice.storedType()).isEqualTo("int8");
    assertThat(ice.max()).isEqualTo(255);
  }

  @Test
  void packingIsThatOfEachFile() throws Refusal {
    for (double scale : new double[] {0.5, 0.25}) {
      ClassicNetcdf file = dated("days since 2000-01-01", "", 0);
      file.variable("t2m", new short[] {2, 4, 6, 8}, "time", "lat", "lon")
          .attribute("scale_factor", scale)
          .attribute("add_offset", 1 / scale);
      assertThat(read(file).fields().get(0).value(0, 0)).isEqualTo((float) (2 * scale + 1 / scale));
    }
  }

  @Test
  void aLevelOfLengthOneIsAsNone() throws Refusal {
    ClassicNetcdf squeezed = dated("days since 2000-01-01", "", 0);
    squeezed.variable("t", new float[] {1, 2, 3, 4}, "time", "lat", "lon");
    ClassicNetcdf singleton = dated("days since 2000-01-01", "", 0).dimension("pressure_level", 1);
    singleton
        .variable("pressure_level", new double[] {500}, "pressure_level")
        .attribute("units", "hPa");
    singleton.variable("t", new float[] {1, 2, 3, 4}, "time", "pressure_level", "lat", "lon");
    assertThat(read(singleton).fields()).isEqualTo(read(squeezed).fields());
  }

  @ParameterizedTest
  @CsvSource({
    "GREGORIAN, days since 2000-01-01, 31, 2000-02-01T00:00:00Z",
    "Standard, days since 2000-01-01, 31, 2000-02-01T00:00:00Z",
    "'', days since 2000-01-01, 31, 2000-02-01T00:00:00Z",
    "360, months since 1960-01-01, 0.5, 1960-01-16T00:00:00Z",
    "360, months since 1960-01-01, -1.5, 1959-11-16T00:00:00Z",
    "standard, months since 1960-01-01, 12, 1961-01-01T00:00:00Z",
    "standard, years since 0001-01-01, 1999, 2000-01-01T00:00:00Z",
    "proleptic_gregorian, days since 0001-01-01, 0, 0001-01-01T00:00:00Z",
    "proleptic_gregorian, days since 9999-12-31, 0, 9999-12-31T00:00:00Z",
    "proleptic_gregorian, days since 0000-01-01, 719528, 1970-01-01T00:00:00Z",
    "julian, days since 1582-10-05, 0, 1582-10-15T00:00:00Z"
  })
  void timesThatAreRead(String calendar, String units, double count, String expected)
      throws Refusal {
    ClassicNetcdf file = dated(units, calendar, count);
    file.variable("t", new float[4], "time", "lat", "lon");
    assertThat(times(read(file))).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "365_days, days since 2000-01-01, 31, UNSUPPORTED_CALENDAR",
    "360_day, days since 2000-01-01, 31, UNSUPPORTED_CALENDAR",
    "360, days since 2000-01-01, 31, UNSUPPORTED_CALENDAR",
    "all_leap, days since 2000-01-01, 31, UNSUPPORTED_CALENDAR",
    "none, days since 2000-01-01, 31, UNSUPPORTED_CALENDAR",
    "standard, months since 1960-01-01, 0.3, UNSUPPORTED_TIME",
    "standard, months since 1960-01-31, 1, UNSUPPORTED_TIME",
    "standard, days since 2001-02-29, 0, UNSUPPORTED_TIME",
    "standard, days since 1582-10-10, 0, UNSUPPORTED_TIME",
    "'', days since 0000-01-01, 730000, UNSUPPORTED_TIME",
    "standard, days, 1, UNSUPPORTED_TIME"
  })
  void timesThatAreRefused(String calendar, String units, double count, Reason reason) {
    ClassicNetcdf file = dated(units, calendar, count);
    file.variable("t", new float[4], "time", "lat", "lon");
    Refusal refusal = refusal(file.toBytes());
    assertThat(refusal).isNotNull();
    if (units.contains("since")) {
      assertThat(refusal.reason()).isEqualTo(reason);
    } else {
      assertThat(refusal.reason()).isEqualTo(Reason.NO_FIELDS); // not recognised as a time at all
    }
  }

  @Test
  void theCalendar360BesideMonthsIsNoted() throws Refusal {
    ClassicNetcdf file = dated("months since 1960-01-01", "360", 0.5);
    file.variable("t", new float[4], "time", "lat", "lon");
    assertThat(read(file).notes()).singleElement().asString().contains("'360'", "this world");
  }

  private static ClassicNetcdf grid(int times) {
    ClassicNetcdf file = new ClassicNetcdf().dimension("time", times);
    axes(file, new float[] {1, 0}, new float[] {10, 11});
    return file;
  }

  private static void axes(ClassicNetcdf file, float[] latitudes, float[] longitudes) {
    file.dimension("lat", latitudes.length).dimension("lon", longitudes.length);
    file.variable("lat", latitudes, "lat").attribute("units", "degrees_north");
    file.variable("lon", longitudes, "lon").attribute("units", "degrees_east");
  }

  private static ClassicNetcdf onAxes(
      String y,
      String yUnits,
      String yLongName,
      String yStandardName,
      String x,
      String xUnits,
      String xLongName,
      String xStandardName) {
    ClassicNetcdf file = new ClassicNetcdf().dimension("time", 1).dimension(y, 2).dimension(x, 2);
    file.variable("time", new double[] {0}, "time").attribute("units", "days since 2000-01-01");
    file.variable(y, new float[] {1, 0}, y)
        .attribute("units", yUnits)
        .attribute("long_name", yLongName)
        .attribute("standard_name", yStandardName);
    file.variable(x, new float[] {10, 11}, x)
        .attribute("units", xUnits)
        .attribute("long_name", xLongName)
        .attribute("standard_name", xStandardName);
    file.variable("t", new float[4], "time", y, x);
    return file;
  }

  private static String leftOut(ClassicNetcdf file, String variable) throws Refusal {
    return Inspection.of(file.toBytes(), "test.nc").variables().stream()
        .filter(report -> report.name().equals(variable))
        .findFirst()
        .orElseThrow()
        .leftOut();
  }

  private static ClassicNetcdf dated(String units, String calendar, double... counts) {
    ClassicNetcdf file = grid(counts.length);
    DataVariable time = file.variable("time", counts, "time").attribute("units", units);
    if (!calendar.isEmpty()) {
      time.attribute("calendar", calendar);
    }
    return file;
  }

  private static List<String> times(Granule granule) {
    return Arrays.asList(
        granule.fields().stream()
            .map(field -> field.frame().validAt().toString())
            .toArray(String[]::new));
  }
}
