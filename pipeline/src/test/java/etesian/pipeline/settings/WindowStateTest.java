package etesian.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowStateTest {
  private static final int DEFAULT_MEBIBYTES = 384;
  private static final Grid ONE_DEGREE = new Grid(181, 360, 90, 0, 1, 1);
  private static final Grid QUARTER_DEGREE = new Grid(721, 1440, 90, 0, 0.25, 0.25);

  /** By hand: 6 cells * 4 B * (2 of history + 4 of retention + 3 held). */
  @Test
  void eachFieldIsCountedOnce() {
    StreamSettings stream = stream(new Grid(2, 3, 50, 0, 10, 10), "PT6H", 2, 4);
    assertThat(WindowState.bytes(stream)).isEqualTo(6 * 4 * 6);
    assertThat(WindowState.bytes(stream.withGaps(new GapPolicy.Hold(3)).withRetention(4)))
        .isEqualTo(6 * 4 * 9);
    assertThat(WindowState.bytes(stream.withVariables(variables(5)))).isEqualTo(5 * 6 * 4 * 6);
  }

  /** A window is longer by what they begin from: 6 cells * 4 B * (2 + 3 + 4). */
  @Test
  void laggedMembersAreCounted() {
    StreamSettings stream =
        stream(new Grid(2, 3, 50, 0, 10, 10), "PT6H", 2, 4)
            .withEnsemble(new EnsembleSettings(4, 0.1, 3, 500, true, 3, List.of(), false, 0));
    assertThat(WindowState.bytes(stream)).isEqualTo(6 * 4 * 9);
    assertThat(WindowState.problem(List.of(stream), 0).get())
        .contains("(history 2 + lagged 3 + retention 4 + 0 held)");
  }

  /** 208 weeks at 1 degree for a year ahead; two frames of 6 variables at 0.25 degrees. */
  @Test
  void aLongHistoryOfTheSeaAndSixVariablesOfTheAtmosphereFitTheDefault() {
    List<StreamSettings> streams = new ArrayList<>();
    streams.add(stream(ONE_DEGREE, "P7D", 208, 52));
    streams.add(stream(QUARTER_DEGREE, "PT6H", 2, 8).withVariables(variables(6)));
    assertThat(WindowState.problem(streams, DEFAULT_MEBIBYTES)).isEmpty();
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheArithmetic() {
    StreamSettings stream = stream(QUARTER_DEGREE, "PT6H", 2, 120);
    assertThat(WindowState.problem(List.of(stream, stream(null, "PT6H", 2, 9)), DEFAULT_MEBIBYTES))
        .contains(
            "windows would hold 483.2 MiB of fields, the budget is 384 MiB: s: 1038240 cells * 4 B"
                + " * (history 2 + retention 120 + 0 held) = 483.2 MiB; take a shorter retention,"
                + " or raise window_state_mebibytes when the heap can hold it");
    assertThat(
            WindowState.problem(List.of(stream.withVariables(variables(2))), DEFAULT_MEBIBYTES)
                .get())
        .contains("966.4 MiB")
        .contains("1038240 cells * 4 B * 2 variables * (history 2");
  }

  private static List<StreamVariable> variables(int count) {
    return IntStream.range(0, count).mapToObj(i -> new StreamVariable("v" + i, "K")).toList();
  }

  private static StreamSettings stream(Grid grid, String step, int history, int horizon) {
    return new StreamSettings(
        "s",
        "d",
        "v",
        "K",
        grid,
        TimeStep.parse(step),
        history,
        horizon,
        1,
        Instant.EPOCH,
        StreamSettings.FROM_THE_FIRST,
        Duration.ZERO,
        "m2no",
        List.of(1));
  }
}
