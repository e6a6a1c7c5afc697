package etesian.pipeline.tune;

import etesian.ingest.field.Field;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.Learning;
import etesian.pipeline.learn.Learning.Due;
import etesian.pipeline.learn.Learning.Outcome;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.Tutor;
import etesian.pipeline.learn.Tutors;
import etesian.pipeline.learn.Workshop;
import etesian.pipeline.learn.Workshop.Judged;
import etesian.pipeline.metrics.Meters;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink adapter of {@link Learning}, one subtask for a stream. Input 1: its fields; input 2:
 * champions, broadcast. Output: model events; champions on the side. Shadow forecasts and lessons
 * run on the {@link LearningThread}. A checkpoint holds what was decided, as {@link TuningState}: a
 * window that was being judged is judged again, a lesson goes on from the state that the checkpoint
 * names, or begins anew.
 */
final class TuneOperator extends AbstractStreamOperator<ModelEvent>
    implements TwoInputStreamOperator<Field, Champion, ModelEvent>, BoundedMultiInput {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(TuneOperator.class);

  static final OutputTag<Champion> CHAMPIONS =
      new OutputTag<>("champions", new CodecType<>(Champion.class, new Champion.ChampionCodec()));

  /** For a file that cannot be read to come back: as long as forecasts wait for it. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final StreamSettings stream;
  private final WeightsStore store;
  private final List<Champion> championsAtStart;

  private transient MailboxExecutor mailbox;
  private transient ListState<byte[]> state;
  private transient Learning learning;
  private transient WaitingFields waiting;
  private transient Tutor tutor;
  private transient Workshop workshop; // touched on the thread that learns only
  private transient LearningThread thread;
  private transient ScheduledFuture<?> pause; // until a file is asked for again; null for none
  private transient TuningMetrics metrics;

  /**
   * @param stream with settings of tuning
   * @param championsAtStart the champions topic, of any stream, read to its end before the job was
   *     submitted
   */
  TuneOperator(StreamSettings stream, WeightsStore store, List<Champion> championsAtStart) {
    this.stream = stream;
    this.store = store;
    this.championsAtStart =
        championsAtStart.stream()
            .filter(champion -> champion.stream().equals(stream.name()))
            .toList();
  }

  @Override
  public void setMailboxExecutor(MailboxExecutor mailboxExecutor) {
    super.setMailboxExecutor(mailboxExecutor);
    mailbox = mailboxExecutor;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "learning", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    tutor = Tutors.of(stream, stream.tuning(), store);
    TuningState from = TuningState.of(stream);
    if (context.isRestored() && state.get().iterator().hasNext()) {
      Optional<TuningState> stored = TuningState.read(state.get(), stream);
      if (stored.isPresent()) {
        from = stored.get();
        tutor.resume(from.lesson());
      } else {
        LOG.warn(
            "stream {}: what it learned from is of another grid or other variables than the"
                + " settings name now; it is let go, learning begins anew",
            stream.name());
      }
      state.clear();
    }
    learning = from.learning();
    waiting = from.waiting();
  }

  @Override
  public void open() throws Exception {
    super.open();
    metrics =
        new TuningMetrics(Meters.of(getMetricGroup()).with("stream", stream.name()), learning);
    workshop = new Workshop(stream, store, tutor, PATIENCE);
    thread = new LearningThread(stream, mailbox);
    tell(learning.begin(championsAtStart, Instant.now()));
    kick();
  }

  @Override
  public void processElement1(StreamRecord<Field> record) throws Exception {
    Field field = record.getValue();
    if (!learning.revise(field)) {
      Optional<List<Field>> whole = waiting.take(field);
      if (whole.isPresent()) {
        emit(learning.observe(whole.get(), Instant.now()));
        kick();
      }
    }
  }

  @Override
  public void processElement2(StreamRecord<Champion> record) throws Exception {
    Champion champion = record.getValue();
    if (champion.stream().equals(stream.name())) {
      tell(learning.crown(champion, Instant.now()));
      thread.then(() -> workshop.tryAgain(champion.weightsSha256()));
      endPause();
      kick();
    }
  }

  /** Starts what is to be done next unless something is running. Mailbox thread only. */
  private void kick() {
    if (thread.isBusy() || pause != null) {
      return;
    }
    Optional<Due> due = learning.lesson();
    if (due.isPresent()) {
      thread.start(() -> workshop.teach(due.get()), taught -> teach(due.get(), taught));
      return;
    }
    Optional<Window> window = learning.window();
    if (window.isPresent()) {
      Set<String> contestants = learning.contestants();
      thread.start(
          () -> workshop.judge(window.get(), contestants), found -> judge(window.get(), found));
    }
  }

  private void teach(Due due, Workshop.Taught taught) {
    emit(learning.taught(due, taught, Instant.now()));
    kick();
  }

  private void judge(Window window, Judged found) {
    if (found.away().isPresent()) {
      beginPause(found.away().get());
    } else if (found.losses().keySet().containsAll(learning.contestants())) {
      metrics.judged(window.issueTime());
      tell(learning.judge(window, found, Instant.now()));
    } // else another champion came meanwhile: it is judged again
    kick();
  }

  private void beginPause(String why) {
    LOG.warn("stream {}: learning pauses for {}: {}", stream.name(), PAUSE, why);
    ProcessingTimeService time = getProcessingTimeService();
    pause =
        time.registerTimer(
            time.getCurrentProcessingTime() + PAUSE.toMillis(),
            passed -> {
              pause = null;
              kick();
            });
  }

  private void endPause() {
    if (pause != null) {
      pause.cancel(false);
      pause = null;
    }
  }

  private void tell(Outcome outcome) {
    emit(outcome.events());
    outcome.champion().ifPresent(next -> output.collect(CHAMPIONS, new StreamRecord<>(next)));
  }

  private void emit(List<ModelEvent> events) {
    for (ModelEvent event : events) {
      LOG.info("{}", event.toJson());
      metrics.told(event);
      output.collect(new StreamRecord<>(event));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(new TuningState(learning, tutor.state(), waiting).write(stream));
    try {
      mailbox.execute(state::clear, "the checkpoint has a copy of its own");
    } catch (RejectedExecutionException closed) {
      // The task is ending, and its memory goes as a whole.
    }
  }

  /** The end of the fields: what can be judged is judged, what is due is taught. */
  @Override
  public void endInput(int input) throws Exception {
    if (input == 1) {
      runToTheEnd();
    }
  }

  @Override
  public void finish() throws Exception {
    runToTheEnd();
    super.finish();
  }

  private void runToTheEnd() throws Exception {
    while (thread.isBusy()) {
      mailbox.yield();
    }
  }

  @Override
  public void close() throws Exception {
    if (thread != null) {
      thread.close(workshop::close);
    }
    super.close();
  }
}
