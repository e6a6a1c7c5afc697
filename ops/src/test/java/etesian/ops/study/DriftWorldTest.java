package etesian.ops.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Field;
import etesian.ops.study.DriftWorld.Course;
import etesian.ops.study.DriftWorld.Law;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftWorldTest {
  private static final int DAYS = 4000;

  @Test
  void theMemoryIsThatOfItsLaw() {
    for (Law law : new Law[] {Law.BEFORE, Law.AFTER}) {
      List<Field> fields = DriftWorld.series(1, DAYS, course(law, 0));
      List<Field> shifted = DriftWorld.series(2, DAYS, course(law, 0));
      // Two worlds share their seasons; the difference of both is anomalies alone, of twice the
      // variance. The mean over a row takes away what travels.
      double product = 0;
      double square = 0;
      for (int day = 200; day < DAYS - 1; day++) {
        double now = rowMean(fields.get(day)) - rowMean(shifted.get(day));
        product += now * (rowMean(fields.get(day + 1)) - rowMean(shifted.get(day + 1)));
        square += now * now;
      }
      assertThat(product / square).isCloseTo(law.kept(), within(0.02));
    }
  }

  @Test
  void beforeTheChangeAnomaliesDeviateByAKelvin() {
    List<Field> one = DriftWorld.series(1, DAYS, course(Law.BEFORE, 0));
    List<Field> other = DriftWorld.series(2, DAYS, course(Law.BEFORE, 0));
    double square = 0;
    int cells = DriftWorld.GRID.cells();
    for (int day = 0; day < DAYS; day++) {
      float[] a = one.get(day).toArray();
      float[] b = other.get(day).toArray();
      for (int cell = 0; cell < cells; cell++) {
        square += (a[cell] - b[cell]) * (a[cell] - b[cell]) / 2.0;
      }
    }
    // rows on both edges carry half the weight in the integral across that amplitudes are made for
    assertThat(Math.sqrt(square / DAYS / cells)).isCloseTo(1, within(0.08));
  }

  @Test
  void theDriftIsAddedToTheSameWeather() {
    List<Field> still = DriftWorld.series(3, 10, course(Law.BEFORE, 0));
    List<Field> drifted = DriftWorld.series(3, 10, course(Law.BEFORE, 0.5));
    for (int day = 0; day < 10; day++) {
      assertThat(drifted.get(day).value(2, 3) - still.get(day).value(2, 3))
          .isCloseTo(0.5f, within(1e-4f));
    }
  }

  @Test
  void aSeedIsAWorld() {
    assertThat(DriftWorld.series(4, 3, course(Law.AFTER, 0)))
        .isEqualTo(DriftWorld.series(4, 3, course(Law.AFTER, 0)))
        .isNotEqualTo(DriftWorld.series(5, 3, course(Law.AFTER, 0)));
  }

  private static Course course(Law law, double drift) {
    return new Course() {
      @Override
      public Law law(int day) {
        return law;
      }

      @Override
      public double drift(int day) {
        return drift;
      }
    };
  }

  private static double rowMean(Field field) {
    double sum = 0;
    for (int column = 0; column < DriftWorld.GRID.columns(); column++) {
      sum += field.value(4, column);
    }
    return sum / DriftWorld.GRID.columns();
  }
}
