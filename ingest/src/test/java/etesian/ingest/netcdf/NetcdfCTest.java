package etesian.ingest.netcdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import etesian.ingest.field.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The NetCDF C library rewrites files in every format and storage: we read the same from each. */
class NetcdfCTest {
  @TempDir static Path folder;

  @BeforeAll
  static void installed() {
    for (String tool : List.of("nccopy", "ncdump")) {
      boolean found =
          Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
              .anyMatch(place -> Files.isExecutable(Path.of(place, tool)));
      assumeTrue(found, tool + " is not here: install netcdf-bin to compare with NetCDF-C");
    }
  }

  static List<String> ways() {
    List<String> ways = new ArrayList<>();
    for (String kind : List.of("classic", "64-bit offset", "cdf5", "netCDF-4 classic model")) {
      ways.add("-k|" + kind);
      ways.add("-u|-k|" + kind);
    }
    for (String chunks :
        List.of(
            "time/1,lat/7,lon/11",
            "time/3,lat/5,lon/4",
            "time/1,lat/1,lon/11",
            "time/4,lat/2,lon/3")) {
      for (String filters : List.of("-d|0", "-d|1", "-d|1|-s", "-d|9|-s", "-d|9")) {
        ways.add("-k|netCDF-4|" + filters + "|-c|" + chunks);
      }
    }
    ways.add("-k|netCDF-4|-u|-d|5|-s");
    ways.add("-k|netCDF-4|-F|*,none");
    return ways;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aRewrittenFileHoldsTheSame(String options) throws Exception {
    byte[] original = sample().toBytes();
    Path from = Files.write(folder.resolve("original.nc"), original);
    byte[] copy = Files.readAllBytes(copied(from, options));
    assertSame(Resources.read(copy).fields(), Resources.read(original).fields());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-k|classic|-u",
        "-k|cdf5",
        "-k|netCDF-4|-d|0",
        "-k|netCDF-4|-d|1|-s",
        "-k|netCDF-4 classic model|-d|9"
      })
  void aRewrittenRealFileHoldsTheSame(String options) throws Exception {
    for (String name :
        List.of(
            "era5_2t_legacy_split_1.nc",
            "era5_legacy_t_pl_monthly_1980-2020_5x5.nc",
            "era5_legacy_u100v100_monthly_2020-2021_expver_9x9.nc",
            "sst_oisst_daily_all-land_40x80.nc",
            "sst_oisst_daily_2003-2004_tasmania_8x4.nc")) {
      if (name.contains("oisst") && !options.contains("netCDF-4|")) {
        continue; // 64-bit integers have no place in the other formats
      }
      Path from = SharedData.folder().resolve(name);
      byte[] copy = Files.readAllBytes(copied(from, options));
      assertSame(Resources.read(copy).fields(), Resources.read(SharedData.file(name)).fields());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cdf1.nc, t2m",
    "cdf1.nc, sp",
    "cdf5.nc, t2m",
    "nc4_classic.nc, t2m",
    "nc4_deflate.nc, t2m",
    "nc4_deflate.nc, sp",
    "nc4_deflate.nc, u10",
    "nc4_bigendian.nc, t2m",
    "nc4_bigendian.nc, sp",
    "nc4_bigendian.nc, u10",
    "nc4_bigendian.nc, tp",
    "nc4_kinds.nc, i1",
    "nc4_kinds.nc, u1",
    "nc4_kinds.nc, u2",
    "nc4_kinds.nc, u4",
    "nc4_kinds.nc, i8",
    "nc4_kinds.nc, u8"
  })
  void theValuesAreThoseThatNcdumpPrints(String name, String variable) throws Exception {
    Path file = Files.write(folder.resolve(name), Resources.file(name));
    double[] printed = printed(file, variable);
    Field[] fields =
        Resources.fields(Resources.read(Files.readAllBytes(file)), variable).toArray(Field[]::new);
    boolean packed = variable.equals("t2m");
    int cells = fields[0].frame().grid().cells();
    assertThat(printed).hasSize(fields.length * cells);
    for (int i = 0; i < printed.length; i++) {
      double value = packed ? printed[i] * 0.125 + 280 : printed[i];
      assertThat(fields[i / cells].values().get(i % cells)).isEqualTo((float) value);
    }
  }

