package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Variable;
import etesian.pipeline.Samples;
import etesian.pipeline.learn.Worlds;
import etesian.pipeline.model.Stack;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingFieldsTest {
  private static final StreamSettings STREAM =
      Worlds.stream()
          .withVariables(
              List.of(new StreamVariable("t2m", "K"), new StreamVariable("u10", "m s-1")));
  private static final int CELLS = Samples.GRID.cells();

  private final WaitingFields waiting = new WaitingFields(STREAM);

  @Test
  void theLastVariableOfATimeCompletesItInTheOrderOfTheStream() {
    assertThat(waiting.take(field(Samples.U10, 0, 1, 5))).isEmpty();
    assertThat(waiting.take(field(Samples.T2M, 1, 1, 280))).as("another day").isEmpty();
    assertThat(waiting.take(field(Samples.T2M, 0, 1, 281))).map(Stack::of).hasValue(values(281, 5));
  }

  @Test
  void theBetterRevisionCounts() {
    waiting.take(field(Samples.U10, 0, 2, 6));
    waiting.take(field(Samples.U10, 0, 1, 5));
    assertThat(waiting.take(field(Samples.T2M, 0, 1, 281))).map(Stack::of).hasValue(values(281, 6));
  }

  @Test
  void aFieldWhoseOtherVariableNeverComesIsLetGo() {
    for (int day = 0; day <= STREAM.fieldsKept(); day++) {
      waiting.take(field(Samples.U10, day, 1, day));
    }
    assertThat(waiting.take(field(Samples.T2M, 1, 1, 281))).map(Stack::of).hasValue(values(281, 1));
    assertThat(waiting.take(field(Samples.T2M, 0, 1, 281))).as("the oldest").isEmpty();
  }

  private static Field field(Variable variable, int day, int revision, float value) {
    float[] values = new float[CELLS];
    Arrays.fill(values, value);
    Frame frame = new Frame(variable, Samples.GRID, Worlds.day(day));
    return new Field(frame, revision, Samples.ORIGIN, values);
  }

  private static float[] values(float t2m, float u10) {
    float[] values = new float[2 * CELLS];
    Arrays.fill(values, 0, CELLS, t2m);
    Arrays.fill(values, CELLS, 2 * CELLS, u10);
    return values;
  }
}
