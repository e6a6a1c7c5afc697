package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void numbersStandToTheRightAndWhatIsMissingIsADash() {
    List<Map<String, Object>> rows =
        List.of(
            new TreeMap<>(Map.of("case", "a", "ms", 1234.5)),
            new TreeMap<>(Map.of("case", "long name", "ms", 0.0000123, "n", 7)));
    assertThat(Table.lines(rows))
        .containsExactly(
            "case            ms  n",
            "a             1235  -", //
            "long name  1.2e-05  7");
  }
}
