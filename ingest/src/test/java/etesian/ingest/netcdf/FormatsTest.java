package etesian.ingest.netcdf;

import static etesian.ingest.netcdf.Resources.STEPS;
import static etesian.ingest.netcdf.Resources.fields;
import static etesian.ingest.netcdf.Resources.file;
import static etesian.ingest.netcdf.Resources.read;
import static etesian.ingest.netcdf.Resources.refusal;
import static etesian.ingest.netcdf.Resources.step;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that the NetCDF C library wrote, in every format and storage. */
class FormatsTest {

  @ParameterizedTest
  @CsvSource({
    "cdf1.nc, t2m, NetCDF-3 classic",
    "cdf1.nc, sp, NetCDF-3 classic",
    "cdf2.nc, t2m, NetCDF-3 64-bit offset",
    "cdf2.nc, sp, NetCDF-3 64-bit offset",
    "cdf5.nc, t2m, NetCDF CDF-5",
    "cdf5.nc, sp, NetCDF CDF-5",
    "nc4_classic.nc, t2m, NetCDF-4",
    "nc4_classic.nc, sp, NetCDF-4",
    "nc4_deflate.nc, t2m, NetCDF-4", // shuffle, deflate, chunks that do not divide the grid
    "nc4_deflate.nc, sp, NetCDF-4", // fletcher32 before deflate
    "nc4_deflate.nc, u10, NetCDF-4", // shuffle, fletcher32, deflate
    "nc4_bigendian.nc, t2m, NetCDF-4",
    "nc4_bigendian.nc, sp, NetCDF-4",
    "nc4_bigendian.nc, u10, NetCDF-4",
    "nc4_groups.nc, t2m, NetCDF-4",
    "nc4_groups.nc, forecast_t2m, NetCDF-4",
    "nc4_groups.nc, forecast_coarse_sp, NetCDF-4",
    "nc4_texts.nc, t2m, NetCDF-4"
  })
  void everyFormatGivesTheSameValues(String name, String variable, String format) throws Refusal {
    assertThat(Inspection.of(file(name), name).format()).isEqualTo(format);
    List<Field> fields = fields(read(file(name)), variable);
    assertThat(fields).hasSize(STEPS);
    for (int t = 0; t < STEPS; t++) {
      assertThat(fields.get(t).frame().validAt())
          .isEqualTo("2000-01-01T%02d:00:00Z".formatted(6 * t));
      assertThat(fields.get(t).toArray()).isEqualTo(step(t));
    }
  }

  @ParameterizedTest
  @CsvSource({"i8", "u2", "u4", "u8"})
  void integersOfEveryWidthAreRead(String type) throws Refusal {
    float[] truncated = step(1);
    for (int i = 0; i < truncated.length; i++) {
      truncated[i] = (int) truncated[i];
    }
    assertThat(fields(read(file("nc4_kinds.nc")), type).get(1).toArray()).isEqualTo(truncated);
  }

  @Test
  void bytesCountAsTheirTypeSays() throws Refusal {
    Granule granule = read(file("nc4_kinds.nc"));
    assertThat(fields(granule, "u1").get(0).value(0, 0)).isEqualTo(280 - 256);
    assertThat(fields(granule, "i1").get(0).value(0, 0)).isEqualTo(280 - 256);
  }

  @Test
  void checksumsOfBigEndianIntegersFit() throws Refusal {
    assertThat(fields(read(file("nc4_bigendian.nc")), "tp").get(2).value(0, 0)).isEqualTo(282);
  }

  @Test
  void chunksThatNobodyWroteAreMissing() throws Refusal {
    Granule granule = read(file("nc4_unwritten.nc"));
    List<Field> half = fields(granule, "t2m");
    assertThat(half).extracting(Field::missing).containsExactly(24, 18, 24);
    assertThat(half.get(1).value(3, 5)).isEqualTo(step(1)[23]);
    assertThat(fields(granule, "sp")).allSatisfy(f -> assertThat(f.missing()).isEqualTo(24));
  }

