package etesian.ops.study;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * A belt of sea, daily, whose equations are known and change when they are told to:
 *
 * <pre>
 *   x(t) = seasons(t) + drift(t) + a(t)                                          [K]
 *   a_kl(t+1) = exp(-1 / memory - i k speed) a_kl(t) + s_kl w,    w standard normal
 * </pre>
 *
 * with a_kl the waves of the anomalies, k around the belt and l across it: they fade, travel east
 * and are stirred by a weather that is the same whatever the memory. Amplitudes are such that the
 * mean variance of the anomalies of {@link Law#BEFORE} is 1 K^2.
 */
final class DriftWorld {
  static final Grid GRID = new Grid(12, 24, 62, 0, 4, 15);
  static final Variable SST = new Variable("sst", "K", "Sea surface temperature", "");
  private static final Origin NOWHERE = new Origin("0".repeat(64), "simulated");
  private static final Instant START = Instant.parse("1990-01-01T00:00:00Z");
  private static final double YEAR_DAYS = 365.2425;
  private static final int AROUND = 5; // largest k
  private static final int ACROSS = 3; // largest l
  private static final double EAST = StrictMath.toRadians(2); // a day
  private static final double[][] AMPLITUDES = amplitudes();
  private static final double[][] COS = waves(AROUND, GRID.columns(), StrictMath::cos, step());
  private static final double[][] SIN = waves(AROUND, GRID.columns(), StrictMath::sin, step());
  private static final double[][] COS_ACROSS =
      waves(ACROSS, GRID.rows(), StrictMath::cos, StrictMath.PI / (GRID.rows() - 1));

  private final Random random;
  private final double[][] re = new double[AROUND + 1][ACROSS + 1];
  private final double[][] im = new double[AROUND + 1][ACROSS + 1];

  /**
   * How anomalies behave.
   *
   * @param memoryDays in which they fade to 1/e
   */
  record Law(double memoryDays) {
    static final Law BEFORE = new Law(6);
    static final Law AFTER = new Law(18);

    double kept() {
      return StrictMath.exp(-1 / memoryDays);
    }
  }

  /** What a day is like. */
  interface Course {
    Law law(int day);

    /** Of the mean [K]. */
    double drift(int day);
  }

  private DriftWorld(long seed) {
    random = new Random(seed);
  }

  /** So many days; with another course the same weather of the same seed. */
  static List<Field> series(long seed, int days, Course course) {
    DriftWorld world = new DriftWorld(seed);
    for (int day = 0; day < 10 * Law.BEFORE.memoryDays(); day++) {
      world.advance(Law.BEFORE);
    }
    List<Field> fields = new ArrayList<>();
    for (int day = 0; day < days; day++) {
      Instant time = START.plus(Duration.ofDays(day));
      float[] values = world.values(time, course.drift(day));
      fields.add(Field.taking(new Frame(SST, GRID, time), 1, NOWHERE, values));
      world.advance(course.law(day));
    }
    return fields;
  }

  private void advance(Law law) {
    double stirred = StrictMath.sqrt(1 - Law.BEFORE.kept() * Law.BEFORE.kept());
    for (int k = 0; k <= AROUND; k++) {
      double cos = law.kept() * StrictMath.cos(k * EAST);
      double sin = -law.kept() * StrictMath.sin(k * EAST);
      for (int l = 0; l <= ACROSS; l++) {
        double turned = cos * re[k][l] - sin * im[k][l] + stirred * random.nextGaussian();
        im[k][l] = sin * re[k][l] + cos * im[k][l] + stirred * random.nextGaussian();
        re[k][l] = turned;
      }
    }
  }

  private float[] values(Instant time, double drift) {
    double year = (time.getEpochSecond() / 86400.0 % YEAR_DAYS) / YEAR_DAYS;
    double season = -StrictMath.cos(2 * StrictMath.PI * (year - 0.1));
    float[] values = new float[GRID.cells()];
    for (int cell = 0; cell < values.length; cell++) {
      int row = cell / GRID.columns();
      int column = cell % GRID.columns();
      double anomaly = 0;
      for (int k = 0; k <= AROUND; k++) {
        for (int l = 0; l <= ACROSS; l++) {
          double wave = re[k][l] * COS[k][column] - im[k][l] * SIN[k][column];
          anomaly += AMPLITUDES[k][l] * COS_ACROSS[l][row] * wave;
        }
      }
      double south = (double) row / (GRID.rows() - 1);
      values[cell] = (float) (283 + 12 * south + (3 + 2 * south) * season + drift + anomaly);
    }
    return values;
  }

  private static double step() {
    return StrictMath.toRadians(GRID.columnStepDegrees());
  }

  /** Falling with the wave number; of a mean variance of 1 over the belt. */
  private static double[][] amplitudes() {
    double[][] amplitudes = new double[AROUND + 1][ACROSS + 1];
    double variance = 0;
    for (int k = 0; k <= AROUND; k++) {
      for (int l = 0; l <= ACROSS; l++) {
        amplitudes[k][l] = 1 / StrictMath.sqrt(1.0 + k * k + l * l);
        variance += amplitudes[k][l] * amplitudes[k][l] * (l == 0 ? 1 : 0.5);
      }
    }
    for (double[] row : amplitudes) {
      for (int l = 0; l <= ACROSS; l++) {
        row[l] /= StrictMath.sqrt(variance);
      }
    }
    return amplitudes;
  }

  private static double[][] waves(int largest, int points, DoubleUnaryOperator of, double turn) {
    double[][] waves = new double[largest + 1][points];
    for (int k = 0; k <= largest; k++) {
      for (int i = 0; i < points; i++) {
        waves[k][i] = of.applyAsDouble(k * turn * i);
      }
    }
    return waves;
  }
}
