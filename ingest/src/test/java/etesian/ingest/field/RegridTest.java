package etesian.ingest.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RegridTest {
  private static final float NAN = Float.NaN;

  @Provide
  Arbitrary<Grid> globes() {
    Arbitrary<Integer> rows = Arbitraries.integers().between(2, 24);
    Arbitrary<Integer> columns = Arbitraries.integers().between(1, 40);
    Arbitrary<Double> wests = Arbitraries.integers().between(-3600, 3600).map(west -> west / 10.0);
    return Combinators.combine(Arbitraries.integers().between(0, 2), rows, columns, wests)
        .as(
            (kind, n, m, west) ->
                switch (kind) {
                  case 0 -> new Grid(n, m, 90, west, 180.0 / (n - 1), 360.0 / m);
                  case 1 -> new Grid(n, m, 90 - 90.0 / n, west, 180.0 / n, 360.0 / m);
                  default -> Grid.ofRows(GaussianRows.of(n + 2), m, west, 360.0 / m);
                });
  }

  @Property(tries = 300)
  void conservativeKeepsTheMeanOverTheArea(
      @ForAll("globes") Grid from, @ForAll("globes") Grid to, @ForAll long seed) {
    float[] values = noise(from, seed, 0);
    assertThat(mean(to, Regrid.conservative(from, to).apply(values)))
        .isCloseTo(mean(from, values), within(1e-6));
  }

  @Property(tries = 300)
  void constantsStayWhateverIsMasked(
      @ForAll("globes") Grid from, @ForAll("globes") Grid to, @ForAll long seed) {
    float[] values = noise(from, seed, 4);
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.isNaN(values[i]) ? NAN : 287.65f;
    }
    for (Regrid regrid : both(from, to)) {
      for (float value : regrid.apply(values)) {
        assertThat(value).matches(v -> v == 287.65f || Float.isNaN(v));
      }
    }
  }

  @Property(tries = 300)
  void nothingIsMissingThatTheSourceHas(
      @ForAll("globes") Grid from, @ForAll("globes") Grid to, @ForAll long seed) {
    float[] values = noise(from, seed, 0);
    for (Regrid regrid : both(from, to)) {
      assertThat(regrid.apply(values)).doesNotContain(NAN);
    }
  }

  @Property(tries = 100)
  void theSameGridChangesNoBit(@ForAll("globes") Grid grid, @ForAll long seed) {
    float[] values = noise(grid, seed, 5);
    for (Regrid regrid : both(grid, grid)) {
      assertThat(regrid.apply(values)).containsExactly(values);
    }
  }

  @Property(tries = 200)
  void theSameCellsFromAnotherMeridianChangeNoBit(
      @ForAll("globes") Grid grid, @ForAll @IntRange(min = -50, max = 50) int turn) {
    float[] values = noise(grid, turn, 5);
    Grid turned = turned(grid, turn);
    for (Regrid regrid : both(grid, turned)) {
      assertThat(regrid.apply(values)).containsExactly(turned(grid, values, turn));
    }
  }

  @Property(tries = 200)
  void whereTheSourceBeginsDoesNotMatter(
      @ForAll("globes") Grid from,
      @ForAll("globes") Grid to,
      @ForAll @IntRange(min = -50, max = 50) int turn) {
    float[] values = noise(from, turn, 0);
    same(both(from, to), values, both(turned(from, turn), to), turned(from, values, turn), 0);
  }

  @Property(tries = 200)
  void whereTheDestinationBeginsDoesNotMatter(
      @ForAll("globes") Grid from,
      @ForAll("globes") Grid to,
      @ForAll @IntRange(min = -50, max = 50) int turn) {
    float[] values = noise(from, turn, 0);
    same(both(from, to), values, both(from, turned(to, turn)), values, turn);
  }

  @Property(tries = 200)
  void bilinearIsExactForWhatIsLinear(
      @ForAll @IntRange(min = 2, max = 12) int rows,
      @ForAll @IntRange(min = 2, max = 12) int columns,
      @ForAll long seed) {
    Random random = new Random(seed);
    Grid from = new Grid(rows, columns, 40, random.nextDouble() * 720 - 360, 2.5, 1.5);
    double west = from.westDegrees() + random.nextDouble() * (columns - 1) * 1.5 * 0.9;
    double north = 40 - random.nextDouble() * (rows - 1) * 2.5 * 0.9;
    Grid to =
        new Grid(
            3,
            3,
            north,
            west,
            (north - from.latitude(rows - 1)) / 2.001,
            (from.longitude(columns - 1) - west) / 2.001);
    DoubleBinaryOperator linear = (lat, lon) -> 3 + 0.5 * lat - 0.25 * (lon - from.westDegrees());
    float[] result = Regrid.bilinear(from, to).apply(sampled(from, linear));
    float[] expected = sampled(to, linear);
    for (int i = 0; i < expected.length; i++) {
      assertThat(result[i]).isCloseTo(expected[i], within(2e-5f));
    }
  }

  @Property(tries = 200)
  void aPoleHasOneValue(
      @ForAll("globes") Grid from,
      @ForAll @IntRange(min = 1, max = 20) int columns,
      @ForAll long seed) {
    float[] values = noise(from, seed, 0);
    Grid poles = new Grid(2, columns, 90, 0, 180, 360.0 / columns);
    float[] result = Regrid.bilinear(from, poles).apply(values);
    double north = 0;
    for (int column = 0; column < from.columns(); column++) {
      north += values[column] / from.columns();
    }
    assertThat(result[0]).isCloseTo((float) north, within(1e-5f));
    for (int column = 0; column < columns; column++) {
      assertThat(result[column]).isEqualTo(result[0]);
      assertThat(result[columns + column]).isFinite().isEqualTo(result[columns]);
    }
  }

  /** Errors of second order, and of first order where cells of the source are cut. */
  @Test
  void finerSourcesComeCloserToAHarmonic() {
    Grid to = new Grid(7, 9, 77, 3, 25, 40);
    DoubleBinaryOperator harmonic =
        (lat, lon) ->
            Math.pow(Math.cos(Math.toRadians(lat)), 2) * Math.cos(2 * Math.toRadians(lon));
    double[] bilinear = new double[3];
    double[] conservative = new double[3];
    for (int i = 0; i < 3; i++) {
      int n = 30 << i;
      Grid from = Grid.ofRows(GaussianRows.of(n), 2 * n, 0, 180.0 / n);
      float[] values = sampled(from, harmonic);
      float[] points = Regrid.bilinear(from, to).apply(values);
      float[] means = Regrid.conservative(from, to).apply(values);
      for (int row = 0; row < to.rows(); row++) {
        for (int column = 0; column < to.columns(); column++) {
          int cell = row * to.columns() + column;
          double point = harmonic.applyAsDouble(to.latitude(row), to.longitude(column));
          bilinear[i] = Math.max(bilinear[i], Math.abs(points[cell] - point));
          conservative[i] =
              Math.max(conservative[i], Math.abs(means[cell] - harmonicMean(to, row, column)));
        }
      }
    }
    assertThat(bilinear[0]).isLessThan(0.02);
    assertThat(bilinear[0] / bilinear[2]).isGreaterThan(10);
    assertThat(conservative[0]).isLessThan(0.02);
    assertThat(conservative[0] / conservative[2]).isGreaterThan(3);
  }

  /** Of cos(lat)^2 cos(2 lon): the integral of cos^3 is sin - sin^3 / 3. */
  private static double harmonicMean(Grid grid, int row, int column) {
    double north = Math.sin(Math.toRadians(grid.northEdge(row)));
    double south = Math.sin(Math.toRadians(grid.southEdge(row)));
    double half = Math.toRadians(grid.columnStepDegrees() / 2);
    double lon = Math.toRadians(grid.longitude(column));
    double rows = north - south - (Math.pow(north, 3) - Math.pow(south, 3)) / 3;
    double columns = (Math.sin(2 * (lon + half)) - Math.sin(2 * (lon - half))) / 2;
    return rows * columns / (grid.area(row) * 2 * half);
  }

  /** 0 to 90 north, split at 30: halves of the area, as sin 30 = 1/2. */
  @Test
  void conservativeWeighsByArea() {
    Grid from = Grid.ofRows(new double[] {55, 5, -5}, 4, 45, 90);
    assertThat(from.northEdge(0)).isEqualTo(90);
    assertThat(from.southEdge(0)).isEqualTo(30);
    assertThat(from.southEdge(1)).isEqualTo(0);
    Grid to = new Grid(1, 2, 45, 90, 90, 180);
    float[] values = {1, 2, 3, 4, 5, 6, 9, 10, 0, 0, 0, 0};
    assertThat(Regrid.conservative(from, to).apply(values))
        .containsExactly(new float[] {3.5f, 6.5f}, within(1e-6f));
  }

  @Test
  void twoByFourBecomesOneByTwo() {
    Grid from = new Grid(2, 4, 45, 0, 90, 90);
    Grid to = new Grid(1, 2, 0, 45, 180, 180);
    float[] values = {1, 2, 3, 4, 5, 6, 7, 8};
    assertThat(Regrid.conservative(from, to).apply(values)).containsExactly(3.5f, 5.5f);
  }

  @Test
  void cellsThatAreCutCountByTheirShareOfTheCircle() {
    Grid from = new Grid(1, 4, 0, -180, 180, 90);
    Grid to = new Grid(1, 2, 0, 0, 180, 180); // -90..90 takes half of -90, all of 0, half of 90
    float[] values = {1, 2, 4, 16};
    assertThat(Regrid.conservative(from, to).apply(values))
        .containsExactly((1 + 4 + 8) / 2f, (8 + 1 + 1) / 2f);
  }

  @Test
  void bilinearInTheMiddleOfFourCells() {
    Grid from = new Grid(2, 2, 10, 0, 10, 10);
    Grid to = new Grid(1, 1, 7.5, 365, 1, 1);
    assertThat(Regrid.bilinear(from, to).apply(new float[] {1, 3, 5, 7})).containsExactly(3);
  }

  @Test
  void bilinearGoesThroughTheMeridianWhereTheCountBegins() {
    Grid from = new Grid(1, 4, 0, 0, 1, 90);
    Grid to = new Grid(1, 4, 0, -45, 1, 90);
    assertThat(Regrid.bilinear(from, to).apply(new float[] {0, 2, 4, 8}))
        .containsExactly(4, 1, 3, 6);
  }

  @Test
  void bilinearTakesThePoleFromTheMeanOfTheNearestRow() {
    Grid from = new Grid(2, 4, 45, 0, 90, 90);
    Grid to = new Grid(3, 2, 90, 0, 22.5, 180);
    float[] values = {1, 2, 3, 4, 0, 0, 0, 0};
    assertThat(Regrid.bilinear(from, to).apply(values))
        .containsExactly(2.5f, 2.5f, 1.75f, 2.75f, 1, 3);
  }

  @Test
  void aRowOnThePoleCountsAsItsMean() {
    Grid from = new Grid(3, 4, 90, 0, 90, 90);
    Grid to = new Grid(2, 2, 90, 0, 45, 180);
    float[] values = {1, 2, 3, 6, 9, 0, 9, 0, 0, 0, 0, 0};
    assertThat(Regrid.bilinear(from, to).apply(values)).containsExactly(3, 3, 6, 6);
  }

  @Test
  void aWindThatBlowsAcrossThePoleIsNotLostThere() {
    Grid from = new Grid(2, 4, 45, 0, 90, 90);
    Grid to = new Grid(2, 4, 90, 0, 22.5, 90);
    float[] eastward = {5, 0, -5, 0, 0, 0, 0, 0};
    assertThat(Regrid.bilinear(from, to).ofWindComponent().apply(eastward))
        .containsExactly(5, 0, -5, 0, 5, 0, -5, 0);
    assertThat(Regrid.bilinear(from, to).apply(eastward)).startsWith(0, 0, 0, 0);
  }

  @Test
  void aCellNeedsItsShareOfValues() {
    Grid from = new Grid(1, 4, 0, 0, 10, 10);
    Grid to = new Grid(1, 1, 0, 15, 10, 40);
    float[] half = {1, NAN, NAN, 3};
    float[] quarter = {NAN, NAN, NAN, 3};
    Regrid regrid = Regrid.conservative(from, to);
    assertThat(regrid.apply(half)).containsExactly(2);
    assertThat(regrid.apply(quarter)).containsExactly(NAN);
    assertThat(regrid.withValidShare(0.25).apply(quarter)).containsExactly(3);
    assertThat(regrid.withValidShare(1).apply(half)).containsExactly(NAN);
    assertThat(regrid.withValidShare(1).apply(new float[] {1, 2, 3, 4})).containsExactly(2.5f);
    assertThatThrownBy(() -> regrid.withValidShare(0))
        .hasMessage("a share is above 0 and at most 1, got 0.0");
  }

  @Test
  void nothingIsExtrapolated() {
    Grid from = new Grid(2, 3, 10, 350, 10, 10); // cells of 345..375 E, 15 N..5 S
    Grid to = new Grid(4, 6, 20, -30, 10, 10);
    float[] values = {1, 2, 3, 4, 5, 6};
    float[] expected = new float[24];
    Arrays.fill(expected, NAN);
    System.arraycopy(values, 0, expected, 8, 3);
    System.arraycopy(values, 3, expected, 14, 3);
    assertThat(Regrid.conservative(from, to).apply(values)).containsExactly(expected);
    assertThat(Regrid.bilinear(from, to).apply(values)).containsExactly(expected);
  }

  @Test
  void aCyclicPointIsNotCountedTwice() {
    Grid from = new Grid(1, 5, 0, 0, 180, 90);
    Grid to = new Grid(1, 1, 0, 135, 180, 360);
    float[] values = {1, 2, 3, 4, 1};
    assertThat(Regrid.conservative(from, to).apply(values)).containsExactly(2.5f);
    Grid west = new Grid(1, 1, 0, -45, 180, 90);
    assertThat(Regrid.bilinear(from, west).apply(values)).containsExactly(2.5f);
  }

  @Test
  void aFieldKeepsItsNameTimeAndOrigin() {
    Grid from = new Grid(2, 2, 10, 0, 10, 10);
    Grid to = new Grid(1, 1, 5, 5, 20, 20);
    Variable variable = new Variable("sst", "K", "", "");
    Instant at = Instant.parse("2020-01-01T00:00:00Z");
    Origin origin = new Origin("ab", "sst/0@1");
    Field field = new Field(new Frame(variable, from, at), 1, origin, new float[] {1, 1, 1, 1});
    assertThat(Regrid.conservative(from, to).apply(field))
        .isEqualTo(new Field(new Frame(variable, to, at), 1, origin, new float[] {1}));
    assertThat(Regrid.conservative(from, from).apply(field)).isSameAs(field);
    assertThatThrownBy(() -> Regrid.conservative(to, from).apply(field))
        .hasMessage(
            "sst is on 2x2 from 10.00N 0.0000E by 10.00/10.00 degrees,"
                + " these weights are from 1x1 from 5.000N 5.0000E by 20.00/20.00 degrees");
    assertThatThrownBy(() -> Regrid.conservative(to, from).apply(new float[2]))
        .hasMessageStartingWith("2 values for a grid of 1x1");
  }

  private static Regrid[] both(Grid from, Grid to) {
    return new Regrid[] {Regrid.conservative(from, to), Regrid.bilinear(from, to)};
  }

  /** Compares the results of two sets of weights, the second one's beginning columns later. */
  private static void same(Regrid[] a, float[] valuesA, Regrid[] b, float[] valuesB, int turn) {
    BinaryOperator<Float> difference = (x, y) -> Math.abs(x - y);
    for (int i = 0; i < a.length; i++) {
      float[] first = turned(a[i].to(), a[i].apply(valuesA), turn);
      float[] second = b[i].apply(valuesB);
      for (int cell = 0; cell < first.length; cell++) {
        assertThat(difference.apply(first[cell], second[cell])).isLessThan(1e-5f);
      }
    }
  }

  /** The same cells, beginning columns further east. */
  private static Grid turned(Grid grid, int columns) {
    double west = grid.westDegrees() + columns * grid.columnStepDegrees();
    return grid.hasEvenRows()
        ? new Grid(
            grid.rows(),
            grid.columns(),
            grid.northDegrees(),
            west,
            grid.rowStepDegrees(),
            grid.columnStepDegrees())
        : Grid.ofRows(grid.latitudes(), grid.columns(), west, grid.columnStepDegrees());
  }

  private static float[] turned(Grid grid, float[] values, int columns) {
    float[] turned = new float[values.length];
    int m = grid.columns();
    for (int cell = 0; cell < values.length; cell++) {
      int row = cell / m;
      turned[cell] = values[row * m + Math.floorMod(cell % m + columns, m)];
    }
    return turned;
  }

  /** Values of order 1, one in so many missing, none when that is 0; a pole has one value. */
  private static float[] noise(Grid grid, long seed, int oneIn) {
    Random random = new Random(seed);
    float[] values = new float[grid.cells()];
    for (int i = 0; i < values.length; i++) {
      float value = (float) random.nextGaussian();
      values[i] = oneIn > 0 && random.nextInt(oneIn) == 0 ? NAN : value;
      if (i % grid.columns() > 0 && Math.abs(grid.latitude(i / grid.columns())) == 90) {
        values[i] = values[i - 1];
      }
    }
    return values;
  }

  private static float[] sampled(Grid grid, DoubleBinaryOperator function) {
    float[] values = new float[grid.cells()];
    for (int i = 0; i < values.length; i++) {
      double latitude = grid.latitude(i / grid.columns());
      values[i] = (float) function.applyAsDouble(latitude, grid.longitude(i % grid.columns()));
    }
    return values;
  }

  private static double mean(Grid grid, float[] values) {
    double sum = 0;
    double area = 0;
    for (int i = 0; i < values.length; i++) {
      double weight = grid.area(i / grid.columns());
      sum += weight * values[i];
      area += weight;
    }
    return sum / area;
  }
}
