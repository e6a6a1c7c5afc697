package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ops.bench.TuningReport.Figures;
import etesian.ops.bench.TuningReport.Quantiles;
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

  private static Figures figures(double millis) {
    Quantiles same = new Quantiles(millis, millis, millis);
    return new Figures(200, same, same, same, same, 0.5, 0.9);
  }
}
