package etesian.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamCardTest {
  private static final Grid UNEVEN = Grid.ofRows(new double[] {70.5, 30.1, -20.00001}, 2, 0, 180);

  @Test
  void aHeaderNamesTheGrid() {
    assertThat(card(Samples.GRID).metadata())
        .containsEntry("stream.grid", "2 3 50.0 0.0 10.0 10.0");
    assertThat(card(UNEVEN).metadata().get("stream.grid"))
        .startsWith("3 2 70.5 0.0 ")
        .endsWith(" 180.0 70.5 30.1 -20.00001");
  }

  @Test
  void aCardComesBackFromItsHeader() {
    for (Grid grid : new Grid[] {Samples.GRID, UNEVEN}) {
      assertThat(StreamCard.of(new Weights(card(grid).metadata(), Map.of()))).isEqualTo(card(grid));
    }
  }

  @Test
  void weightsOfOtherRowsDoNotFit() {
    Weights weights = new Weights(card(UNEVEN).metadata(), Map.of());
    assertThat(StreamCard.fits(weights, Samples.stream(2, 1).withGrid(UNEVEN))).isTrue();
    assertThat(StreamCard.fits(weights, Samples.stream(2, 1).withGrid(null))).isTrue();
    assertThat(StreamCard.fits(weights, Samples.stream(2, 1))).isFalse();
  }

  @Test
  void aHeaderNamesTheVariablesInTheirOrder() {
    StreamSettings stream = Samples.streamOfTwo(2, 1);
    Weights weights = new Weights(StreamCard.of(stream).metadata(), Map.of());
    assertThat(weights.metadata())
        .containsEntry("stream.variable", "t2m,u10")
        .containsEntry("stream.units", "K,m s-1");
    assertThat(StreamCard.of(weights)).isEqualTo(StreamCard.of(stream));
    assertThat(StreamCard.fits(weights, stream)).isTrue();
    assertThat(StreamCard.fits(weights, Samples.stream(2, 1))).isFalse();
    List<StreamVariable> turned = List.of(stream.variables().get(1), stream.variables().get(0));
    assertThat(StreamCard.fits(weights, stream.withVariables(turned))).isFalse();
  }

  @Test
  void aHeaderOfBeforeNamesOneVariable() {
    Map<String, String> header =
        Map.of(
            "stream.variable", "t2m",
            "stream.units", "K",
            "stream.grid", "2 3 50.0 0.0 10.0 10.0",
            "stream.step", "PT6H",
            "stream.history", "2");
    assertThat(StreamCard.fits(new Weights(header, Map.of()), Samples.stream(2, 1))).isTrue();
  }

  private static StreamCard card(Grid grid) {
    return StreamCard.of(Samples.stream(2, 1).withGrid(grid));
  }
}
