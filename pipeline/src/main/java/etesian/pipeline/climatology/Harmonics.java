package etesian.pipeline.climatology;

import etesian.ingest.field.Check;
import etesian.ingest.field.TimeStep;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Features of a time: 1, the annual harmonics, the diurnal harmonics, and the products of the first
 * annual harmonic with the diurnal ones, as the diurnal cycle changes with the season.
 *
 * <p>The annual phase is the fraction of the Gregorian calendar year that has passed, the diurnal
 * phase that of the UTC day.
 *
 * @param annual number of annual harmonics
 * @param diurnal number of diurnal harmonics
 */
public record Harmonics(int annual, int diurnal) implements Serializable {
  private static final Duration DAY = Duration.ofDays(1);

  public Harmonics {
    Check.that(
        annual >= 0 && diurnal >= 0,
        "the number of harmonics is not negative, got %d annual and %d diurnal",
        annual,
        diurnal);
  }

  /**
   * As many harmonics as a series of this step can tell apart: for months 4 annual ones; for days
   * and weeks 3; below a day 2 with up to 3 diurnal ones.
   */
  public static Harmonics forStep(TimeStep step) {
    if (step instanceof TimeStep.Fixed fixed) {
      long stepsPerDay = DAY.toMillis() / fixed.length().toMillis();
      return stepsPerDay > 1
          ? new Harmonics(2, (int) Math.min(3, stepsPerDay / 2))
          : new Harmonics(3, 0);
    }
    return new Harmonics(4, 0);
  }

  /** Number of features. */
  public int size() {
    return 1 + 2 * annual + 2 * diurnal + (annual > 0 ? 4 * diurnal : 0);
  }

  /** The features at a time, shape (size). */
  public double[] at(Instant time) {
    OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
    double day = utc.toLocalTime().toNanoOfDay() / (double) (LocalTime.MAX.toNanoOfDay() + 1);
    double year = (utc.getDayOfYear() - 1 + day) / utc.toLocalDate().lengthOfYear();

    double[] features = new double[size()];
    features[0] = 1;
    int next = waves(annual, year, 1, features, 1);
    next = waves(diurnal, day, 1, features, next);
    if (annual > 0) {
      next = waves(diurnal, day, features[1], features, next);
      waves(diurnal, day, features[2], features, next);
    }
    return features;
  }

  /** Cosine and sine of each harmonic, times a factor; returns the place after them. */
  private static int waves(int count, double phase, double factor, double[] target, int from) {
    for (int k = 1; k <= count; k++) {
      target[from++] = factor * Math.cos(2 * Math.PI * k * phase);
      target[from++] = factor * Math.sin(2 * Math.PI * k * phase);
    }
    return from;
  }
}
