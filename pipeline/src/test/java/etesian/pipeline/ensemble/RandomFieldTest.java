package etesian.pipeline.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Grid;
import org.junit.jupiter.api.Test;

class RandomFieldTest {
  private static final Grid GLOBE = new Grid(19, 36, 90, 0, 10, 10);
  private static final int DRAWS = 4000;

  @Test
  void everyCellVariesAsMuchAndWhatTwoHaveInCommonDependsOnTheirAngleAlone() {
    double exponent = 3;
    double length = 1500;
    RandomField noise = new RandomField(GLOBE, exponent, length);
    int pole = cell(0, 0);
    int north = cell(3, 0); // 60 N
    int equator = cell(9, 0);
    int[][] pairs30Degrees = {
      {equator, cell(9, 3)}, {equator, cell(6, 0)}, {pole, north}, {cell(9, 34), cell(9, 1)}
    };
    double[] variances = new double[3];
    double[] products = new double[pairs30Degrees.length];
    double acrossThePole = 0; // 60 N to 60 N at the other side of the pole: 60 degrees
    for (int seed = 0; seed < DRAWS; seed++) {
      float[] field = noise.draw(seed);
      variances[0] += field[pole] * field[pole] / DRAWS;
      variances[1] += field[north] * field[north] / DRAWS;
      variances[2] += field[equator] * field[equator] / DRAWS;
      for (int i = 0; i < products.length; i++) {
        products[i] += field[pairs30Degrees[i][0]] * field[pairs30Degrees[i][1]] / DRAWS;
      }
      acrossThePole += field[north] * field[cell(3, 18)] / DRAWS;
    }
    double sampling = 4 * Math.sqrt(2.0 / DRAWS); // four standard deviations of a variance
    assertThat(variances).usingComparatorWithPrecision(sampling).containsExactly(1, 1, 1);
    double expected = covariance(exponent, length, noise.degrees(), Math.toRadians(30));
    assertThat(expected).isBetween(0.2, 0.5);
    for (double product : products) {
      assertThat(product).isCloseTo(expected, within(sampling));
    }
    assertThat(acrossThePole)
        .isCloseTo(
            covariance(exponent, length, noise.degrees(), Math.toRadians(60)), within(sampling));
  }

  /** By Legendre's polynomials: the addition theorem. */
  private static double covariance(double exponent, double length, int degrees, double angle) {
    double k = 6371 / length;
    double before = 1;
    double now = Math.cos(angle);
    double sum = 0;
    double all = 0;
    for (int l = 0; l <= degrees; l++) {
      double variance = (2 * l + 1) * Math.pow(k * k + l * (l + 1.0), -(exponent + 1) / 2);
      all += variance;
      sum += variance * (l == 0 ? 1 : now);
      if (l > 0) {
        double next = ((2 * l + 1) * Math.cos(angle) * now - l * before) / (l + 1);
        before = now;
        now = next;
      }
    }
    return sum / all;
  }

  @Test
  void aPoleIsOnePoint() {
    float[] field = new RandomField(GLOBE, 3, 500).draw(7);
    for (int column = 1; column < 36; column++) {
      assertThat(field[cell(0, column)]).isCloseTo(field[cell(0, 0)], within(1e-6f));
      assertThat(field[cell(18, column)]).isCloseTo(field[cell(18, 0)], within(1e-6f));
    }
  }

  @Test
  void aRegionIsAPieceOfTheEarthAndDoesNotWrap() {
    Grid region = new Grid(4, 5, 60, 20, 10, 10);
    float[] whole = new RandomField(GLOBE, 3, 800).draw(11);
    float[] piece = new RandomField(region, 3, 800).draw(11);
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 5; column++) {
        assertThat(piece[row * 5 + column])
            .isCloseTo(whole[cell(3 + row, 2 + column)], within(1e-6f));
      }
    }
    assertThat(piece[0]).isNotCloseTo(piece[4], within(0.01f));
  }

  @Test
  void rowsMayBeUneven() {
    Grid uneven = Grid.ofRows(new double[] {80, 60, 30, 0}, 36, 0, 10);
    Grid even = new Grid(10, 36, 90, 0, 10, 10);
    RandomField noise = new RandomField(uneven, 3, 5000);
    RandomField reference = new RandomField(even, 3, 5000);
    assertThat(noise.degrees()).isEqualTo(reference.degrees());
    float[] field = noise.draw(3);
    float[] same = reference.draw(3);
    assertThat(field[5]).isCloseTo(same[36 + 5], within(1e-6f));
    assertThat(field[2 * 36 + 9]).isCloseTo(same[6 * 36 + 9], within(1e-6f));
  }

  @Test
  void aLongerLengthAndASteeperSpectrumNeedFewerDegrees() {
    Grid fine = new Grid(181, 360, 90, 0, 1, 1);
    int usual = new RandomField(fine, 3, 500).degrees();
    assertThat(new RandomField(fine, 3, 2000).degrees()).isLessThan(usual);
    assertThat(new RandomField(fine, 5, 500).degrees()).isLessThan(usual);
    assertThat(new RandomField(fine, 5.0 / 3, 500).degrees()).isGreaterThan(usual);
    assertThat(new RandomField(fine, 1.1, 100).degrees())
        .isBetween(170, 180); // what 1 degree resolves
  }

  /** Forecasts of running jobs rest on it: another sequence would be another ensemble. */
  @Test
  void aSeedGivesTheFieldThatItAlwaysGave() {
    float[] field = new RandomField(GLOBE, 3, 500).draw(42);
    assertThat(new float[] {field[cell(0, 0)], field[cell(9, 0)], field[cell(14, 20)]})
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(1.1283246f, -0.044818677f, 0.7222186f);
    assertThat(new RandomField(GLOBE, 3, 500).draw(42)).isEqualTo(field);
    assertThat(new RandomField(GLOBE, 3, 500).draw(43)).isNotEqualTo(field);
  }

  private static int cell(int row, int column) {
    return row * 36 + column;
  }
}
