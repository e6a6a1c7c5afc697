package etesian.operators.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.operators.examples.LongSequences.Row;
import etesian.operators.examples.LongSequences.World;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LongSequencesTest {
  @Test
  void leaksFlatterAndNobodyBeatsTheWorldItself() {
    List<Double> told = new ArrayList<>();
    List<Row> rows = LongSequences.run(LongSequences.simulated(1), 8, told::add);
    assertThat(told).startsWith(0.0).endsWith(1.0);
    assertThat(rmse(rows, "paper", "S-MNN"))
        .isLessThan(rmse(rows, "paper, nothing given", "S-MNN"));
    double best = rmse(rows, "honest", "the world's law and state");
    assertThat(rows).allSatisfy(row -> assertThat(row.rmse()).isGreaterThanOrEqualTo(best));
    assertThat(rmse(rows, "honest", "S-MNN")).isLessThan(rmse(rows, "honest", "climatology"));
    assertThat(rmse(rows, "honest", "damped anomaly"))
        .isLessThan(rmse(rows, "honest", "anomaly persistence"));
  }

  @Test
  void aSeriesThatIsTooShortIsRefused() {
    assertThatThrownBy(
            () -> new World("short", new float[3 * LongSequences.SPAN][1], new double[1], 12, null))
        .hasMessageContaining("short has 624 times");
  }

  private static double rmse(List<Row> rows, String protocol, String forecast) {
    return rows.stream()
        .filter(row -> row.protocol().equals(protocol) && row.forecast().equals(forecast))
        .findAny()
        .orElseThrow()
        .rmse();
  }
}
