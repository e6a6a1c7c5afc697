package etesian.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.wire.GranuleNetcdf;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.StateBackend;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.tune.FirstWeights;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RocksDbJobTest {
  private static final Grid GRID = new Grid(16, 32, 84.375, 0, 11.25, 11.25);
  private static final int FIELDS = 12;
  private static final StreamSettings STREAM =
      Samples.stream(2, 3).withGrid(GRID).withVerifyLeads(List.of(1, 3));

  @TempDir private Path folder;

  /** Windows, rollouts under way and steps that wait come back from an incremental checkpoint. */
  @Test
  void aJobThatFailsOnRocksDbGivesTheRecordsOfTheHeap() throws Exception {
    List<Field> fields = fields();
    FirstWeights hasty = new FirstWeights(Duration.ofMillis(100), (stream, done, loss) -> {});
    String sha256 = new WeightsStore(folder).put(hasty.train(STREAM, fields));
    Champion champion = new Champion("t2m", "m2no", sha256, Champion.ALWAYS, null);
    List<byte[]> granules =
        fields.stream().map(field -> GranuleNetcdf.write(List.of(field))).toList();

    MemoryEnds heap = new MemoryEnds("heap", granules, 30, champion);
    run(heap, StateBackend.HEAP, champion);
    MemoryEnds rocks = new MemoryEnds("rocksdb", granules, 30, champion);
    rocks.failAfter(FIELDS * 3 / 2);
    run(rocks, StateBackend.ROCKSDB, champion);

    assertThat(rocks.hasFailed()).isTrue();
    Map<String, Set<ByteBuffer>> expected = heap.records();
    assertThat(expected.keySet()).anyMatch(name -> name.contains("/")).hasSize(11 * 3 + 10 + 8);
    assertThat(rocks.records()).isEqualTo(expected);
  }

  private void run(MemoryEnds ends, StateBackend backend, Champion champion) throws Exception {
    DeviceSettings device = new DeviceSettings(2, 3, 1 << 20, 1, true);
    LocalJob.run(
        LocalJob.settings(folder, Duration.ofMillis(50), device, STREAM).withStateBackend(backend),
        ends,
        1,
        champion);
  }

  private static List<Field> fields() {
    Random random = new Random(1);
    List<Field> fields = new ArrayList<>();
    for (int step = 0; step < FIELDS; step++) {
      float[] values = new float[GRID.cells()];
      for (int cell = 0; cell < values.length; cell++) {
        values[cell] = (float) (280 + 5 * random.nextGaussian());
      }
      fields.add(
          new Field(
              new Frame(Samples.T2M, GRID, Samples.hour(6 * step)), 1, Samples.ORIGIN, values));
    }
    return fields;
  }
}
