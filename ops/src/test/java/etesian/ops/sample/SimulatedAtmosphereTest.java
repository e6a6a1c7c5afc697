package etesian.ops.sample;

import static etesian.ops.sample.SimulatedAtmosphere.GRID;
import static etesian.ops.sample.SimulatedAtmosphere.T2M;
import static etesian.ops.sample.SimulatedAtmosphere.U10;
import static etesian.ops.sample.SimulatedAtmosphere.V10;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Variable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SimulatedAtmosphereTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final int STEPS = 240; // 60 days
  private static final double[] LAND = Continents.landFractions(GRID);

  private static List<Map<Variable, float[]>> world;

  @BeforeAll
  static void run() {
    world = run(7, STEPS);
  }

  private static List<Map<Variable, float[]>> run(long seed, int steps) {
    SimulatedAtmosphere atmosphere = new SimulatedAtmosphere(seed, START);
    List<Map<Variable, float[]>> fields = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      fields.add(atmosphere.next());
    }
    return fields;
  }

  @Test
  void temperaturesAndWindsAreThoseOfTheEarth() {
    for (Map<Variable, float[]> fields : world) {
      assertThat(fields.get(T2M)).hasSize(GRID.cells());
      for (int cell = 0; cell < GRID.cells(); cell++) {
        assertThat(fields.get(T2M)[cell]).isBetween(210f, 330f);
        assertThat(Math.hypot(fields.get(U10)[cell], fields.get(V10)[cell])).isLessThan(60);
      }
    }
    assertThat(rootMeanSquare(V10)).isBetween(0.5, 10.0);
  }

  @Test
  void theSameSeedGivesTheSameWorldAndAnotherAnother() {
    float[] first = world.get(3).get(T2M);
    assertThat(run(7, 4).get(3).get(T2M)).isEqualTo(first);
    assertThat(run(8, 4).get(3).get(T2M)).isNotEqualTo(first);
  }

  @Test
  void theAfternoonIsWarmerThanTheNightOverLand() {
    // columns near 20 degrees east: 12 UTC is early afternoon, 0 UTC is after midnight
    int cell = 14 * GRID.columns() + 4;
    assertThat(LAND[cell]).isGreaterThan(0.9);
    double difference = 0;
    for (int day = 0; day < STEPS / 4; day++) {
      difference += world.get(4 * day + 2).get(T2M)[cell] - world.get(4 * day).get(T2M)[cell];
    }
    assertThat(difference / (STEPS / 4)).isBetween(5.0, 11.0);
  }

  @Test
  void whatComesIsToTheWestOfWhatIs() {
    // anomalies of the next six hours against those around a cell: an operator can learn this
    double fromWest = 0;
    double fromEast = 0;
    for (int i = 0; i + 1 < STEPS; i++) {
      double[] now = anomaly(i);
      double[] then = anomaly(i + 1);
      for (int row : new int[] {7, 8, 23, 24}) { // the westerlies
        for (int column = 0; column < GRID.columns(); column++) {
          int west = (column + GRID.columns() - 1) % GRID.columns();
          int east = (column + 1) % GRID.columns();
          double next = then[row * GRID.columns() + column];
          fromWest += next * now[row * GRID.columns() + west];
          fromEast += next * now[row * GRID.columns() + east];
        }
      }
    }
    assertThat(fromWest).isGreaterThan(1.2 * fromEast);
  }

  @Test
  void halfADayAheadAnomalyPersistenceIsBeatenByTheWind() {
    // the westerlies carry anomalies; the wind of the first field is all that is used
    double persistence = 0;
    double advected = 0;
    for (int i = 0; i + 2 < STEPS; i++) {
      double[] now = anomaly(i);
      double[] then = anomaly(i + 2);
      for (int row : new int[] {7, 8, 23, 24}) {
        double shift = 2 * zonalColumnsPerStep(i, row);
        for (int column = 0; column < GRID.columns(); column++) {
          double truth = then[row * GRID.columns() + column];
          double still = truth - now[row * GRID.columns() + column];
          double moved = truth - interpolate(now, row, column - shift);
          persistence += still * still;
          advected += moved * moved;
        }
      }
    }
    assertThat(Math.sqrt(advected / persistence)).isLessThan(0.9);
  }

  @Test
  void aHundredAndTwentyDaysTakeSeconds() {
    long began = System.nanoTime();
    run(9, 480);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  private static double[] anomaly(int step) {
    Instant at = START.plus(SimulatedAtmosphere.STEP.multipliedBy(step));
    float[] t2m = world.get(step).get(T2M);
    double[] out = new double[t2m.length];
    for (int cell = 0; cell < out.length; cell++) {
      double latitude = GRID.latitude(cell / GRID.columns());
      double longitude = GRID.longitude(cell % GRID.columns());
      out[cell] = t2m[cell] - SimulatedAtmosphere.climatology(latitude, longitude, LAND[cell], at);
    }
    return out;
  }

  private static double zonalColumnsPerStep(int step, int row) {
    double wind = 0;
    for (int column = 0; column < GRID.columns(); column++) {
      wind += world.get(step).get(U10)[row * GRID.columns() + column] / 0.6 / GRID.columns();
    }
    double circle = 2 * Math.PI * 6.371e6 * Math.cos(Math.toRadians(GRID.latitude(row)));
    return wind * SimulatedAtmosphere.STEP.toSeconds() / circle * GRID.columns();
  }

  private static double interpolate(double[] field, int row, double column) {
    int columns = GRID.columns();
    int left = (int) Math.floor(column);
    double share = column - left;
    return (1 - share) * field[row * columns + Math.floorMod(left, columns)]
        + share * field[row * columns + Math.floorMod(left + 1, columns)];
  }

  private static double rootMeanSquare(Variable variable) {
    double sum = 0;
    for (Map<Variable, float[]> fields : world) {
      for (float value : fields.get(variable)) {
        sum += value * (double) value;
      }
    }
    return Math.sqrt(sum / STEPS / GRID.cells());
  }
}
