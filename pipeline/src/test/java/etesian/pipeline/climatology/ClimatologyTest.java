package etesian.pipeline.climatology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClimatologyTest {
  private static final Instant START = Instant.parse("2001-01-01T00:00:00Z");
  private static final Harmonics HARMONICS = new Harmonics(2, 1);
  private static final Climatology.ClimatologyCodec CODEC = new Climatology.ClimatologyCodec();

  @Test
  void learnsTheCyclesOfYearAndDay() {
    Climatology climatology = new Climatology(HARMONICS, 1);
    for (int step = 0; step < 6 * 1461; step++) { // four years, every 4 hours
      climatology.observe(at(step), new float[] {cycles(at(step))});
    }
    for (int step = 6 * 1461; step < 6 * 1826; step += 7) {
      assertThat(climatology.at(at(step))[0]).isCloseTo(cycles(at(step)), within(0.01f));
    }
  }

  @Test
  void equalsTheNormalEquationsOverAllFields() {
    Random random = new Random(1);
    int size = HARMONICS.size();
    Climatology climatology = new Climatology(HARMONICS, 1);
    double[][] a = new double[size][size];
    double[] b = new double[size];
    float first = 288;
    for (int i = 0; i < size; i++) {
      a[i][i] = i == 0 ? 1e-6 : 1;
    }
    b[0] = 1e-6 * first;
    for (int step = 0; step < 300; step++) {
      float value = step == 0 ? first : (float) (288 + 5 * random.nextGaussian());
      climatology.observe(at(step), new float[] {value});
      double[] phi = HARMONICS.at(at(step));
      for (int i = 0; i < size; i++) {
        b[i] += phi[i] * value;
        for (int j = 0; j < size; j++) {
          a[i][j] += phi[i] * phi[j];
        }
      }
    }
    double[] expected = solveByElimination(a, b);
    float[] coefficients = climatology.coefficients();
    for (int i = 0; i < size; i++) {
      assertThat((double) coefficients[i]).isCloseTo(expected[i], within(1e-4));
    }
  }

  @Test
  void theFirstFieldIsTheMeanOfEverythingSoFar() {
    Climatology climatology = new Climatology(HARMONICS, 1);
    climatology.observe(START, new float[] {15});
    assertThat(climatology.at(START.plus(Duration.ofDays(100)))[0]).isEqualTo(15);
    assertThat(climatology.observations()).isEqualTo(1);
  }

  @Test
  void aCellThatWasNeverSeenHasNoClimatology() {
    Climatology climatology = new Climatology(HARMONICS, 2);
    assertThat(climatology.at(START)).containsExactly(Float.NaN, Float.NaN);
    climatology.observe(START, new float[] {15, Float.NaN});
    assertThat(climatology.at(START)).containsExactly(15, Float.NaN);
  }

  @Test
  void aMissingValueChangesNothing() {
    Climatology climatology = new Climatology(HARMONICS, 1);
    for (int step = 0; step < 50; step++) {
      climatology.observe(at(step), new float[] {cycles(at(step))});
    }
    float[] before = climatology.coefficients();
    climatology.observe(at(50), new float[] {Float.NaN});
    assertThat(climatology.coefficients()).containsExactly(before);
  }

  @Test
  void frozenItSaysTheSame() {
    Climatology climatology = new Climatology(HARMONICS, 2);
    for (int step = 0; step < 50; step++) {
      climatology.observe(at(step), new float[] {cycles(at(step)), Float.NaN});
    }
    float[] frozen = new FrozenClimatology(HARMONICS, climatology.coefficients(), 2).at(at(99));
    assertThat(frozen[0]).isCloseTo(climatology.at(at(99))[0], within(1e-4f));
    assertThat(frozen[1]).isNaN();
  }

  @Test
  void goesOnAfterARestartAsIfNothingHadHappened() throws IOException {
    Climatology climatology = new Climatology(HARMONICS, 1);
    for (int step = 0; step < 50; step++) {
      climatology.observe(at(step), new float[] {cycles(at(step))});
    }
    Climatology restored = restored(climatology);
    for (int step = 50; step < 60; step++) {
      climatology.observe(at(step), new float[] {cycles(at(step))});
      restored.observe(at(step), new float[] {cycles(at(step))});
    }
    assertThat(restored.coefficients()).containsExactly(climatology.coefficients());
    assertThat(restored.observations()).isEqualTo(60);
  }

  @Test
  void aCopyLearnsByItself() {
    Climatology climatology = new Climatology(HARMONICS, 1);
    climatology.observe(at(0), new float[] {1});
    Climatology copy = CODEC.copy(climatology);
    copy.observe(at(1), new float[] {100});
    assertThat(climatology.at(at(1))[0]).isEqualTo(1);
  }

  @Test
  void aStateOfANewerVersionIsRefused() {
    DataInputStream newer = new DataInputStream(new ByteArrayInputStream(new byte[] {9}));
    assertThatThrownBy(() -> CODEC.read(newer)).hasMessageContaining("version 9");
  }

  private static Instant at(int step) {
    return START.plus(Duration.ofHours(4L * step));
  }

  private static float cycles(Instant time) {
    double[] phi = HARMONICS.at(time);
    return (float) (288 - 10 * phi[1] + 3 * phi[2] + phi[3] + 4 * phi[5] - 2 * phi[7]);
  }

  private static Climatology restored(Climatology climatology) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CODEC.write(climatology, new DataOutputStream(bytes));
    return CODEC.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  /** Gauss-Jordan: an independent way to the solution. */
  private static double[] solveByElimination(double[][] a, double[] b) {
    for (int pivot = 0; pivot < b.length; pivot++) {
      for (int row = 0; row < b.length; row++) {
        if (row != pivot) {
          double factor = a[row][pivot] / a[pivot][pivot];
          for (int column = 0; column < b.length; column++) {
            a[row][column] -= factor * a[pivot][column];
          }
          b[row] -= factor * b[pivot];
        }
      }
    }
    double[] x = new double[b.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = b[i] / a[i][i];
    }
    return x;
  }
}
