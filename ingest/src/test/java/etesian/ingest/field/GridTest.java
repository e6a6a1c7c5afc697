package etesian.ingest.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GridTest {
  private static final Grid UNEVEN = Grid.ofRows(new double[] {60, 40, 30, 0}, 4, -10, 5);

  @Test
  void unevenRowsLieWhereTheSourceSays() {
    assertThat(UNEVEN.hasEvenRows()).isFalse();
    assertThat(UNEVEN.rows()).isEqualTo(4);
    assertThat(UNEVEN.latitudes()).containsExactly(60, 40, 30, 0);
    assertThat(UNEVEN.latitude(2)).isEqualTo(30);
    assertThat(UNEVEN.northDegrees()).isEqualTo(60);
    assertThat(UNEVEN.rowStepDegrees()).isEqualTo(20);
    assertThat(UNEVEN).hasToString("4x4 from 60.00N -10.000E by uneven 20.00/5.000 degrees");
  }

  @Test
  void unevenRowsReachHalfWayToTheirNeighbours() {
    assertThat(UNEVEN.northEdge(0)).isEqualTo(70);
    assertThat(UNEVEN.southEdge(0)).isEqualTo(50);
    assertThat(UNEVEN.northEdge(1)).isEqualTo(50);
    assertThat(UNEVEN.southEdge(2)).isEqualTo(15);
    assertThat(UNEVEN.southEdge(3)).isEqualTo(-15);
  }

  @Test
  void evenRowsReachHalfAStepAndNoFurtherThanThePole() {
    Grid onPoles = new Grid(3, 4, 90, 0, 90, 90);
    assertThat(onPoles.northEdge(0)).isEqualTo(90);
    assertThat(onPoles.southEdge(0)).isEqualTo(45);
    assertThat(onPoles.southEdge(2)).isEqualTo(-90);
    Grid withoutCaps = new Grid(89, 180, 88, 0, 2, 2);
    assertThat(withoutCaps.northEdge(0)).isEqualTo(89);
    Grid thirds = new Grid(540, 4, 89.83333, 0, 0.333333333, 90);
    assertThat(thirds.northEdge(0)).isEqualTo(90);
    assertThat(thirds.southEdge(539)).isEqualTo(-90);
  }

  @Test
  void latitudesThatAreEvenMakeTheGridOfTheConstructor() {
    Grid even = new Grid(4, 8, 45.5, 0.5, 1 / 4.0, 1);
    assertThat(Grid.ofRows(even.latitudes(), 8, 0.5, 1)).isEqualTo(even).hasSameHashCodeAs(even);
  }

  @Test
  void equalRowsAreEqualGridsAndHeldOnce() {
    Grid again = Grid.ofRows(new double[] {60, 40, 30, 0}, 4, -10, 5);
    assertThat(again).isEqualTo(UNEVEN).hasSameHashCodeAs(UNEVEN);
    assertThat(Latitudes.of(new double[] {60, 40, 30, 0}))
        .isSameAs(Latitudes.of(new double[] {60, 40, 30, 0}));
    assertThat(Grid.ofRows(new double[] {60, 41, 30, 0}, 4, -10, 5)).isNotEqualTo(UNEVEN);
    assertThat(new Grid(4, 4, 60, -10, 20, 5)).isNotEqualTo(UNEVEN);
  }

  @Test
  void gridsTravelWithAJob() throws Exception {
    assertThat(serialised(UNEVEN)).isEqualTo(UNEVEN);
    assertThat(serialised(new Grid(2, 3, 50, 0, 10, 10))).isEqualTo(new Grid(2, 3, 50, 0, 10, 10));
  }

  @Test
  void latitudesGivenAreCopied() {
    double[] latitudes = {50, 20, 10};
    Grid grid = Grid.ofRows(latitudes, 1, 0, 1);
    latitudes[0] = 51;
    grid.latitudes()[0] = 52;
    assertThat(grid.latitude(0)).isEqualTo(50);
  }

  @Test
  void rowsThatDoNotGoSouthAreRefused() {
    assertThatThrownBy(() -> Grid.ofRows(new double[] {10, 20, 5}, 4, 0, 1))
        .hasMessage("row 1 lies at latitude 20.0, expected south of the row before it");
    assertThatThrownBy(() -> Grid.ofRows(new double[] {91, 20, 5}, 4, 0, 1))
        .hasMessage("row 0 lies at latitude 91.0, expected -90 to 90");
    assertThatThrownBy(() -> Grid.ofRows(new double[] {10, Double.NaN}, 4, 0, 1))
        .hasMessage("row 1 lies at latitude NaN, expected -90 to 90");
    assertThatThrownBy(() -> Grid.ofRows(new double[] {10}, 4, 0, 1))
        .hasMessageStartingWith("1 latitudes have no spacing");
  }

  @Property(tries = 40)
  void rowsOfAGaussianGridTileTheSphere(@ForAll @IntRange(min = 4, max = 160) int rows) {
    Grid grid = Grid.ofRows(GaussianRows.of(rows), 2 * rows, 0, 180.0 / rows);
    assertThat(grid.northEdge(0)).isEqualTo(90);
    assertThat(grid.southEdge(rows - 1)).isEqualTo(-90);
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += grid.area(row);
    }
    assertThat(sum).isCloseTo(2, within(1e-12));
  }

  /** Of the grid F32, as ECMWF lists it. */
  @Test
  void gaussianRowsAreThoseOfTheTables() {
    assertThat(GaussianRows.of(64)[0]).isEqualTo(87.8638, within(1e-4));
    Grid grid = Grid.ofRows(GaussianRows.of(64), 128, 0, 2.8125);
    assertThat(grid.hasEvenRows()).isFalse();
    assertThat(grid.weight(31)).isCloseTo(1, within(0.02));
  }

  @Property(tries = 40)
  void weightsOfEvenRowsAreProportionalToAreas(@ForAll @IntRange(min = 2, max = 200) int rows) {
    Grid grid = new Grid(rows, 1, 90 - 90.0 / rows, 0, 180.0 / rows, 360);
    for (int row = 0; row < rows; row++) {
      assertThat(grid.weight(row) / grid.weight(rows / 2))
          .isCloseTo(grid.area(row) / grid.area(rows / 2), within(1e-10));
    }
  }

  private static Object serialised(Object value) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }
}
