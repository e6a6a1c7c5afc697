package etesian.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.wire.GranuleNetcdf;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.tune.FirstWeights;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With {@code deterministic: true} the whole job gives the same bits however it runs. */
@Timeout(120)
class DeterministicTest {
  private static final Grid GRID = new Grid(16, 32, 84.375, 0, 11.25, 11.25);
  private static final int FIELDS = 30;
  private static final int HORIZON = 5;

  private static final StreamSettings STREAM =
      Samples.stream(2, HORIZON).withGrid(GRID).withVerifyLeads(List.of(1, HORIZON));

  @TempDir private static Path folder;
  private static List<byte[]> granules;
  private static Champion champion;
  private static Map<String, Set<ByteBuffer>> right;

  @BeforeAll
  static void runOnce() throws Exception {
    List<Field> fields = Samples.waves(GRID, FIELDS);
    FirstWeights hasty = new FirstWeights(Duration.ofMillis(100), (stream, done, loss) -> {});
    String sha256 = new WeightsStore(folder).put(hasty.train(STREAM, fields));
    champion = new Champion("t2m", "m2no", sha256, Champion.ALWAYS, null);
    granules = fields.stream().map(field -> GranuleNetcdf.write(List.of(field))).toList();
    MemoryEnds ends = ends("one by one");
    run(ends, new DeviceSettings(64, 1, 1 << 20, 1, true), 1);
    right = ends.records();
    int issueTimes = FIELDS - 1; // the first window needs two fields
    assertThat(right).hasSize(issueTimes * HORIZON + (issueTimes - 1) + (issueTimes - HORIZON));
  }

  @Test
  void batchesThreadsAndParallelismDoNotMatter() throws Exception {
    MemoryEnds ends = ends("many at a time");
    run(ends, new DeviceSettings(16, 8, 1 << 20, 2, true), 2);
    assertThat(ends.records()).isEqualTo(right);
  }

  @Test
  void aRestartInTheMiddleDoesNotMatter() throws Exception {
    MemoryEnds ends = ends("failing");
    ends.failAfter((FIELDS - 1) * HORIZON / 2);
    run(ends, new DeviceSettings(8, 4, 1 << 20, 2, true), 1);
    assertThat(ends.hasFailed()).isTrue();
    assertThat(ends.records()).isEqualTo(right);
  }

  private static MemoryEnds ends(String run) {
    return new MemoryEnds(run, granules, 30, champion);
  }

  private static void run(MemoryEnds ends, DeviceSettings device, int parallelism)
      throws Exception {
    LocalJob.run(
        LocalJob.settings(folder, Duration.ofMillis(50), device, STREAM),
        ends,
        parallelism,
        champion);
  }
}
