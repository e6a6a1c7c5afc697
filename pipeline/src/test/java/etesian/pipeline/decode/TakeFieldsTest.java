package etesian.pipeline.decode;

import static etesian.pipeline.Samples.hour;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
import etesian.ingest.field.Variable;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.Regridding;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.util.List;
import org.apache.flink.streaming.api.operators.StreamFlatMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class TakeFieldsTest {
  private static final Grid FINE = new Grid(4, 4, 85, 2.5, 5, 5);
  private static final Grid COARSE = new Grid(2, 2, 82.5, 5, 10, 10);
  private static final float[] QUARTERS = {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4};

  @Test
  void aStreamTakesItsFieldsFromItsGridOnly() throws Exception {
    Field own = Samples.t2m(hour(0), 1);
    assertThat(taken(Samples.stream(1, 1), own, field(FINE, "t2m", QUARTERS))).containsExactly(own);
  }

  @Test
  void aStreamTakesAllItsVariablesEachInItsUnit() throws Exception {
    Field temperature = Samples.t2m(hour(0), 280);
    Field wind = Samples.u10(hour(0), 5);
    Field knots = field(Samples.GRID, "u10", new float[6]); // in K
    assertThat(taken(Samples.streamOfTwo(1, 1), temperature, knots, wind))
        .containsExactly(temperature, wind);
  }

  @Test
  void aStreamWithAGridOfItsOwnTakesFieldsFromAnyThatReachesIt() throws Exception {
    Field far = field(new Grid(4, 4, -20, 2.5, 5, 5), "t2m", QUARTERS);
    Field other = field(FINE, "sst", QUARTERS);
    Field coarse = field(COARSE, "t2m", new float[] {5, 6, 7, 8});
    assertThat(taken(onCoarse("t2m"), field(FINE, "t2m", QUARTERS), far, other, coarse))
        .containsExactly(field(COARSE, "t2m", new float[] {1, 2, 3, 4}), coarse);
  }

  @Test
  void unevenRowsAreAGridLikeAnyOther() throws Exception {
    Grid uneven = Grid.ofRows(new double[] {85, 80, 70}, 2, 5, 10);
    Field field = field(uneven, "t2m", new float[] {288, 288, 288, 288, 288, 288});
    assertThat(taken(onCoarse("t2m"), field))
        .containsExactly(field(COARSE, "t2m", new float[] {288, 288, 288, 288}));
  }

  @Test
  void trainingSeesTheGridOfTheStream() {
    Field field = field(FINE, "t2m", QUARTERS);
    assertThat(onCoarse("t2m").onGrid(field).frame().grid()).isEqualTo(COARSE);
    assertThat(Samples.stream(1, 1).onGrid(field)).isSameAs(field);
  }

  private static StreamSettings onCoarse(String variable) {
    return Samples.stream(1, 1)
        .withVariables(List.of(new StreamVariable(variable, "K")))
        .withGrid(COARSE)
        .withRegrid(new Regridding(COARSE, Regrid.Method.CONSERVATIVE));
  }

  private static Field field(Grid grid, String variable, float[] values) {
    Variable quantity = new Variable(variable, "K", "", "");
    return new Field(new Frame(quantity, grid, hour(0)), 1, Samples.ORIGIN, values);
  }

  private static List<Field> taken(StreamSettings stream, Field... fields) throws Exception {
    try (OneInputStreamOperatorTestHarness<Field, Field> harness =
        new OneInputStreamOperatorTestHarness<>(new StreamFlatMap<>(new TakeFields(stream)))) {
      harness.open();
      for (Field field : fields) {
        harness.processElement(field, 0);
      }
      return harness.extractOutputValues();
    }
  }
}
