package etesian.pipeline.window;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;

import etesian.ingest.field.Field;
import etesian.ingest.wire.FieldCodec;
import etesian.pipeline.Samples;
import etesian.pipeline.metrics.CountedTask;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Windows are assembled: what came, and what was issued of it. */
abstract class AssembleFixture {
  StreamSettings stream = Samples.stream(2, 4); // keeps late fields for 4 steps
  CountedTask task;
  KeyedOneInputStreamOperatorTestHarness<String, Field, FieldWindow> harness;

  @BeforeEach
  void start() throws Exception {
    task = new CountedTask();
    harness = harness(stream);
    harness.open();
  }

  KeyedOneInputStreamOperatorTestHarness<String, Field, FieldWindow> harness(StreamSettings stream)
      throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new AssembleWindows(stream)),
        field -> "t2m",
        Types.STRING,
        new MockEnvironmentBuilder().setMetricGroup(task).build());
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  void receiveHours(int... hours) throws Exception {
    for (int hour : hours) {
      receive(t2m(hour(hour), hour));
    }
  }

  void restart() throws Exception {
    var snapshot = harness.snapshot(1, 1);
    harness.close();
    harness = harness(stream);
    harness.initializeState(snapshot);
    harness.open();
  }

  long fieldsKept() throws Exception {
    return entries(
        new MapStateDescriptor<>(
            "fields-of-variables",
            Types.TUPLE(Types.LONG, Types.STRING),
            new CodecType<>(Field.class, FieldCodec.INSTANCE)));
  }

  <K, T> long entries(MapStateDescriptor<K, T> descriptor) throws Exception {
    MapState<K, T> map =
        harness
            .getOperator()
            .getKeyedStateBackend()
            .getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
    return StreamSupport.stream(map.keys().spliterator(), false).count();
  }

  void receive(Field field) throws Exception {
    harness.processElement(field, field.frame().validAt().toEpochMilli());
  }

  void watermark(Instant time) throws Exception {
    harness.processWatermark(time.toEpochMilli());
  }

  List<FieldWindow> windows() {
    return harness.extractOutputValues();
  }

  /** The windows as text: hour of the issue time, revision, members that are held. */
  List<String> issued() {
    return windows().stream()
        .map(
            window ->
                Duration.between(hour(0), window.issueTime()).toHours()
                    + " r"
                    + window.revision()
                    + (window.held() == 0 ? "" : " held " + window.held()))
        .toList();
  }
}