  @Test
  void whatWeWriteIsWhatNcdumpPrints() throws Exception {
    Path file = Files.write(folder.resolve("written.nc"), sample().toBytes());
    double[] printed = printed(file, "t");
    List<Field> fields = Resources.fields(Resources.read(sample()), "t");
    for (int t = 0; t < 4; t++) {
      for (int i = 0; i < 77; i++) {
        assertThat(fields.get(t).values().get(i)).isEqualTo((float) printed[t * 77 + i]);
      }
    }
  }

  /** Four steps on seven rows and eleven columns, which no chunk divides. */
  private static ClassicNetcdf sample() {
    ClassicNetcdf file =
        new ClassicNetcdf().dimension("time", 4).dimension("lat", 7).dimension("lon", 11);
    double[] latitudes = new double[7];
    java.util.Arrays.setAll(latitudes, i -> 30 - i);
    double[] longitudes = new double[11];
    java.util.Arrays.setAll(longitudes, i -> 350 + i);
    file.variable("time", new double[] {0, 6, 12, 18}, "time")
        .attribute("units", "hours since 2000-01-01");
    file.variable("lat", latitudes, "lat").attribute("units", "degrees_north");
    file.variable("lon", longitudes, "lon").attribute("units", "degrees_east");
    short[] packed = new short[308];
    float[] floats = new float[308];
    double[] doubles = new double[308];
    int[] ints = new int[308];
    byte[] bytes = new byte[308];
    for (int i = 0; i < 308; i++) {
      packed[i] = (short) (i % 13 == 0 ? -32767 : i * 97);
      floats[i] = (float) Math.sin(i) * 100;
      doubles[i] = Math.cos(i) * 1e4;
      ints[i] = i * 1_000_003;
      bytes[i] = (byte) i;
    }
    file.variable("p", packed, "time", "lat", "lon")
        .attribute("scale_factor", 0.01)
        .attribute("add_offset", 273.15)
        .attribute("_FillValue", (short) -32767);
    file.variable("t", floats, "time", "lat", "lon").attribute("units", "K");
    file.variable("d", doubles, "time", "lat", "lon");
    file.variable("i", ints, "time", "lat", "lon");
    file.variable("b", bytes, "time", "lat", "lon");
    return file;
  }

  private static void assertSame(List<Field> copy, List<Field> original) {
    assertThat(original).isNotEmpty();
    assertThat(copy).hasSameSizeAs(original);
    for (int i = 0; i < copy.size(); i++) {
      assertThat(copy.get(i).frame()).isEqualTo(original.get(i).frame());
      assertThat(copy.get(i).revision()).isEqualTo(original.get(i).revision());
      assertThat(copy.get(i).toArray()).isEqualTo(original.get(i).toArray()); // bits, but for NaN
    }
  }

  private static Path copied(Path from, String options) throws Exception {
    Path to = Files.createTempFile(folder, "copy", ".nc");
    List<String> command = new ArrayList<>(List.of("nccopy"));
    command.addAll(List.of(options.split("\\|")));
    command.addAll(List.of(from.toString(), to.toString()));
    output(command);
    return to;
  }

  /** The values of a variable as NetCDF-C sees them, all digits. */
  private static double[] printed(Path file, String variable) throws Exception {
    String text = output(List.of("ncdump", "-p", "9,17", "-v", variable, file.toString()));
    String data = text.substring(text.indexOf("data:"));
    data = data.substring(data.indexOf(" " + variable + " =") + variable.length() + 3);
    return Stream.of(data.substring(0, data.indexOf(';')).split(","))
        .map(String::strip)
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private static String output(List<String> command) throws InterruptedException {
    try {
      Path out = Files.createTempFile(folder, "out", ".txt");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      String text = Files.readString(out, StandardCharsets.UTF_8);
      assertThat(ended && process.exitValue() == 0).as("%s: %s", command, text).isTrue();
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
