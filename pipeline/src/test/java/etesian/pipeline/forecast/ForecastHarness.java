package etesian.pipeline.forecast;

import etesian.ingest.field.Forecast;
import etesian.ingest.wire.ForecastCodec;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.window.FieldWindow;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;

/** A subtask of the forecasts with a mailbox, whose letters are read when a test says so. */
public final class ForecastHarness
    extends KeyedTwoInputStreamOperatorTestHarness<Long, FieldWindow, Champion, Forecast> {

  /** The only subtask; not open yet. */
  public ForecastHarness(ForecastOperator operator) throws Exception {
    this(operator, 1, 1, 0);
  }

  ForecastHarness(ForecastOperator operator, int keyGroups, int parallelism, int index)
      throws Exception {
    super(
        operator,
        window -> window.issueTime().toEpochMilli(),
        null,
        Types.LONG,
        keyGroups,
        parallelism,
        index);
    setup(
        new CodecType<>(Forecast.class, ForecastCodec.INSTANCE)
            .createSerializer(new SerializerConfigImpl()));
    operator.setMailboxExecutor( // as a task does; the harness does not
        new MailboxExecutorImpl(getTaskMailbox(), 0, StreamTaskActionExecutor.IMMEDIATE));
  }

  public void receive(FieldWindow window) throws Exception {
    processElement1(new StreamRecord<>(window, window.issueTime().toEpochMilli()));
  }

  public void announce(Champion champion) throws Exception {
    processElement2(new StreamRecord<>(champion));
  }

  /** Waits for so many letters, each the result of a step or of a look at weights. */
  public void letters(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      getTaskMailbox().take(-1).run();
    }
  }

  /** No more windows come: what can run, runs to its end. */
  public void end() throws Exception {
    processWatermark1(Watermark.MAX_WATERMARK);
    endInput1();
  }

  /** What has come out so far. */
  public List<Forecast> forecasts() {
    return extractOutputValues();
  }

  List<Forecast> forecasts(Instant issueTime) {
    return forecasts().stream().filter(f -> f.issueTime().equals(issueTime)).toList();
  }

  void advanceTime(Instant windows) throws Exception {
    processWatermark1(new Watermark(windows.toEpochMilli()));
  }

  /** The newest that came out, ms since 1970. */
  long watermark() {
    return getOutput().stream()
        .filter(Watermark.class::isInstance)
        .mapToLong(mark -> ((Watermark) mark).getTimestamp())
        .max()
        .orElse(Long.MIN_VALUE);
  }
}
