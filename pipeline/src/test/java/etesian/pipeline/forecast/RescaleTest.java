package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import etesian.pipeline.PlusOne;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.window.FieldWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rollouts whose job is given another parallelism when they are in their middle. */
@Timeout(60)
class RescaleTest {
  private static final int HORIZON = 6;
  private static final int ISSUES = 12;
  private static final int KEY_GROUPS = 128;
  private static final Champion CHAMPION =
      new Champion("t2m", "m2no", "1".repeat(64), Champion.ALWAYS, null);

  /** Value of the first cell, by issue time and lead. */
  private final Map<String, Float> found = new TreeMap<>();

  @Test
  void rolloutsGoOnInTheirMiddleWithMoreAndWithFewerSubtasks() throws Exception {
    OperatorSubtaskState state = OperatorSubtaskState.builder().build();
    try (Subtask alone = new Subtask(state, 1, 1, 0, List.of(CHAMPION))) {
      for (int issue = 0; issue < ISSUES; issue++) {
        alone.harness.receive(new FieldWindow("t2m", List.of(t2m(hour(6 * issue), 100 * issue))));
      }
      alone.harness.letters(2 * ISSUES / Subtask.BATCH);
      state = alone.snapshot();
    }
    assertThat(found).hasSizeBetween(ISSUES, ISSUES * HORIZON - ISSUES);

    List<OperatorSubtaskState> two = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int before = found.size();
      try (Subtask one = new Subtask(state, 1, 2, i, List.of())) {
        one.harness.letters(2);
        two.add(one.snapshot());
      }
      assertThat(found.size()).as("subtask %d has some of them", i).isGreaterThan(before);
    }
    assertThat(found).hasSizeLessThan(ISSUES * HORIZON);

    OperatorSubtaskState both =
        AbstractStreamOperatorTestHarness.repackageState(two.get(0), two.get(1));
    try (Subtask alone = new Subtask(both, 2, 1, 0, List.of())) {
      alone.harness.end();
    }
    assertThat(found).hasSize(ISSUES * HORIZON);
    for (int issue = 0; issue < ISSUES; issue++) {
      for (int lead = 1; lead <= HORIZON; lead++) {
        assertThat(found).containsEntry(name(6 * issue, lead), 100f * issue + lead);
      }
    }
  }

  private static String name(int hour, int lead) {
    return hour(hour) + "+" + lead;
  }

  /** One subtask of the operator; what it has emitted is found when it is closed. */
  private final class Subtask implements AutoCloseable {
    static final int BATCH = 4;

    private final ForecastHarness harness;

    Subtask(
        OperatorSubtaskState state,
        int parallelismBefore,
        int parallelism,
        int index,
        List<Champion> champions)
        throws Exception {
      ForecastOperator operator =
          new ForecastOperator(
              Samples.stream(1, HORIZON),
              new DeviceSettings(ISSUES, BATCH, 1 << 20, 1),
              sha256 -> new PlusOne(),
              champions);
      harness = new ForecastHarness(operator, KEY_GROUPS, parallelism, index);
      harness.initializeState(
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              state, KEY_GROUPS, parallelismBefore, parallelism, index));
      harness.open();
    }

    OperatorSubtaskState snapshot() throws Exception {
      return harness.snapshot(1, 1);
    }

    @Override
    public void close() throws Exception {
      for (Forecast forecast : harness.forecasts()) {
        String name = forecast.issueTime() + "+" + forecast.firstLead();
        assertThat(found.put(name, forecast.steps().get(0).values()[0]))
            .as("%s came once", name)
            .isNull();
      }
      harness.close();
    }
  }
}
