package etesian.ingest.netcdf;

import static etesian.ingest.netcdf.Resources.file;
import static etesian.ingest.netcdf.Resources.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.netcdf.Refusal.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file may ask for is known before the memory for it is taken. */
class LimitsTest {
  private static final Limits SMALL = new Limits(64 << 10, 2000, 20, 80, 4, 1100);
  private static final long MEBIBYTE = 1 << 20;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void bytes() {
    assertTooLarge(new byte[1 << 17], SMALL, "131072 bytes", "65536");
  }

  @Test
  void elements() {
    ClassicNetcdf file = new ClassicNetcdf().dimension("x", 2001);
    file.variable("v", new byte[2001], "x");
    assertTooLarge(file.toBytes(), SMALL, "more than 2000 values", "v", "[2001]");
  }

  @Test
  void elementsOfACoordinate() {
    ClassicNetcdf file = new ClassicNetcdf().dimension("time", 2001);
    file.variable("time", new byte[2001], "time").attribute("units", "days since 2000-01-01");
    assertTooLarge(file.toBytes(), SMALL, "more than 2000 values", "time");
  }

  @Test
  void elementsWhoseNumberLeavesTheRangeOfLong() {
    assertTooLarge(hugeAndEmpty(), Limits.DEFAULT, "values", "v");
  }

  @Test
  void fieldsOfHardlyAnyValue() {
    ClassicNetcdf file =
        new ClassicNetcdf().dimension("time", 50).dimension("lat", 1).dimension("lon", 1);
    file.variable("time", new byte[50], "time").attribute("units", "days since 2000-01-01");
    file.variable("lat", new byte[1], "lat").attribute("units", "degrees_north");
    file.variable("lon", new byte[1], "lon").attribute("units", "degrees_east");
    file.variable("v", new byte[50], "time", "lat", "lon");
    assertTooLarge(file.toBytes(), SMALL, "50 fields", "40");
  }

  @Test
  void variables() {
    ClassicNetcdf file = new ClassicNetcdf();
    for (int i = 0; i < 21; i++) {
      file.variable("v" + i, new byte[1]);
    }
    assertTooLarge(file.toBytes(), SMALL, "21 variables", "20");
    assertTooLarge(file("nc4_groups.nc"), withVariables(3), "variables", "3");
  }

  @Test
  void attributes() {
    ClassicNetcdf file = new ClassicNetcdf();
    for (int i = 0; i < 81; i++) {
      file.attribute("a" + i, "");
    }
    assertTooLarge(file.toBytes(), SMALL, "81 attributes", "80");
    assertTooLarge(file("nc4_texts.nc"), new Limits(1 << 20, 2000, 20, 10, 4, 1100), "attributes");
  }

  @Test
  void nesting() {
    assertTooLarge(file("nc4_deep.nc"), SMALL, "groups nested deeper than 4");
  }

  @Test
  void valuesThatNobodyWrote() {
    assertTooLarge(file("nc4_claims.nc"), Limits.DEFAULT, "more than 100000000 values", "t2m");
  }

  @Test
  void aChunkLargerThanTheFileCanHold() {
    Limits tight = new Limits(1 << 20, 1_000_000_000, 20, 80, 4, 10);
    assertTooLarge(file("nc4_claims.nc"), tight, "stand for 2000000 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void aZipBomb(int members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < members; i++) {
        zip.putNextEntry(new ZipEntry(i + ".nc"));
        zip.write(new byte[(int) (5 * MEBIBYTE / members)]);
      }
    }
    assertTooLarge(bytes.toByteArray(), SMALL.withMaxBytes(2 * MEBIBYTE), "unpacks to more");
  }

  @Test
  void anArchiveOfManyFiles() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < 21; i++) {
        zip.putNextEntry(new ZipEntry(i + ".nc"));
      }
    }
    assertTooLarge(bytes.toByteArray(), SMALL, "more than 20 files");
  }

  @Test
  void readingBeyondTheEndIsCounted() {
    // Found by fuzzing: a compound type that claims thousands of millions of lengths, each of them
    // beyond the end, where NetCDF-Java neither fails nor seeks.
    BoundedFile file = new BoundedFile("test.nc", ByteBuffer.allocate(16));
    assertThatThrownBy(
            () -> {
              for (long i = 0; i < 1L << 32; i++) {
                file.read();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("without end");
  }

  /** CDF-5 with one variable over two dimensions of 2^31 - 1 each and a third without a record. */
  private static byte[] hugeAndEmpty() {
    ByteBuffer out = ByteBuffer.allocate(512);
    out.put(new byte[] {'C', 'D', 'F', 5}).putLong(0);
    out.putInt(10).putLong(3);
    for (int d = 0; d < 3; d++) {
      out.putLong(1).put(new byte[] {(byte) ('a' + d), 0, 0, 0});
      out.putLong(d == 0 ? 0 : Integer.MAX_VALUE);
    }
    out.putInt(0).putLong(0); // global attributes
    out.putInt(11).putLong(1).putLong(1).put(new byte[] {'v', 0, 0, 0});
    out.putLong(3).putLong(0).putLong(1).putLong(2);
    out.putInt(0).putLong(0); // its attributes
    out.putInt(1).putLong(0).putLong(300);
    return java.util.Arrays.copyOf(out.array(), 400);
  }

  private static Limits withVariables(int variables) {
    return new Limits(1 << 20, 1_000_000, variables, 10_000, 8, 1100);
  }

  /** Warm, so that the loading of classes does not count. */
  private static void assertTooLarge(byte[] bytes, Limits limits, String... said) {
    refusal(bytes, limits);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Refusal refusal = refusal(bytes, limits);
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(refusal).hasMessageContainingAll(said);
    assertThat(taken).isLessThan(8 * MEBIBYTE);
  }
}
