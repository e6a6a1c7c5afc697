package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import etesian.ingest.wire.ForecastCodec;
import etesian.pipeline.PlusOne;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.window.FieldWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
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
        alone.receive(new FieldWindow("t2m", List.of(t2m(hour(6 * issue), 100 * issue))));
      }
      alone.steps(2 * ISSUES / Subtask.BATCH);
      state = alone.snapshot();
    }
    assertThat(found).hasSizeBetween(ISSUES, ISSUES * HORIZON - ISSUES);

    List<OperatorSubtaskState> two = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int before = found.size();
      try (Subtask one = new Subtask(state, 1, 2, i, List.of())) {
        one.steps(2);
        two.add(one.snapshot());
      }
      assertThat(found.size()).as("subtask %d has some of them", i).isGreaterThan(before);
    }
    assertThat(found).hasSizeLessThan(ISSUES * HORIZON);

    OperatorSubtaskState both =
        AbstractStreamOperatorTestHarness.repackageState(two.get(0), two.get(1));
    try (Subtask alone = new Subtask(both, 2, 1, 0, List.of())) {
      alone.runToTheEnd();
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

    private final KeyedTwoInputStreamOperatorTestHarness<Long, FieldWindow, Champion, Forecast>
        harness;

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
      harness =
          new KeyedTwoInputStreamOperatorTestHarness<>(
              operator,
              window -> window.issueTime().toEpochMilli(),
              null,
              Types.LONG,
              KEY_GROUPS,
              parallelism,
              index);
      harness.setup(
          new CodecType<>(Forecast.class, ForecastCodec.INSTANCE)
              .createSerializer(new SerializerConfigImpl()));
      operator.setMailboxExecutor( // as a task does; the harness does not
          new MailboxExecutorImpl(harness.getTaskMailbox(), 0, StreamTaskActionExecutor.IMMEDIATE));
      harness.initializeState(
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              state, KEY_GROUPS, parallelismBefore, parallelism, index));
      harness.open();
    }

    void receive(FieldWindow window) throws Exception {
      harness.processElement1(new StreamRecord<>(window, window.issueTime().toEpochMilli()));
    }

    void steps(int count) throws Exception {
      for (int i = 0; i < count; i++) {
        harness.getTaskMailbox().take(-1).run();
      }
    }

    OperatorSubtaskState snapshot() throws Exception {
      return harness.snapshot(1, 1);
    }

    void runToTheEnd() throws Exception {
      harness.processWatermark1(Watermark.MAX_WATERMARK);
      harness.endInput1();
    }

    @Override
    public void close() throws Exception {
      for (Forecast forecast : harness.extractOutputValues()) {
        String name = forecast.issueTime() + "+" + forecast.firstLead();
        assertThat(found.put(name, forecast.steps().get(0).values()[0]))
            .as("%s came once", name)
            .isNull();
      }
      harness.close();
    }
  }
}
