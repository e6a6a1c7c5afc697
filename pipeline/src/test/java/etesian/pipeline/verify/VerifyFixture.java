package etesian.pipeline.verify;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Variable;
import etesian.ingest.wire.FieldCodec;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A stream of two leads that is verified, with what came and what was said of it. */
abstract class VerifyFixture {
  /** Two leads of 6 hours; what is up to 4 steps old still counts. */
  static final StreamSettings STREAM = VerifyStreams.stream("PT6H", "2020-01-01T00:00:00Z", 1, 2);

  private static final TypeInformation<Tuple2<Long, Integer>> STEP =
      Types.TUPLE(Types.LONG, Types.INT);

  static final MapStateDescriptor<?, ?> STEPS =
      new MapStateDescriptor<>(
          "steps", STEP, new CodecType<>(PendingStep.class, new PendingStep.PendingStepCodec()));

  static final MapStateDescriptor<?, ?> MATCHES =
      new MapStateDescriptor<>(
          "matches", STEP, new CodecType<>(Match.class, new Match.MatchCodec()));

  static final MapStateDescriptor<?, ?> OBSERVATIONS =
      new MapStateDescriptor<>(
          "observations", Types.LONG, new CodecType<>(Field.class, FieldCodec.INSTANCE));

  StreamSettings stream = STREAM;
  KeyedTwoInputStreamOperatorTestHarness<String, Forecast, Field, Score> harness;

  @BeforeEach
  void start() throws Exception {
    harness = harness();
    harness.open();
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  /** An observation and a forecast each step. */
  void runSteps(int from, int to) throws Exception {
    for (int step = from; step < to; step++) {
      receive(t2m(hour(6 * step), 280 + step % 3));
      receive(forecast(hour(6 * step), 281, 282));
      watermark(hour(6 * step));
    }
  }

  static Forecast forecast(Instant issueTime, float... values) {
    return reissued(0, issueTime, values);
  }

  static Forecast reissued(int revision, Instant issueTime, float... values) {
    return of(Samples.T2M, "abc", revision, issueTime, values);
  }

  static Forecast of(
      Variable variable, String weights, int revision, Instant issueTime, float... values) {
    List<Forecast.Step> steps = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      float[] cells = new float[Samples.GRID.cells()];
      Arrays.fill(cells, values[i]);
      steps.add(new Forecast.Step(i + 1, issueTime.plusSeconds(21600L * (i + 1)), cells));
    }
    return new Forecast(
        "t2m",
        variable,
        Samples.GRID,
        issueTime,
        revision,
        steps,
        "m2no",
        weights,
        List.of(Samples.ORIGIN));
  }

  void restart() throws Exception {
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    stop();
    harness = harness();
    harness.initializeState(snapshot);
    harness.open();
  }

  private KeyedTwoInputStreamOperatorTestHarness<String, Forecast, Field, Score> harness()
      throws Exception {
    return new KeyedTwoInputStreamOperatorTestHarness<>(
        new KeyedCoProcessOperator<>(new VerifyForecasts(stream)),
        forecast -> forecast.variable().name(),
        field -> field.frame().variable().name(),
        Types.STRING);
  }

  void receive(Forecast forecast) throws Exception {
    harness.processElement1(forecast, forecast.issueTime().toEpochMilli());
  }

  void receive(Field field) throws Exception {
    harness.processElement2(field, field.frame().validAt().toEpochMilli());
  }

  void watermark(Instant time) throws Exception {
    harness.processBothWatermarks(new Watermark(time.toEpochMilli()));
  }

  List<Score> scores() {
    return harness.extractOutputValues();
  }

  /** Lead, hour of issue, revision of the forecast, of the score, and how many pairs. */
  List<String> texts() {
    return scores().stream()
        .map(
            score ->
                "%d@%d r%d s%d n%d"
                    .formatted(
                        score.lead(),
                        Duration.between(hour(0), score.issueTime()).toHours(),
                        score.revision(),
                        score.scoreRevision(),
                        score.n()))
        .toList();
  }

  Score last(int lead) {
    return last(scores(), lead);
  }

  static Score last(List<Score> scores, int lead) {
    return scores.stream().filter(score -> score.lead() == lead).reduce((a, b) -> b).orElseThrow();
  }

  /** State of the operator, of the key that came last. */
  <S extends State> S state(StateDescriptor<S, ?> descriptor) throws Exception {
    return operator()
        .getKeyedStateBackend()
        .getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
  }

  AbstractStreamOperator<?> operator() {
    return (AbstractStreamOperator<?>) harness.getOperator();
  }

  <K, V> long entries(MapStateDescriptor<K, V> descriptor) throws Exception {
    return StreamSupport.stream(state(descriptor).keys().spliterator(), false).count();
  }
}
