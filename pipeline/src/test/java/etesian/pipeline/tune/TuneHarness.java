package etesian.pipeline.tune;

import etesian.ingest.field.Field;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.metrics.CountedTask;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** The operator of a stream, with what it said, promoted and counted. */
final class TuneHarness implements AutoCloseable {
  private final CountedTask task = new CountedTask();
  private final TuneOperator operator;
  private final AbstractStreamOperatorTestHarness<ModelEvent> harness;

  /** Since it began, over all that was {@link #drain drained}. */
  final List<ModelEvent> events = new ArrayList<>();

  final List<Champion> promoted = new ArrayList<>();

  /**
   * @param snapshot to go on from; null for none
   */
  TuneHarness(
      StreamSettings stream,
      WeightsStore store,
      List<Champion> championsAtStart,
      OperatorSubtaskState snapshot)
      throws Exception {
    operator = new TuneOperator(stream, store, championsAtStart);
    harness =
        new AbstractStreamOperatorTestHarness<>(
            operator, new MockEnvironmentBuilder().setMetricGroup(task).build());
    operator.setMailboxExecutor( // as a task does; the harness does not
        new MailboxExecutorImpl(harness.getTaskMailbox(), 0, StreamTaskActionExecutor.IMMEDIATE));
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  /** Takes a field, and waits for all that it brings about. */
  void receive(Field field) throws Exception {
    hand(field);
    drain();
  }

  /** Takes a field. */
  void hand(Field field) throws Exception {
    operator.processElement1(new StreamRecord<>(field));
  }

  void announce(Champion champion) throws Exception {
    operator.processElement2(new StreamRecord<>(champion));
  }

  /** Waits for the next result, and takes it. */
  void step() throws Exception {
    harness.getTaskMailbox().take(0).run();
    collect();
  }

  /** Waits for what is running, as at the end of the stream. */
  void drain() throws Exception {
    operator.endInput(1);
    collect();
  }

  private void collect() {
    events.addAll(harness.extractOutputValues());
    harness.getOutput().clear();
    var side = harness.getSideOutput(TuneOperator.CHAMPIONS);
    if (side != null) {
      side.forEach(record -> promoted.add(record.getValue()));
      side.clear();
    }
  }

  void time(long millis) throws Exception {
    harness.setProcessingTime(millis);
    drain();
  }

  OperatorSubtaskState snapshot(long checkpoint) throws Exception {
    return harness.snapshot(checkpoint, checkpoint);
  }

  List<ModelEvent> events(Kind kind) {
    return events.stream().filter(event -> event.event() == kind).toList();
  }

  /** The events without the time of the clock. */
  List<ModelEvent> timeless() {
    return events.stream()
        .map(
            e ->
                new ModelEvent(
                    e.event(),
                    Instant.EPOCH,
                    e.stream(),
                    e.model(),
                    e.weightsSha256(),
                    e.effectiveFrom(),
                    e.parent(),
                    e.issueTime(),
                    e.reason(),
                    e.evidence()))
        .toList();
  }

  long count(Metric metric) {
    return task.number(metric.prometheusName().replaceFirst("etesian_", ""));
  }

  @Override
  public void close() throws Exception {
    harness.close();
  }
}
