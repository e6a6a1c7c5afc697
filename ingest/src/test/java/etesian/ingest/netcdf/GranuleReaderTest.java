package etesian.ingest.netcdf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.Refusal.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GranuleReaderTest {
  private static final float NAN = Float.NaN;

  @Test
  void packedValuesAreUnpackedInDoubleAndMissingOnesAreNaN() throws Refusal {
    ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11});
    file.variable("t2m", new short[] {-32767, 2, 300, 7}, "time", "lat", "lon")
        .attribute("scale_factor", -0.5)
        .attribute("add_offset", 280.0)
        .attribute("_FillValue", (short) -32767)
        .attribute("missing_value", (short) 7)
        .attribute("valid_range", new short[] {-100, 200})
        .attribute("units", "K");
    assertThat(only(file).toArray()).containsExactly(NAN, 279, NAN, NAN);
  }

  @Test
  void aNaNFillOfIntegersIsHarmless() throws Refusal {
    ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11});
    file.variable("t2m", new short[] {1, 2, 3, -32767}, "time", "lat", "lon")
        .attribute("_FillValue", Double.NaN);
    assertThat(only(file).toArray()).containsExactly(1, 2, 3, -32767);
  }

  @Test
  void aFloatingValidRangeLimitsUnpackedIntegers() throws Refusal {
    ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11});
    file.variable("t", new short[] {1, 2, 3, 4}, "time", "lat", "lon")
        .attribute("scale_factor", 10.0)
        .attribute("valid_min", 15.0)
        .attribute("valid_max", 35.0);
    assertThat(only(file).toArray()).containsExactly(NAN, 20, 30, NAN);
  }

  @Test
  void anUnwrittenCellIsMissingWithoutAnyAttribute() throws Refusal {
    ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11});
    file.variable("t", new float[] {1, 9.9692099683868690e36f, 3, 4}, "time", "lat", "lon");
    assertThat(only(file).toArray()).containsExactly(1, NAN, 3, 4);
  }

  @Test
  void anyOrderOfDimensionsAndDirectionsBecomesNorthFirstAndEastwards() throws Refusal {
    ClassicNetcdf file = grid(new double[] {-1, 0, 1}, new double[] {12, 11});
    // over (lon, time, lat), latitudes from the south, longitudes from the east
    file.variable("t", new float[] {1, 2, 3, 4, 5, 6}, "lon", "time", "lat");
    Field field = only(file);
    assertThat(field.frame().grid()).isEqualTo(new Grid(3, 2, 1, 11, 1, 1));
    assertThat(field.toArray()).containsExactly(6, 3, 5, 2, 4, 1);
  }

  @Test
  void longitudesMayCountAnewWithinTheGrid() throws Refusal {
    ClassicNetcdf file = grid(new double[] {0}, new double[] {358, 359, 0, 1});
    file.variable("t", new float[] {1, 2, 3, 4}, "time", "lat", "lon");
    assertThat(only(file).frame().grid()).isEqualTo(new Grid(1, 4, 0, 358, 1, 1));
  }

  @Test
  void float32CoordinatesAreRounded() throws Refusal {
    ClassicNetcdf file = new ClassicNetcdf().dimension("lat", 3).dimension("lon", 2);
    file.variable("lat", new float[] {51.3f, 51.2f, 51.1f}, "lat").attribute("units", "degreesN");
    file.variable("lon", new float[] {2.1f, 2.2f}, "lon").attribute("units", "degree_E");
    scalarTime(file);
    file.variable("t", new float[6], "lat", "lon");
    assertThat(only(file).frame().grid()).isEqualTo(new Grid(3, 2, 51.3, 2.1, 0.1, 0.1));
  }

  @Test
  void aScalarTimeIsTheTimeOfTheOnlyStep() throws Refusal {
    ClassicNetcdf file = new ClassicNetcdf();
    axes(file, new double[] {1, 0}, new double[] {10, 11});
    scalarTime(file);
    file.variable("t", new float[4], "lat", "lon");
    assertThat(only(file).frame().validAt()).isEqualTo("2000-01-01T06:00:00Z");
  }

  @Test
  void aMaskBesideAFieldIsLeftOutWithANote() throws Refusal {
    ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11});
    file.variable("t", new float[4], "time", "lat", "lon");
    file.variable("lsm", new float[4], "lat", "lon");
    // The single time belongs to variables over its dimension only; a mask has none.
    Granule granule = read(file.toBytes());
    assertThat(granule.fields()).extracting(f -> f.frame().variable().name()).containsExactly("t");
    assertThat(granule.notes()).singleElement().asString().contains("lsm");
  }

  @Test
  void severalMembersAreRefusedAndOneIsNot() throws Refusal {
    for (int members : new int[] {1, 2}) {
      ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11});
      file.dimension("number", members);
      file.variable("number", new int[members], "number");
      file.variable("t", new float[4 * members], "time", "number", "lat", "lon");
      if (members == 1) {
        assertThat(only(file).missing()).isZero();
      } else {
        assertThat(refusal(file.toBytes()).reason()).isEqualTo(Reason.UNSUPPORTED_LAYOUT);
      }
    }
  }

  @Test
  void pascalLevelsAreNamedInHectopascals() throws Refusal {
    ClassicNetcdf file = grid(new double[] {0}, new double[] {10});
    file.dimension("plev", 2);
    file.variable("plev", new double[] {50000, 85000}, "plev").attribute("units", "Pa");
    file.variable("t", new float[] {1, 2}, "time", "plev", "lat", "lon");
    assertThat(read(file.toBytes()).fields())
        .extracting(f -> f.frame().variable().name())
        .containsExactly("t_500", "t_850");
  }

  @Test
  void aGridIsTheSameInFloat32AndInDouble() throws Refusal {
    double[] longitudes = {-179.975, -179.925, -179.875};
    float[] rounded = {-179.975f, -179.925f, -179.875f};
    ClassicNetcdf wide = grid(new double[] {1, 0.95}, longitudes);
    wide.variable("t", new float[6], "time", "lat", "lon");
    ClassicNetcdf narrow = new ClassicNetcdf().dimension("lat", 2).dimension("lon", 3);
    narrow.variable("lat", new float[] {1, 0.95f}, "lat").attribute("units", "degrees_north");
    narrow.variable("lon", rounded, "lon").attribute("units", "degrees_east");
    scalarTime(narrow);
    narrow.variable("t", new float[6], "lat", "lon");
    assertThat(only(narrow).frame().grid()).isEqualTo(only(wide).frame().grid());
  }

  @Test
  void unevenLongitudesAreRefusedWithTheirPlace() {
    ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11, 12, 14});
    file.variable("t", new float[8], "time", "lat", "lon");
    Refusal refusal = refusal(file.toBytes());
    assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_GRID);
    assertThat(refusal).hasMessageContainingAll("test.nc", "lon", "14.0 follows 12.0", "regrid");
  }

  @Test
  void latitudesThatRunBothWaysAreRefused() {
    ClassicNetcdf file = grid(new double[] {3, 0, 2}, new double[] {10, 11});
    file.variable("t", new float[6], "time", "lat", "lon");
    assertThat(refusal(file.toBytes())).hasMessageContainingAll("lat", "both ways", "regrid");
  }

  @Test
  void gaussianRowsLieWhereTheFileSays() throws Refusal {
    ClassicNetcdf file = grid(new double[] {-19.87572, 19.87572, 59.44441}, new double[] {0, 120});
    file.variable("t", new float[] {1, 2, 3, 4, 5, 6}, "time", "lat", "lon");
    Field field = only(file);
    assertThat(field.frame().grid())
        .isEqualTo(Grid.ofRows(new double[] {59.44441, 19.87572, -19.87572}, 2, 0, 120));
    assertThat(field.toArray()).containsExactly(5, 6, 3, 4, 1, 2);
  }

  @Test
  void cellsWithoutRowsAreNamedUnstructured() {
    ClassicNetcdf file = new ClassicNetcdf().dimension("cell", 3).dimension("time", 1);
    file.variable("lat", new double[] {1, 2, 3}, "cell").attribute("units", "degrees_north");
    file.variable("lon", new double[] {1, 2, 3}, "cell").attribute("units", "degrees_east");
    file.variable("time", new double[] {1}, "time").attribute("units", "days since 2000-01-01");
    file.variable("t", new float[3], "time", "cell");
    assertThat(refusal(file.toBytes())).hasMessageContainingAll("unstructured", "lat", "lon");
  }

  @Test
  void unitsKeepTheirSpellingAndHaveACommonOne() throws Refusal {
    for (String written :
        new String[] {"Celsius", "degree_C", "deg C", "degrees_celsius", "degC"}) {
      ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11});
      file.variable("sst", new float[4], "time", "lat", "lon").attribute("units", written);
      assertThat(only(file).frame().variable().units()).isEqualTo(written);
      assertThat(only(file).frame().variable().canonicalUnits()).isEqualTo("degC");
    }
  }

  @Test
  void seaLevelPressureWithoutUnitsIsKnownByItsValues() throws Refusal {
    for (float value : new float[] {1013, 101325}) {
      ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11});
      file.variable("slp", new float[] {value, value, value, value}, "time", "lat", "lon");
      Granule granule = read(file.toBytes());
      assertThat(granule.fields().get(0).frame().variable().units())
          .isEqualTo(value > 2000 ? "Pa" : "hPa");
      assertThat(granule.notes()).anyMatch(note -> note.contains("slp: no units"));
    }
  }

  @Test
  void numbersBeyondPhysicsAreMissingEvenWhereTheFileDoesNotSaySo() throws Refusal {
    ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11});
    file.variable("t", new float[] {1e20f, -9.96921e36f, 3, 4}, "time", "lat", "lon")
        .attribute("missing_value", "-999.");
    assertThat(only(file).toArray()).containsExactly(NAN, NAN, 3, 4);
  }

  @Test
  void datesOfAModelCalendarAreTakenWhereTheyAreAskedFor() throws Refusal {
    ClassicNetcdf file = new ClassicNetcdf().dimension("time", 3);
    axes(file, new double[] {1, 0}, new double[] {10, 11});
    file.variable("time", new double[] {57, 58, 59}, "time")
        .attribute("units", "days since 2001-01-01")
        .attribute("calendar", "360_day");
    file.variable("t", new float[12], "time", "lat", "lon");
    assertTakenWhereAskedFor(file, "2001-02-28T00:00:00Z", "2001-02-30");
  }

  @ParameterizedTest
  @CsvSource({"360_day, 20230230, 2023-02-30", "all_leap, 20230229, 2023-02-29"})
  void datesAsNumbersAreThoseOfTheirModelCalendar(String calendar, double number, String leftOut)
      throws Refusal {
    ClassicNetcdf file = new ClassicNetcdf().dimension("time", 2);
    axes(file, new double[] {1, 0}, new double[] {10, 11});
    file.variable("time", new double[] {20230228.5, number}, "time")
        .attribute("units", "day as %Y%m%d.%f")
        .attribute("calendar", calendar);
    file.variable("t", new float[8], "time", "lat", "lon");
    assertTakenWhereAskedFor(file, "2023-02-28T12:00:00Z", leftOut);
  }

  /** A date that is none, refused unless model calendars are asked for; then noted. */
  private static void assertTakenWhereAskedFor(ClassicNetcdf file, String taken, String leftOut)
      throws Refusal {
    byte[] bytes = file.toBytes();
    assertThat(refusal(bytes).reason()).isEqualTo(Reason.UNSUPPORTED_CALENDAR);
    Granule granule =
        new GranuleReader(Limits.DEFAULT, true).read(bytes, "test.nc", new Origin("", ""));
    assertThat(granule.fields())
        .extracting(field -> field.frame().validAt().toString())
        .containsExactly(taken);
    assertThat(granule.notes()).anyMatch(note -> note.contains(leftOut));
  }

  @Test
  void membersOfAnArchiveAreOneGranule() throws Exception {
    ClassicNetcdf instant = grid(new double[] {1, 0}, new double[] {10, 11});
    instant.variable("t2m", new float[] {1, 2, 3, 4}, "time", "lat", "lon");
    ClassicNetcdf accumulated = grid(new double[] {1, 0}, new double[] {10, 11});
    accumulated.variable("tp", new float[] {5, 6, 7, 8}, "time", "lat", "lon");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("data_stream-oper_stepType-instant.nc"));
      zip.write(instant.toBytes());
      zip.putNextEntry(new ZipEntry("data_stream-oper_stepType-accum.nc"));
      zip.write(accumulated.toBytes());
    }
    assertThat(read(bytes.toByteArray()).fields())
        .extracting(field -> field.frame().variable().name())
        .containsExactly("t2m", "tp");
    assertThat(Inspection.of(bytes.toByteArray(), "era5.nc").format())
        .isEqualTo("ZIP of NetCDF-3 64-bit offset");
  }

  @Test
  void anArchiveCutBetweenItsMembersIsRefused() throws Exception {
    byte[] whole = archive("a.nc", grid(1).toBytes(), "b.nc", grid(1).toBytes());
    int second = new String(whole, ISO_8859_1).indexOf("PK\003\004", 1);
    assertThat(read(whole).fields()).hasSize(2);
    assertThat(refusal(Arrays.copyOf(whole, second)).reason()).isEqualTo(Reason.ZIP);
  }

  @Test
  void aMemberThatIsNotNetcdfIsLeftOutWithANote() throws Exception {
    byte[] archive = archive("a.nc", grid(1).toBytes(), "README", "read me".getBytes(UTF_8));
    assertThat(read(archive).notes()).singleElement().asString().contains("README");
    Inspection inspection = Inspection.of(archive, "test.zip");
    assertThat(inspection.variables()).hasSize(1);
    assertThat(inspection.notes()).singleElement().asString().contains("README", "plain text");
  }

  @Test
  void anArchiveThatUnpacksToAnyLengthIsRefused() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("zeros.nc"));
      zip.write(new byte[1 << 20]);
    }
    Limits limits = Limits.DEFAULT.withMaxBytes(1 << 19);
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                new GranuleReader(limits)
                    .read(bytes.toByteArray(), "zeros.zip", new Origin("", "")));
    assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource({"°C, UTF-8", "°C, ISO-8859-1", "ºC, ISO-8859-1", "℃, UTF-8"})
  void textBeyondAsciiIsReadInEitherEncoding(String units, String encoding) throws Exception {
    byte[] written = units.getBytes(encoding);
    ClassicNetcdf file = grid(new double[] {1}, new double[] {10});
    file.variable("t", new float[] {1}, "time", "lat", "lon")
        .attribute("units", "#".repeat(written.length));
    byte[] bytes = file.toBytes();
    int at = new String(bytes, ISO_8859_1).indexOf("#".repeat(written.length));
    System.arraycopy(written, 0, bytes, at, written.length);
    assertThat(read(bytes).fields().get(0).frame().variable().units()).isEqualTo(units);
    assertThat(read(bytes).fields().get(0).frame().variable().canonicalUnits()).isEqualTo("degC");
  }

  @Test
  void unknownTimeUnitsAreRefused() {
    ClassicNetcdf file = new ClassicNetcdf().dimension("time", 1);
    axes(file, new double[] {1, 0}, new double[] {10, 11});
    file.variable("time", new double[] {1}, "time").attribute("units", "moons since 1900-01-01");
    file.variable("t", new float[4], "time", "lat", "lon");
    assertThat(refusal(file.toBytes()).reason()).isEqualTo(Reason.UNSUPPORTED_TIME);
  }

  @ParameterizedTest
  @CsvSource({
    "'', EMPTY",
    "'<!DOCTYPE html><html>', HTML",
    "'<html><body>not found', HTML",
    "'time,lat,lon', TEXT",
    "'GRIB\u0001\u0002', GRIB",
    "'PK\u0003\u0004\u0014', ZIP",
    "'BZh91AY', NOT_NETCDF",
    "'CDF\u0005', TRUNCATED",
    "'CDF', TRUNCATED",
    "'CDF\u0001', TRUNCATED",
    "'\u0000\u0001\u0002', NOT_NETCDF"
  })
  void whatIsNotNetcdfIsNamed(String content, Reason reason) {
    assertThat(refusal(content.getBytes(UTF_8)).reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "1f8b0800, gzip",
    "425a6839, bzip2",
    "fd377a585a00, xz",
    "28b52ffd, zstd",
    "0e031301, HDF4"
  })
  void filesThatAreCompressedAsAWholeAreNamed(String begin, String name) {
    byte[] bytes = Arrays.copyOf(HexFormat.of().parseHex(begin), 100);
    assertThat(refusal(bytes)).hasMessageContaining(name);
  }

  @Test
  void damageAnywhereGivesFieldsOrARefusalAndNothingElse() {
    ClassicNetcdf file = grid(new double[] {1, 0}, new double[] {10, 11});
    file.variable("t2m", new short[] {1, 2, 3, 4}, "time", "lat", "lon")
        .attribute("scale_factor", 0.5)
        .attribute("units", "K");
    byte[] whole = file.toBytes();
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = whole.clone();
      for (int hit = random.nextInt(4); hit >= 0; hit--) {
        damaged[4 + random.nextInt(whole.length - 4)] = (byte) random.nextInt(256);
      }
      try {
        read(damaged);
      } catch (Refusal refusal) {
        assertThat(refusal).hasMessageContaining("test.nc");
      }
    }
  }

  /** One field of one value. */
  private static ClassicNetcdf grid(float value) {
    ClassicNetcdf file = grid(new double[] {1}, new double[] {10});
    file.variable("t", new float[] {value}, "time", "lat", "lon");
    return file;
  }

  private static byte[] archive(String first, byte[] a, String second, byte[] b)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(first));
      zip.write(a);
      zip.putNextEntry(new ZipEntry(second));
      zip.write(b);
    }
    return bytes.toByteArray();
  }

  private static ClassicNetcdf grid(double[] latitudes, double[] longitudes) {
    ClassicNetcdf file = new ClassicNetcdf().dimension("time", 1);
    axes(file, latitudes, longitudes);
    file.variable("time", new int[] {0}, "time").attribute("units", "days since 2000-01-01");
    return file;
  }

  private static void axes(ClassicNetcdf file, double[] latitudes, double[] longitudes) {
    file.dimension("lat", latitudes.length).dimension("lon", longitudes.length);
    file.variable("lat", latitudes, "lat").attribute("units", "degrees_north");
    file.variable("lon", longitudes, "lon").attribute("units", "degrees_east");
  }

  private static void scalarTime(ClassicNetcdf file) {
    file.variable("time", new double[] {6}).attribute("units", "hours since 2000-01-01");
  }

  private static Field only(ClassicNetcdf file) throws Refusal {
    assertThat(read(file.toBytes()).fields()).hasSize(1);
    return read(file.toBytes()).fields().get(0);
  }

  private static Granule read(byte[] bytes) throws Refusal {
    return new GranuleReader().read(bytes, "test.nc", new Origin("", "test.nc"));
  }

  private static Refusal refusal(byte[] bytes) {
    return catchThrowableOfType(Refusal.class, () -> read(bytes));
  }
}
