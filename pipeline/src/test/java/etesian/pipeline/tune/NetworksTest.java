package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.m2no.Padding;
import etesian.operators.m2no.Poles;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {
  /** ERA5 at 0.25 degrees, OISST at 1 degree, ERSST at 2 degrees without its caps, a region. */
  @ParameterizedTest
  @CsvSource({
    "721, 1440, 90, 0.25, ON_ROWS, SPHERE",
    "180, 360, 89.5, 1, BETWEEN_ROWS, SPHERE",
    "89, 180, 88, 2, NONE, GLOBE",
    "19, 51, 60, 2, NONE, REPLICATE"
  })
  void polesAreFoundWhereTheGridReachesThem(
      int rows, int columns, double north, double step, Poles poles, Padding padding) {
    Grid grid = new Grid(rows, columns, north, 0, step, step);
    M2noSettings network = Networks.of(stream("t2m", grid), 4);
    assertThat(network.grid().poles()).isEqualTo(poles);
    assertThat(network.padding()).isEqualTo(padding);
    assertThat(network.grid().rows()).isEqualTo(rows);
  }

  @Test
  void rowsOfAGaussianGridEndBetweenThePoles() {
    Grid globe =
        Grid.ofRows(new double[] {59.44441, 19.87572, -19.87572, -59.44441}, 8, 0, 45); // four rows
    assertThat(Networks.poles(globe)).isEqualTo(Poles.BETWEEN_ROWS);
    Grid part = Grid.ofRows(new double[] {59.44441, 19.87572, 10}, 8, 0, 45);
    assertThat(Networks.poles(part)).isEqualTo(Poles.NONE);
  }

  @Test
  void theHistoryOfAWindTurnsOverThePole() {
    Grid globe = new Grid(180, 360, 89.5, 0, 1, 1);
    assertThat(Networks.of(stream("u10", globe), 7).grid().antisymmetric())
        .isEqualTo(Set.of(0, 1, 2));
    assertThat(Networks.of(stream("t2m", globe), 7).grid().antisymmetric()).isEmpty();
  }

  @Test
  void amongSeveralVariablesOnlyTheWindsTurn() {
    Grid globe = new Grid(180, 360, 89.5, 0, 1, 1);
    StreamSettings three =
        stream("t2m", globe)
            .with(
                List.of(
                    new StreamVariable("t2m", "K"),
                    new StreamVariable("u10", "m s-1"),
                    new StreamVariable("v10", "m s-1")));
    M2noSettings network = Networks.of(three, 17);
    assertThat(network.outChannels()).isEqualTo(3);
    assertThat(network.grid().antisymmetric()).isEqualTo(Set.of(1, 2, 4, 5, 7, 8));
  }

  private static StreamSettings stream(String variable, Grid grid) {
    return new StreamSettings(
        variable,
        "era5",
        variable,
        "K",
        grid,
        new TimeStep.Fixed(Duration.ofHours(1)),
        3,
        2,
        1,
        StreamSettings.FROM_THE_FIRST,
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        "m2no",
        List.of(1));
  }
}
