package etesian.ops.sample;

import static etesian.ops.sample.SimulatedOcean.GRID;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SimulatedOceanTest {
  private static final Instant START = Instant.parse("1982-01-03T00:00:00Z");
  private static final int WEEKS = 2080; // forty years

  private static final List<float[]> FIELDS = new ArrayList<>();
  private static final double[] OSCILLATION = new double[WEEKS];

  @BeforeAll
  static void run() {
    SimulatedOcean ocean = new SimulatedOcean(3, START);
    for (int week = 0; week < WEEKS; week++) {
      OSCILLATION[week] = ocean.oscillation();
      FIELDS.add(ocean.next());
    }
  }

  @Test
  void theLandIsMissingAndTheSameInEveryWeek() {
    int land = 0;
    for (int cell = 0; cell < GRID.cells(); cell++) {
      boolean missing = Float.isNaN(FIELDS.get(0)[cell]);
      land += missing ? 1 : 0;
      for (float[] field : FIELDS) {
        assertThat(Float.isNaN(field[cell])).isEqualTo(missing);
      }
    }
    assertThat(land / (double) GRID.cells()).isBetween(0.2, 0.4);
  }

  @Test
  void theSeaIsBetweenFreezingAndBathWater() {
    for (float[] field : FIELDS) {
      for (float value : field) {
        if (!Float.isNaN(value)) {
          assertThat(value).isBetween(271.3f, 311f);
        }
      }
    }
  }

  @Test
  void theNorthIsWarmInLateSummerAndTheSouthInMarch() {
    assertThat(harmonicPhaseWeek(cell(42.5, 187.5))).isBetween(31, 37);
    assertThat(harmonicPhaseWeek(cell(-42.5, 187.5))).isBetween(5, 11);
  }

  @Test
  void theOscillationKeepsItsSignForHalfAYearAndLosesItWithinTwo() {
    assertThat(correlation(OSCILLATION, 26)).isGreaterThan(0.25);
    assertThat(correlation(OSCILLATION, 104)).isLessThan(0.1);
  }

  @Test
  void theSameSeedGivesTheSameSeaAndAnotherAnother() {
    assertThat(new SimulatedOcean(3, START).next()).isEqualTo(FIELDS.get(0));
    assertThat(new SimulatedOcean(4, START).next()).isNotEqualTo(FIELDS.get(0));
  }

  private static int cell(double latitude, double longitude) {
    int row = (int) Math.round((GRID.northDegrees() - latitude) / GRID.rowStepDegrees());
    int column = (int) Math.round((longitude - GRID.westDegrees()) / GRID.columnStepDegrees());
    return row * GRID.columns() + column;
  }

  /** The week of the year in which the annual harmonic of a cell is largest. */
  private static int harmonicPhaseWeek(int cell) {
    double cos = 0;
    double sin = 0;
    for (int week = 0; week < WEEKS; week++) {
      double phase = 2 * Math.PI * week * 7 / 365.2425;
      cos += FIELDS.get(week)[cell] * Math.cos(phase);
      sin += FIELDS.get(week)[cell] * Math.sin(phase);
    }
    double turn = Math.atan2(sin, cos) / (2 * Math.PI);
    return (int) Math.round((turn < 0 ? turn + 1 : turn) * 52.18);
  }

  private static double correlation(double[] series, int lag) {
    double product = 0;
    double square = 0;
    for (int i = 0; i + lag < series.length; i++) {
      product += series[i] * series[i + lag];
      square += series[i] * series[i];
    }
    return product / square;
  }
}
