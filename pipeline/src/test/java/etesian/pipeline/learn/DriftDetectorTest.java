package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.learn.DriftDetector.Drift;
import etesian.pipeline.learn.DriftDetector.DriftDetectorCodec;
import etesian.pipeline.learn.DriftDetector.Rule;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriftDetectorTest {
  private static final int SERIES = 200;
  private static final int VALUES = 1000;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.8, 0.95})
  void falseAlarmsAreRareAlsoWhenTheSeriesIsPersistent(double persistence) {
    int alarms = 0;
    for (int seed = 0; seed < SERIES; seed++) {
      alarms += count(new Random(seed), persistence, false);
    }
    assertThat(alarms).as("in %d values", SERIES * VALUES).isLessThan(SERIES * VALUES / 2000);
  }

  /** Square errors have a long tail to one side. */
  @Test
  void falseAlarmsOfSquareErrorsAreRareAfterTheirLogarithm() {
    int alarms = 0;
    for (int seed = 0; seed < SERIES; seed++) {
      alarms += count(new Random(seed), 0.5, true);
    }
    assertThat(alarms).isLessThan(SERIES * VALUES / 1000);
  }

  @Test
  void aShiftOfTwoDeviationsIsFoundWithinFiftyValues() {
    assertThat(shiftsFound(OptionalDouble.empty())).isGreaterThanOrEqualTo(90);
  }

  /** One broken field long ago; the shift after it is found as if there had been none. */
  @Test
  void anOutlierIsNoDriftAndDoesNotBlindForOne() {
    assertThat(shiftsFound(OptionalDouble.of(1e4))).isGreaterThanOrEqualTo(80);
  }

  /** Of 100 series of white noise that shift by two deviations after 200 values. */
  private static int shiftsFound(OptionalDouble outlier) {
    int found = 0;
    for (int seed = 0; seed < 100; seed++) {
      DriftDetector detector = new DriftDetector(Rule.DEFAULT);
      Random random = new Random(seed);
      boolean early = false;
      for (int i = 0; i < 200; i++) {
        boolean broken = i == 100 && outlier.isPresent();
        double value = broken ? outlier.getAsDouble() : random.nextGaussian();
        early |= detector.add(value) != Drift.NONE;
      }
      boolean up = false;
      for (int i = 0; i < 50 && !up; i++) {
        up = detector.add(2 + random.nextGaussian()) == Drift.UP;
      }
      found += up && !early ? 1 : 0;
    }
    return found;
  }

  /** A climate that warms within three months, of fields whose mean fades in six days. */
  @Test
  void aSlowDriftOfAPersistentSeriesIsFoundWithinAYear() {
    int found = 0;
    for (int seed = 0; seed < 100; seed++) {
      DriftDetector detector = new DriftDetector(Rule.DEFAULT);
      Random random = new Random(seed);
      double phi = Math.exp(-1 / 6.0);
      double x = random.nextGaussian();
      boolean early = false;
      boolean up = false;
      for (int day = 0; day < 1095 && !up; day++) {
        x = phi * x + Math.sqrt(1 - phi * phi) * random.nextGaussian();
        double drift = 2 * Math.max(0, Math.min(1, (day - 730) / 90.0));
        Drift noticed = detector.add(x + drift);
        early |= day < 730 && noticed != Drift.NONE;
        up = day >= 730 && noticed == Drift.UP;
      }
      found += up && !early ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(90);
  }

  @Test
  void aFallIsADriftDownAndEverythingBeginsAnew() {
    DriftDetector detector = new DriftDetector(Rule.DEFAULT);
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      assertThat(detector.add(10 + 0.1 * random.nextGaussian())).isEqualTo(Drift.NONE);
    }
    Drift drift = Drift.NONE;
    int after = 0;
    while (drift == Drift.NONE && after++ < 50) {
      drift = detector.add(9 + 0.1 * random.nextGaussian());
    }
    assertThat(drift).isEqualTo(Drift.DOWN);
    assertThat(detector.evidence())
        .containsEntry("drift_threshold", Rule.DEFAULT.threshold())
        .hasEntrySatisfying("drift_statistic", sum -> assertThat(sum).isBetween(20.0, 24.0));
    for (int i = 0; i < 100; i++) {
      assertThat(detector.add(9 + 0.1 * random.nextGaussian())).isEqualTo(Drift.NONE);
    }
  }

  @Test
  void aConstantSeriesAndValuesThatAreNoneSayNothing() {
    DriftDetector detector = new DriftDetector(Rule.DEFAULT);
    for (int i = 0; i < 500; i++) {
      assertThat(detector.add(7)).isEqualTo(Drift.NONE);
      assertThat(detector.add(Double.NaN)).isEqualTo(Drift.NONE);
    }
  }

  @Test
  void whatIsStoredGoesOnAsIfNothingHadHappened() throws IOException {
    DriftDetector detector = new DriftDetector(Rule.DEFAULT);
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      detector.add(random.nextGaussian());
    }
    DriftDetectorCodec codec = new DriftDetectorCodec();
    DriftDetector restored = RoundTrip.of(codec, detector);
    DriftDetector copied = codec.copy(detector);
    for (int i = 0; i < 100; i++) {
      double x = 1 + random.nextGaussian();
      Drift drift = detector.add(x);
      assertThat(restored.add(x)).isEqualTo(drift);
      assertThat(copied.add(x)).isEqualTo(drift);
    }
  }

  private static int count(Random random, double persistence, boolean logarithmOfSquare) {
    DriftDetector detector = new DriftDetector(Rule.DEFAULT);
    double x = random.nextGaussian();
    int alarms = 0;
    for (int i = 0; i < VALUES; i++) {
      x = persistence * x + Math.sqrt(1 - persistence * persistence) * random.nextGaussian();
      alarms += detector.add(logarithmOfSquare ? Math.log(x * x + 1) : x) != Drift.NONE ? 1 : 0;
    }
    return alarms;
  }
}
