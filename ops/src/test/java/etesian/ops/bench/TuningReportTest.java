package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ops.bench.TuningReport.Figures;
import etesian.ops.bench.TuningReport.Quantiles;
import etesian.ops.bench.TuningReport.Sample;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TuningReportTest {
  @Test
  void quantilesAreValuesThatWereSeen() {
    double[] oneToHundred = IntStream.rangeClosed(1, 100).mapToDouble(i -> 101 - i).toArray();
    assertThat(Quantiles.of(oneToHundred)).isEqualTo(new Quantiles(50, 95, 99));
    assertThat(Quantiles.of(new double[] {7})).isEqualTo(new Quantiles(7, 7, 7));
  }

  @Test
  void ratiosSayHowManyTimesAsLong() {
    TuningReport report = new TuningReport(4, 50, 2, figures(10), figures(30), figures(11));
    assertThat(report.sameProcessRatios().complete()).isEqualTo(new Quantiles(3, 3, 3));
    assertThat(report.ownProcessRatios().step()).isEqualTo(new Quantiles(1.1, 1.1, 1.1));
  }

  @Test
  void runsOfOneSetUpAreReadTogether() {
    Quantiles steps = new Quantiles(10, 20, 30);
    Sample slow = new Sample(new double[] {9, 8, 7}, new double[3], new double[3], steps, 0.2, 0.8);
    Sample fast = new Sample(new double[] {1, 2}, new double[2], new double[2], steps, 0.4, 0.6);
    Figures both = Figures.of(List.of(slow, fast));
    assertThat(both.windows()).isEqualTo(5);
    assertThat(both.first()).isEqualTo(new Quantiles(7, 9, 9));
    assertThat(both.step()).isEqualTo(steps);
    assertThat(both.servingCores()).isCloseTo(0.3, within(1e-12));
    assertThat(both.lessonCores()).isCloseTo(0.7, within(1e-12));
  }

  private static Figures figures(double millis) {
    Quantiles same = new Quantiles(millis, millis, millis);
    return new Figures(200, same, same, same, same, 0.5, 0.9);
  }
}