  @ParameterizedTest
  @ValueSource(strings = {"contiguous", "single", "implicit", "fixed", "extensible", "tree"})
  void theLayoutOfHdf5SinceItsRelease110IsRead(String variable) throws Refusal {
    List<Field> fields = fields(read(file("hdf5_latest.nc")), variable);
    assertThat(fields).extracting(Field::revision).containsExactly(1, 1, 0);
    for (int t = 0; t < STEPS; t++) {
      assertThat(fields.get(t).frame().validAt())
          .isEqualTo("2000-01-01T%02d:00:00Z".formatted(6 * t));
      assertThat(fields.get(t).toArray()).isEqualTo(step(t));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nc4_bigendian",
        "nc4_classic",
        "nc4_deflate",
        "nc4_groups",
        "nc4_kinds",
        "nc4_names",
        "nc4_texts",
        "nc4_unwritten"
      })
  void bothLibrariesSeeTheSameInAFile(String name) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(file(name + ".nc"));
    try (DataFile one = Hdf5File.open(bytes, name, Limits.DEFAULT);
        DataFile other = new JhdfFile(BoundedStorage.open(bytes))) {
      assertThat(seen(other)).isNotEmpty().isEqualTo(seen(one));
    }
  }

  @Test
  void namesAreThoseOfTheFile() throws Refusal {
    assertThat(read(file("nc4_names.nc")).fields())
        .extracting(field -> field.frame().variable().name())
        .containsOnly("t2m.mean-v1+x", "sp");
  }

  @Test
  void aVariableThatNobodyWroteIsInspectedToo() throws Refusal {
    assertThat(Inspection.of(file("nc4_unwritten.nc"), "test.nc").variables())
        .filteredOn(variable -> variable.name().equals("u10"))
        .singleElement()
        .satisfies(variable -> assertThat(variable.missing()).isEqualTo(24));
  }

  @Test
  void textsOfAnyLengthGiveTheRevisionOfEachTime() throws Refusal {
    assertThat(read(file("nc4_texts.nc")).fields())
        .extracting(Field::revision)
        .containsExactly(1, 1, 0);
  }

  @ParameterizedTest
  @CsvSource({"zstd", "szip", "bzip2", "lzf"})
  void otherCompressionsAreRefusedByName(String filter) {
    Refusal refusal = refusal(file("nc4_" + filter + ".nc"));
    assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    assertThat(refusal).hasMessageContainingAll("t2m", "compressed by " + filter, "nccopy");
  }

  @Test
  void aCutHeaderIsTruncatedWhereverItEnds() {
    for (String name : List.of("cdf1.nc", "cdf2.nc", "cdf5.nc")) {
      byte[] whole = file(name);
      for (int length = 3; length < 900; length++) {
        assertThat(refusal(Arrays.copyOf(whole, length)).reason())
            .as("%s after %d bytes", name, length)
            .isEqualTo(Reason.TRUNCATED);
      }
    }
  }

  /** What each variable is and holds; attributes that matter among its values. */
  private static Map<String, String> seen(DataFile file) throws IOException {
    Map<String, String> seen = new TreeMap<>();
    for (FileVariable variable : file.variables()) {
      String values =
          variable.isNumeric()
              ? Arrays.toString(Values.read(variable).toArray())
              : variable.isText() ? Arrays.toString(variable.texts()) : "";
      List<String> dimensions =
          variable.dimensions().stream()
              .map(dimension -> dimension.name() + "=" + dimension.length())
              .toList();
      String units = Attributes.text(variable, "units");
      seen.put(
          variable.fullName(),
          String.join(" ", variable.type().toString(), dimensions.toString(), units, values));
    }
    return seen;
  }

  @Test
  void aCutFileIsRefusedInEveryFormat() {
    for (String name : List.of("cdf1.nc", "cdf2.nc", "cdf5.nc", "nc4_classic.nc")) {
      byte[] whole = file(name);
      for (int length : new int[] {whole.length / 2, whole.length - 8}) {
        assertThat(refusal(Arrays.copyOf(whole, length)).reason()).isEqualTo(Reason.TRUNCATED);
      }
    }
  }
}
