package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.operators.fourier.Fno;
import etesian.operators.fourier.SphereGrid;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.m2no.Padding;
import etesian.operators.m2no.Poles;
import etesian.pipeline.settings.ModelKind;
import etesian.pipeline.settings.NetworkSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
    assertThat(Networks.poles(gaussian())).isEqualTo(Poles.BETWEEN_ROWS);
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
            .withVariables(
                List.of(
                    new StreamVariable("t2m", "K"),
                    new StreamVariable("u10", "m s-1"),
                    new StreamVariable("v10", "m s-1")));
    M2noSettings network = Networks.of(three, 17);
    assertThat(network.outChannels()).isEqualTo(3);
    assertThat(network.grid().antisymmetric()).isEqualTo(Set.of(1, 2, 4, 5, 7, 8));
  }

  /** ERA5, cells, CMIP, ERSST without its caps, four rows of a Gaussian grid. */
  @Test
  void aSphereIsFoundByItsRows() {
    assertThat(sphere(new Grid(721, 1440, 90, 0, 0.25, 0.25))).contains(SphereGrid.EQUIANGULAR);
    assertThat(sphere(new Grid(180, 360, 89.5, 0, 1, 1))).contains(SphereGrid.CELL_CENTRES);
    assertThat(sphere(new Grid(96, 144, 90, 0, 1.894736842, 2.5))).contains(SphereGrid.EQUIANGULAR);
    assertThat(sphere(new Grid(89, 180, 88, 0, 2, 2))).contains(SphereGrid.WITHOUT_POLES);
    assertThat(sphere(gaussian())).contains(SphereGrid.LEGENDRE_GAUSS);
    assertThat(sphere(new Grid(19, 51, 60, 120, 2, 2))).isEmpty();
    assertThat(sphere(new Grid(80, 180, 80, 0, 2, 2))).isEmpty();
  }

  private static Optional<SphereGrid> sphere(Grid grid) {
    return NetworkSettings.sphere(grid);
  }

  private static Grid gaussian() {
    return Grid.ofRows(new double[] {59.44441, 19.87572, -19.87572, -59.44441}, 8, 0, 45);
  }

  @Test
  void aNetworkThatDoesNotFitItsGridIsRefused() {
    StreamSettings region = stream("t2m", new Grid(19, 51, 60, 0, 2, 2));
    assertThatThrownBy(
            () -> Networks.create(region.with(ModelKind.SFNO, NetworkSettings.DEFAULT), 7, 1))
        .hasMessageStartingWith("stream t2m: sfno needs the whole globe")
        .hasMessageContaining("take fno");
    StreamSettings narrow = stream("t2m", new Grid(3, 51, 60, 0, 2, 2));
    assertThatThrownBy(
            () -> Networks.create(narrow.with(ModelKind.NSM, NetworkSettings.DEFAULT), 7, 1))
        .hasMessageContaining("at least 4 rows");
  }

  /** Of all kinds, on a globe, a region and a single row. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SMNN")
  void whatIsLeftOpenFollowsFromTheGrid(ModelKind kind) {
    Grid globe = new Grid(12, 24, 82.5, 0, 15, 15);
    Grid region = new Grid(5, 9, 60, 0, 2, 2);
    Grid row = new Grid(1, 12, 60, 0, 2, 2);
    for (Grid grid : kind == ModelKind.SFNO ? List.of(globe) : List.of(globe, region, row)) {
      if (kind == ModelKind.M2NO && grid.rows() == 1) {
        continue; // its levels halve both axes
      }
      StreamSettings stream = stream("t2m", grid).with(kind, NetworkSettings.DEFAULT);
      Tensor input = new Tensor(new float[2 * 4 * grid.cells()], 2, 4, grid.rows(), grid.columns());
      for (int i = 0; i < input.values().length; i++) {
        input.values()[i] = i;
      }
      try (TrainableOperator network = Networks.create(stream, 4, 1)) {
        Tensor output = network.apply(input);
        assertThat(output.shape()).containsExactly(2, 1, grid.rows(), grid.columns());
        assertThat(output.values()[grid.cells() - 1])
            .as("untrained it is persistence")
            .isEqualTo(grid.cells() - 1);
        assertThat(network.parameters().keySet())
            .anyMatch(name -> network.head().stream().anyMatch(name::startsWith))
            .anyMatch(name -> network.head().stream().noneMatch(name::startsWith));
      }
    }
  }

  @Test
  void theSizeThatIsAskedForIsTheSizeOfTheNetwork() {
    StreamSettings stream = stream("t2m", new Grid(19, 51, 60, 0, 2, 2));
    NetworkSettings asked = new NetworkSettings(20, 3, List.of(7, 10), 0.5);
    try (Fno network = (Fno) Networks.create(stream.with(ModelKind.TFNO, asked), 4, 1)) {
      assertThat(network.settings().hidden()).isEqualTo(20);
      assertThat(network.settings().layers()).hasSize(3);
      assertThat(network.settings().layers().get(2).modes()).containsExactly(7, 10);
      assertThat(network.settings().rank()).isEqualTo(0.5);
    }
    NetworkSettings wide = new NetworkSettings(36, 3, List.of(), 0);
    try (M2no network = (M2no) Networks.create(stream.with(ModelKind.M2NO, wide), 4, 1)) {
      assertThat(network.settings().channels()).isEqualTo(36);
      assertThat(network.settings().numLayers()).isEqualTo(3);
    }
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
