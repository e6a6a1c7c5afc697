package etesian.ingest.netcdf;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fuzz targets without a fuzzer: damaged files of each storage, the same in every build. */
class FuzzRegressionTest {
  private static final int DAMAGES = 150;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cdf1",
        "cdf2",
        "cdf5",
        "nc4_bigendian",
        "nc4_bzip2",
        "nc4_claims",
        "nc4_classic",
        "nc4_deep",
        "nc4_deflate",
        "nc4_groups",
        "nc4_kinds",
        "nc4_szip",
        "nc4_texts",
        "nc4_unwritten",
        "nc4_zstd",
        "hdf5_latest"
      })
  void damageAnywhereGivesFieldsOrARefusalWithinTheMemory(String name) {
    byte[] whole = Resources.file(name + ".nc");
    HeaderFuzz.fuzzerTestOneInput(whole);
    ReaderFuzz.fuzzerTestOneInput(whole);
    Random random = new Random(name.hashCode());
    for (int i = 0; i < DAMAGES; i++) {
      byte[] damaged = whole.clone();
      for (int hits = 1 + random.nextInt(8); hits > 0; hits--) {
        int at = random.nextInt(damaged.length);
        // Lengths and addresses suffer most from ones: they name what is far away.
        damaged[at] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
      }
      HeaderFuzz.fuzzerTestOneInput(damaged);
      ReaderFuzz.fuzzerTestOneInput(damaged);
    }
  }
}
