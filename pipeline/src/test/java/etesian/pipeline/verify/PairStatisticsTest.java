package etesian.pipeline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PairStatisticsTest {
  private static final float NAN = Float.NaN;
  private static final Offset<Double> EXACT = within(1e-12);

  /** Rows at 60 N and 0: a cell of the second counts twice as much as one of the first. */
  private static final double[] WEIGHTS = Cells.weights(new Grid(2, 2, 60, 0, 60, 60));

  private static final float[] OBSERVED = {10, 12, 20, 22};

  @Test
  void errorsByHand() {
    // errors 2, 0 at 60 N (weight 2/3), -1, 3 at the equator (weight 4/3)
    PairStatistics pair = pair(new float[] {12, 12, 19, 25}, ReferenceFields.NONE);
    assertThat(pair.rmse()).isCloseTo(Math.sqrt((4 + 0 + 2 * 1 + 2 * 9) / 6.0), EXACT);
    assertThat(pair.mae()).isCloseTo((2 + 0 + 2 * 1 + 2 * 3) / 6.0, EXACT);
    assertThat(pair.bias()).isCloseTo((2 + 0 - 2 * 1 + 2 * 3) / 6.0, EXACT);
    assertThat(pair.cells()).isEqualTo(4);
  }

  @Test
  void anomalyCorrelationByHand() {
    // anomalies of the observation 1, -1, 2, 0 and of the forecast 1, 1, 1, -2
    float[] climatology = {9, 13, 18, 22};
    PairStatistics pair =
        pair(new float[] {10, 14, 19, 20}, new ReferenceFields(null, climatology, null));
    double covariance = 1 - 1 + 2 * 2 + 0;
    double forecast = 1 + 1 + 2 * 1 + 2 * 4;
    double observed = 1 + 1 + 2 * 4 + 0;
    assertThat(pair.acc()).isCloseTo(covariance / Math.sqrt(forecast * observed), EXACT);
  }

  @Test
  void skillByHand() {
    // model: 1 everywhere; persistence: 2 everywhere; climatology: 3 at the equator only
    PairStatistics pair =
        pair(
            new float[] {11, 13, 21, 23},
            new ReferenceFields(
                new float[] {12, 14, 18, 20}, new float[] {10, 12, 23, 25}, OBSERVED.clone()));
    assertThat(pair.persistence().skill()).isCloseTo(1 - 1 / 4.0, EXACT);
    assertThat(pair.persistence().rmse()).isCloseTo(2, EXACT);
    assertThat(pair.climatology().skill()).isCloseTo(1 - 1 / 6.0, EXACT);
    assertThat(pair.damped().skill()).as("against a perfect reference").isNull();
    assertThat(pair.damped().rmse()).isZero();
  }

  @Test
  void aReferenceThatHasNothingToSayHasNoSkill() {
    PairStatistics pair = pair(new float[] {11, 13, 21, 23}, ReferenceFields.NONE);
    assertThat(pair.persistence().skill()).isNull();
    assertThat(pair.climatology().rmse()).isNull();
    assertThat(pair.acc()).isNull();
  }

  @Test
  void onlyCellsThatAllHaveAreCompared() {
    PairStatistics pair =
        pair(
            new float[] {NAN, 13, 22, 29},
            new ReferenceFields(new float[] {11, NAN, 20, 21}, new float[] {0, 0, 20, NAN}, null));
    assertThat(pair.cells()).isEqualTo(1);
    assertThat(pair.rmse()).isCloseTo(2, EXACT);
  }

  @Test
  void aPairWithoutACommonCellIsEmpty() {
    assertThat(
            PairStatistics.of(
                new float[] {NAN, NAN, 1, 1},
                new float[] {1, 1, NAN, NAN},
                ReferenceFields.NONE,
                WEIGHTS))
        .isEmpty();
  }

  @Test
  void skillComparesOnlyTimesAtWhichTheReferenceSpoke() {
    PairStatistics silent = pair(new float[] {110, 112, 120, 122}, ReferenceFields.NONE);
    PairStatistics spoke =
        pair(
            new float[] {11, 13, 21, 23},
            new ReferenceFields(new float[] {12, 14, 22, 24}, null, null));
    PairSums sums = new PairSums();
    sums.add(silent);
    sums.add(spoke);
    assertThat(sums.total().persistence().skill()).isCloseTo(0.75, EXACT);
    assertThat(sums.total().pairs()).isEqualTo(2);
  }

  @Property(tries = 100)
  void equalsAStraightforwardComputation(
      @ForAll @IntRange(min = 1, max = 7) int rows,
      @ForAll @IntRange(min = 1, max = 7) int columns,
      @ForAll @DoubleRange(min = -60, max = 89) double north,
      @ForAll long seed) {
    Grid grid = new Grid(rows, columns, north, 0, 4, 4);
    Random random = new Random(seed);
    List<float[]> forecasts = new ArrayList<>();
    List<float[]> observations = new ArrayList<>();
    List<float[]> climatologies = new ArrayList<>();
    PairSums sums = new PairSums();
    for (int time = 0; time < 5; time++) {
      float[] f = temperatures(grid, random);
      float[] o = temperatures(grid, random);
      float[] c = temperatures(grid, random);
      sums.add(
          PairStatistics.of(f, o, new ReferenceFields(null, c, null), Cells.weights(grid))
              .orElseThrow());
      forecasts.add(f);
      observations.add(o);
      climatologies.add(c);
    }

    PairStatistics sum = sums.total();
    double mse = 0;
    double mae = 0;
    double bias = 0;
    double climatologyMse = 0;
    double fo = 0;
    double ff = 0;
    double oo = 0;
    double weight = 0;
    for (int time = 0; time < 5; time++) {
      for (int row = 0; row < rows; row++) {
        double w = Math.cos(grid.latitude(row) * Math.PI / 180);
        for (int column = 0; column < columns; column++) {
          int cell = row * columns + column;
          double f = forecasts.get(time)[cell];
          double o = observations.get(time)[cell];
          double c = climatologies.get(time)[cell];
          mse += w * Math.pow(f - o, 2);
          mae += w * Math.abs(f - o);
          bias += w * (f - o);
          climatologyMse += w * Math.pow(c - o, 2);
          fo += w * (f - c) * (o - c);
          ff += w * Math.pow(f - c, 2);
          oo += w * Math.pow(o - c, 2);
          weight += w;
        }
      }
    }
    assertThat(sum.rmse()).isCloseTo(Math.sqrt(mse / weight), within(1e-6));
    assertThat(sum.mae()).isCloseTo(mae / weight, within(1e-6));
    assertThat(sum.bias()).isCloseTo(bias / weight, within(1e-6));
    assertThat(sum.acc()).isCloseTo(fo / Math.sqrt(ff * oo), within(1e-6));
    assertThat(sum.climatology().skill()).isCloseTo(1 - mse / climatologyMse, within(1e-6));
  }

  @Property(tries = 100)
  void theSumDoesNotDependOnOrderAndGrouping(
      @ForAll @IntRange(min = 3, max = 40) int count, @ForAll long seed) {
    Random random = new Random(seed);
    SkillTable.Row row = new SkillTable.Row(1, "m2no", "abc");
    List<PairStatistics> pairs = new ArrayList<>();
    SkillTable inOrder = new SkillTable();
    for (int i = 0; i < count; i++) {
      float[] climatology = {random.nextInt(30), 13, 18, 22};
      pairs.add(
          pair(
              new float[] {random.nextInt(30), random.nextInt(30), 20, 20},
              new ReferenceFields(null, climatology, null)));
      inOrder.add(row, pairs.get(i));
    }
    Collections.shuffle(pairs, random);
    int cut = random.nextInt(count);
    SkillTable first = new SkillTable();
    SkillTable second = new SkillTable();
    pairs.subList(0, cut).forEach(pair -> first.add(row, pair));
    pairs.subList(cut, count).forEach(pair -> second.add(row, pair));
    second.addAll(first);

    PairStatistics expected = inOrder.get(row);
    PairStatistics actual = second.get(row);
    assertThat(actual.pairs()).isEqualTo(count);
    assertThat(actual.cells()).isEqualTo(expected.cells());
    assertThat(actual.rmse()).isCloseTo(expected.rmse(), EXACT);
    assertThat(actual.bias()).isCloseTo(expected.bias(), EXACT);
    assertThat(actual.acc()).isCloseTo(expected.acc(), EXACT);
    assertThat(actual.climatology().skill())
        .isCloseTo(expected.climatology().skill(), within(1e-9));
  }

  @Property(tries = 50)
  void weightsAverageToOne(
      @ForAll @IntRange(min = 1, max = 180) int rows,
      @ForAll @IntRange(min = 1, max = 3) int columns) {
    Grid grid = new Grid(rows, columns, 90, 0, 180.0 / rows, 1);
    assertThat(Arrays.stream(Cells.weights(grid)).average().orElseThrow()).isCloseTo(1, EXACT);
  }

  /** Edges at 90, 30, 0 and -10 degrees: areas 1/2, 1/2 and sin 10. */
  @Test
  void unevenRowsWeighByTheirArea() {
    double[] weights = Cells.weights(Grid.ofRows(new double[] {55, 5, -5}, 1, 0, 1));
    assertThat(weights[0] / weights[1]).isCloseTo(1, EXACT);
    assertThat(weights[2] / weights[1]).isCloseTo(2 * Math.sin(Math.toRadians(10)), EXACT);
  }

  private static PairStatistics pair(float[] forecast, ReferenceFields references) {
    return PairStatistics.of(forecast, OBSERVED, references, WEIGHTS).orElseThrow();
  }

  private static float[] temperatures(Grid grid, Random random) {
    float[] values = new float[grid.cells()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (288 + 10 * random.nextGaussian());
    }
    return values;
  }
}
