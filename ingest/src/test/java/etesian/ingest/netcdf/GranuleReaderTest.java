package etesian.ingest.netcdf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.Refusal.Reason;
import java.util.Random;
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
  void unevenCoordinatesAreRefusedWithTheirPlace() {
    ClassicNetcdf file = grid(new double[] {3, 2, 0}, new double[] {10, 11});
    file.variable("t", new float[6], "time", "lat", "lon");
    Refusal refusal = refusal(file.toBytes());
    assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_GRID);
    assertThat(refusal).hasMessageContainingAll("test.nc", "lat", "2.0 follows 3.0", "regrid");
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
    "'CDF\u0005', UNSUPPORTED_FORMAT",
    "'CDF', TRUNCATED",
    "'CDF\u0001', TRUNCATED",
    "'\u0000\u0001\u0002', NOT_NETCDF"
  })
  void whatIsNotNetcdfIsNamed(String content, Reason reason) {
    assertThat(refusal(content.getBytes(UTF_8)).reason()).isEqualTo(reason);
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
