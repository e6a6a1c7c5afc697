package etesian.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Grid;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerificationSettingsTest {
  @Test
  void aBoxHoldsItsEdgesHoweverLongitudesAreCounted() {
    Box europe = new Box(-10, 35, 40, 70);
    assertThat(europe.holds(35, 350)).isTrue();
    assertThat(europe.holds(70, 40)).isTrue();
    assertThat(europe.holds(50, 0)).isTrue();
    assertThat(europe.holds(50, 41)).isFalse();
    assertThat(europe.holds(50, 349)).isFalse();
    assertThat(europe.holds(34, 0)).isFalse();
  }

  @Test
  void aBoxMayCrossTheDateLine() {
    Box pacific = new Box(170, -10, -150, 10);
    assertThat(pacific.holds(0, 180)).isTrue();
    assertThat(pacific.holds(0, -180)).isTrue();
    assertThat(pacific.holds(0, 210)).isTrue();
    assertThat(pacific.holds(0, 0)).isFalse();
    assertThat(pacific.holds(0, 211)).isFalse();
  }

  @Test
  void aBeltGoesAllTheWayAroundWithRowsOnItsBounds() {
    Box tropics = VerificationSettings.BELTS.get("tropics");
    for (int longitude = -180; longitude <= 360; longitude++) {
      assertThat(tropics.holds(-20, longitude)).isTrue();
    }
    assertThat(tropics.holds(20.25, 0)).isFalse();
  }

  @Test
  void aBoxUpsideDownIsRefused() {
    assertThatThrownBy(() -> new Box(0, 10, 10, 5)).hasMessageContaining("south must be below");
  }

  @Test
  void aCoarserGridKeepsThePolesOrTheEdges() {
    assertThat(coarsen(4).gridOf(new Grid(181, 360, 90, 0, 1, 1)))
        .isEqualTo(new Grid(46, 90, 90, 1.5, 4, 4));
    Grid edges = coarsen(2).gridOf(new Grid(32, 64, 87.1875, 0, 5.625, 5.625));
    assertThat(edges).isEqualTo(new Grid(16, 32, 84.375, 2.8125, 11.25, 11.25));
    assertThat(edges.northEdge(0)).isEqualTo(90);
  }

  @Test
  void rowsAndColumnsThatDoNotDivideAreRefused() {
    assertThatThrownBy(() -> coarsen(7).gridOf(new Grid(181, 360, 90, 0, 1, 1)))
        .hasMessageContaining("7 must divide the 180 rows south of the pole and the 360 columns");
  }

  private static VerificationSettings coarsen(int factor) {
    return new VerificationSettings(Map.of(), factor);
  }

  @Test
  void theSettingsNameBoxesAndHowCoarse() {
    StreamSettings stream = parse("", GRID + PACIFIC + "    verify_coarsen: 2\n").streams().get(0);
    assertThat(stream.verification().coarsen()).isEqualTo(2);
    assertThat(stream.verification().regions())
        .containsExactly(Map.entry("pacific", new Box(170, -10, -150, 10)));
    assertThat(VerificationState.bytes(stream.withVerification(VerificationSettings.DEFAULT)))
        .isEqualTo(4 * VerificationState.bytes(stream));
  }

  @Test
  void theSettingsSayWhatIsWrongWithThem() {
    assertThat(problems("", GRID + "    verify_coarsen: 5\n"))
        .singleElement()
        .asString()
        .contains("verify_coarsen", "5 must divide the 16 rows");
    assertThat(problems("", GRID + PACIFIC.replace("pacific", "tropics")))
        .singleElement()
        .asString()
        .contains("regions[0].name", "'tropics' is taken");
    assertThat(problems("state_backend: disk\n", GRID))
        .singleElement()
        .asString()
        .contains("state_backend", "not one of auto, heap, rocksdb");
  }

  @Test
  void largeStateGoesToRocksDbUnlessToldOtherwise() {
    List<StreamSettings> small = parse("", GRID).streams();
    Grid earth = new Grid(721, 1440, 90, 0, 0.25, 0.25);
    List<StreamSettings> large = List.of(parse("", "").streams().get(0).withGrid(earth));
    assertThat(StateBackend.AUTO.of(small)).isEqualTo(StateBackend.HEAP);
    assertThat(StateBackend.AUTO.of(large)).isEqualTo(StateBackend.ROCKSDB);
    assertThat(StateBackend.HEAP.of(large)).isEqualTo(StateBackend.HEAP);
    assertThat(parse("state_backend: rocksdb\n", GRID).stateBackend())
        .isEqualTo(StateBackend.ROCKSDB);
  }

  private static final String GRID =
      "    grid: {rows: 16, columns: 32, north: 84.375, west: 0, row_step: 11.25,"
          + " column_step: 11.25}\n";
  private static final String PACIFIC =
      "    regions: [{name: pacific, west: 170, south: -10, east: -150, north: 10}]\n";

  private static PipelineSettings parse(String top, String ofStream) {
    return PipelineSettings.parse(
        top
            + """
            streams:
              - name: t2m
                dataset: era5
                variable: t2m
                units: K
                step: PT6H
                history: 2
                horizon: 4
                model: m2no
            """
            + ofStream,
        name -> null);
  }

  private static List<String> problems(String top, String ofStream) {
    try {
      parse(top, ofStream);
      return List.of();
    } catch (SettingsException e) {
      return e.problems();
    }
  }
}
