package etesian.pipeline.archive;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.archive.Forecasts.leads;
import static etesian.pipeline.archive.Forecasts.whole;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import etesian.ingest.wire.ForecastEvents;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CollectLeadsTest {
  private KeyedOneInputStreamOperatorTestHarness<String, Forecast, Forecast> harness;

  @BeforeEach
  void open() throws Exception {
    harness = harness();
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, Forecast, Forecast> harness()
      throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, Forecast, Forecast> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new CollectLeads(Map.of("t2m", Forecasts.HORIZON))),
            ForecastEvents::key,
            Types.STRING);
    harness.getExecutionConfig().enableObjectReuse();
    return harness;
  }

  private void receive(Forecast part) throws Exception {
    harness.processElement(part, part.issueTime().toEpochMilli());
  }

  @Test
  void leadsThatComeOneByOneBecomeOneForecast() throws Exception {
    receive(leads(hour(0), 0, 1, 1));
    receive(leads(hour(6), 0, 1, 2));
    receive(leads(hour(0), 0, 2, 2));
    assertThat(harness.extractOutputValues()).isEmpty();
    receive(leads(hour(0), 0, 3, 3));
    receive(leads(hour(6), 0, 3, 3));
    assertThat(harness.extractOutputValues()).containsExactly(whole(hour(0), 0), whole(hour(6), 0));
    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  @Test
  void aForecastInOneMessagePasses() throws Exception {
    receive(whole(hour(0), 0));
    assertThat(harness.extractOutputValues()).containsExactly(whole(hour(0), 0));
    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  @Test
  void aRevisionInTheMiddleDropsWhatThereIs() throws Exception {
    receive(leads(hour(0), 0, 1, 2));
    receive(leads(hour(0), 1, 1, 1));
    receive(leads(hour(0), 0, 3, 3)); // on its way when the rollout was abandoned
    receive(leads(hour(0), 1, 2, 3));
    assertThat(harness.extractOutputValues()).containsExactly(whole(hour(0), 1));
    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  @Test
  void aForecastWhoseBeginningWasNeverSeenIsNotArchived() throws Exception {
    receive(leads(hour(0), 0, 2, 3));
    receive(leads(hour(6), 0, 1, 1));
    receive(leads(hour(6), 0, 3, 3));
    assertThat(harness.extractOutputValues()).isEmpty();
    assertThat(harness.numKeyedStateEntries()).isZero();
  }

  @Test
  void collectingGoesOnAfterARestart() throws Exception {
    receive(leads(hour(0), 0, 1, 2));
    OperatorSubtaskState checkpoint = harness.snapshot(1, 1);
    harness.close();
    harness = harness();
    harness.initializeState(checkpoint);
    harness.open();
    receive(leads(hour(0), 0, 3, 3));
    assertThat(harness.extractOutputValues()).containsExactly(whole(hour(0), 0));
  }
}
