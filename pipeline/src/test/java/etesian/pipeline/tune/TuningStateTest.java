package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.Learning;
import etesian.pipeline.learn.Worlds;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fields of 32 KiB. */
class TuningStateTest {
  private static final Grid GRID = new Grid(64, 128, 89, 0, 2.8, 2.8125);
  private static final StreamSettings STREAM =
      Worlds.stream()
          .withGrid(GRID)
          .withTuning(TuningSettings.OFF.with(t -> t.every(100).replayMebibytes(8)));
  private static final String FIRST = "a".repeat(64);
  private static final String SECOND = "b".repeat(64);
  private static final String LESSON = "c".repeat(64);

  /** Fields are cut wherever an array of them is full; a name that is cut is not found there. */
  @Test
  void eachNameOfWeightsIsInTheFirstArrayWhateverTheFieldsTake() throws IOException {
    Learning learning = new Learning(STREAM, STREAM.tuning());
    Champion first = new Champion("t2m", "smnn", FIRST, Champion.ALWAYS, null);
    learning.crown(first, Instant.EPOCH);
    learning.crown(first.then("smnn", SECOND, Worlds.day(1)), Instant.EPOCH);
    for (int day = 0; day < 48; day++) {
      learning.observe(Worlds.day(day), new float[GRID.cells()], Instant.EPOCH);
    }
    TuningState state = new TuningState(learning, LESSON, new WaitingFields(STREAM));
    List<byte[]> arrays = state.write(STREAM);
    assertThat(arrays).hasSizeGreaterThan(2);
    assertThat(new String(arrays.get(0), StandardCharsets.ISO_8859_1))
        .contains(FIRST, SECOND, LESSON);

    TuningState read = TuningState.read(arrays, STREAM).orElseThrow();
    assertThat(read.lesson()).isEqualTo(LESSON);
    assertThat(read.learning().champion().orElseThrow().weightsSha256()).isEqualTo(SECOND);
    assertThat(read.learning().bytes()).isEqualTo(48L * 4 * GRID.cells());
    assertThat(read.write(STREAM)).usingElementComparator(Arrays::compare).isEqualTo(arrays);
  }
}
