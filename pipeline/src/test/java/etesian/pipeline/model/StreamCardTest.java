package etesian.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
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
    assertThat(StreamCard.fits(weights, Samples.stream(2, 1).on(UNEVEN))).isTrue();
    assertThat(StreamCard.fits(weights, Samples.stream(2, 1).on(null))).isTrue();
    assertThat(StreamCard.fits(weights, Samples.stream(2, 1))).isFalse();
  }

  private static StreamCard card(Grid grid) {
    return StreamCard.of(Samples.stream(2, 1).on(grid));
  }
}
