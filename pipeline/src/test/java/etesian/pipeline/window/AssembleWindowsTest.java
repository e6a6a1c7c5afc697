package etesian.pipeline.window;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.pipeline.Samples;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssembleWindowsTest {
  private KeyedOneInputStreamOperatorTestHarness<String, Field, FieldWindow> harness;

  @BeforeEach
  void start() throws Exception {
    harness = harness();
    harness.open();
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, Field, FieldWindow> harness()
      throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new AssembleWindows(Samples.stream(2, 4))),
        field -> "t2m",
        Types.STRING);
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  @Test
  void fieldsThatArriveOutOfOrderFormOneWindowInOrder() throws Exception {
    receive(t2m(hour(6), 2));
    assertThat(windows()).isEmpty();
    receive(t2m(hour(0), 1));
    assertThat(windows())
        .containsExactly(new FieldWindow("t2m", List.of(t2m(hour(0), 1), t2m(hour(6), 2))));
  }

  @Test
  void aGapGivesNoWindow() throws Exception {
    receive(t2m(hour(0), 1));
    receive(t2m(hour(12), 3));
    watermark(hour(12));
    assertThat(windows()).isEmpty();
  }

  @Test
  void aFieldThatComesTwiceGivesOneWindow() throws Exception {
    receive(t2m(hour(0), 1));
    receive(t2m(hour(6), 2));
    receive(t2m(hour(6), 2));
    assertThat(windows()).hasSize(1);
  }

  @Test
  void aFinalValueReplacesAProvisionalOneInTheWindowsToCome() throws Exception {
    receive(t2m(hour(6), 2, 0));
    receive(t2m(hour(6), 9, 1));
    receive(t2m(hour(0), 1));
    assertThat(windows().get(0).newest()).isEqualTo(t2m(hour(6), 9, 1));
  }

  @Test
  void stateIsLetGoWhenNoWindowNeedsIt() throws Exception {
    for (int step = 0; step < 100; step++) {
      receive(t2m(hour(6 * step), step));
      watermark(hour(6 * step));
    }
    assertThat(windows()).hasSize(99);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(2); // a map and a time, of one stream
    receive(t2m(hour(6), 1)); // long gone: late, and no window comes of it
    receive(t2m(hour(12), 1));
    assertThat(windows()).hasSize(99);
  }

  @Test
  void halfAWindowSurvivesARestart() throws Exception {
    receive(t2m(hour(0), 1));
    var snapshot = harness.snapshot(1, 1);
    harness.close();
    harness = harness();
    harness.initializeState(snapshot);
    harness.open();
    receive(t2m(hour(6), 2));
    assertThat(windows()).hasSize(1);
  }

  @Test
  void whatWasLateBeforeARestartIsLateAfterIt() throws Exception {
    receive(t2m(hour(0), 1));
    receive(t2m(hour(6), 2));
    receive(t2m(hour(12), 3));
    watermark(hour(6));
    var snapshot = harness.snapshot(1, 1);
    harness.close();
    harness = harness();
    harness.initializeState(snapshot);
    harness.open();
    receive(t2m(hour(0), 1)); // the same file, published again
    receive(t2m(hour(6), 2));
    assertThat(windows()).isEmpty();
  }

  private void receive(Field field) throws Exception {
    harness.processElement(field, field.frame().validAt().toEpochMilli());
  }

  private void watermark(Instant time) throws Exception {
    harness.processWatermark(time.toEpochMilli());
  }

  private List<FieldWindow> windows() {
    return harness.extractOutputValues();
  }
}
