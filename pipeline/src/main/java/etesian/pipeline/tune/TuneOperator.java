package etesian.pipeline.tune;

import etesian.ingest.field.Field;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.FieldCodec;
import etesian.operators.Devices;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.Learning;
import etesian.pipeline.learn.Learning.Due;
import etesian.pipeline.learn.Learning.Outcome;
import etesian.pipeline.learn.LearningCodec;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.Tutor;
import etesian.pipeline.learn.Tutors;
import etesian.pipeline.learn.Workshop;
import etesian.pipeline.metrics.Meters;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.model.Stack;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import etesian.pipeline.settings.TuningSettings;
import etesian.pipeline.types.CodecType;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.OutputTag;

/**
 * Flink adapter of {@link Learning}, one subtask for a stream. Input 1: its fields; input 2:
 * champions, broadcast. Output: model events; champions on the side. Shadow forecasts and lessons
 * run on a thread of their own, of the lowest priority; what they come to is applied by a letter to
 * the mailbox, so that neither fields nor barriers ever wait for learning. A checkpoint holds what
 * was decided: a window that was being judged is judged again, a lesson goes on from the state that
 * the checkpoint names, or begins anew.
 *
 * <p>State, version 2: grid and names of the variables, learning, the lesson that goes on, fields
 * that wait for their other variables. Version 1, up to 0.1.0, says of no grid, and is of another
 * one where its fields have another length.
 */
final class TuneOperator extends AbstractStreamOperator<ModelEvent>
    implements TwoInputStreamOperator<Field, Champion, ModelEvent>, BoundedMultiInput {
  private static final long serialVersionUID = 1L;

  static final OutputTag<Champion> CHAMPIONS =
      new OutputTag<>("champions", new CodecType<>(Champion.class, new Champion.ChampionCodec()));

  /** For a file that cannot be read to come back: as long as forecasts wait for it. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Duration PAUSE = Duration.ofSeconds(10);

  /** Bytes of state in one array. */
  private static final int PIECE = 1 << 20;

  private final StreamSettings stream;
  private final TuningSettings tuning;
  private final WeightsStore store;
  private final List<Champion> championsAtStart;

  private transient MailboxExecutor mailbox;
  private transient ListState<byte[]> state;
  private transient Learning learning;
  private transient NavigableMap<Long, Map<String, Field>> partial; // by valid time, by variable
  private transient Tutor tutor;
  private transient Workshop workshop; // touched on the thread that learns only
  private transient ExecutorService thread;
  private transient boolean inFlight;
  private transient ScheduledFuture<?> pause; // until a file is asked for again; null for none
  private transient Counter judged;
  private transient Counter promotions;
  private transient Counter rollbacks;
  private transient Counter refusals;

  /**
   * @param championsAtStart the champions topic, of any stream, read to its end before the job was
   *     submitted
   */
  TuneOperator(
      StreamSettings stream,
      TuningSettings tuning,
      WeightsStore store,
      List<Champion> championsAtStart) {
    this.stream = stream;
    this.tuning = tuning;
    this.store = store;
    this.championsAtStart =
        championsAtStart.stream()
            .filter(champion -> champion.stream().equals(stream.name()))
            .sorted(Comparator.comparing(Champion::effectiveFrom))
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
    learning = new Learning(stream, tuning);
    partial = new TreeMap<>();
    tutor = Tutors.of(stream, tuning, store);
    if (context.isRestored() && state.get().iterator().hasNext()) {
      restore(new DataInputStream(Pieces.joined(state.get())));
      state.clear();
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    Meters metrics = Meters.of(getMetricGroup()).with("stream", stream.name());
    judged = metrics.counter(Metric.TUNING_WINDOWS_JUDGED_TOTAL);
    promotions = metrics.counter(Metric.TUNING_PROMOTIONS_TOTAL);
    rollbacks = metrics.counter(Metric.TUNING_ROLLBACKS_TOTAL);
    refusals = metrics.counter(Metric.TUNING_REFUSALS_TOTAL);
    metrics.gauge(Metric.TUNING_EVIDENCE_RATIO, () -> learning.evidence());
    metrics.gauge(Metric.TUNING_REPLAY_BYTES, () -> learning.bytes());
    metrics.gauge(Metric.TUNING_PHYSICS_RESIDUAL_RATIO, () -> learning.residual());
    workshop = new Workshop(stream, store, tutor, PATIENCE);
    thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, "etesian-tuning-" + stream.name());
              made.setDaemon(true);
              return made;
            });
    thread.execute(
        () -> {
          if (!Niceness.giveWay()) {
            LOG.info("stream {}: lessons compete with forecasts for the processor", stream.name());
          }
        });
    if (!stream.model().equals("smnn")) { // which needs no engine
      thread.execute(() -> Devices.setThreads(1)); // serving has the others
    }
    emit(learning.begin(championsAtStart, Instant.now()));
    kick();
  }

  @Override
  public void processElement1(StreamRecord<Field> record) throws Exception {
    Field field = record.getValue();
    long validAt = field.frame().validAt().toEpochMilli();
    Map<String, Field> found = partial.computeIfAbsent(validAt, time -> new HashMap<>());
    found.merge(
        field.frame().variable().name(),
        field,
        (before, other) -> other.revision() >= before.revision() ? other : before);
    List<Field> all = new ArrayList<>();
    for (StreamVariable variable : stream.variables()) {
      all.add(found.get(variable.name()));
    }
    if (!all.contains(null)) {
      partial.remove(validAt);
      learning.observe(field.frame().validAt(), Stack.of(all));
      kick();
    }
    while (partial.size() > stream.fieldsKept()) {
      partial.pollFirstEntry(); // one of its variables never came
    }
  }

  @Override
  public void processElement2(StreamRecord<Champion> record) throws Exception {
    if (record.getValue().stream().equals(stream.name())) {
      emit(learning.crown(record.getValue(), Instant.now()));
      thread.execute(() -> workshop.tryAgain(record.getValue().weightsSha256()));
      endPause();
      kick();
    }
  }

  /** Starts what is to be done next unless something is running. Mailbox thread only. */
  private void kick() {
    if (inFlight || pause != null) {
      return;
    }
    Optional<Due> due = learning.lesson();
    Optional<Window> window = due.isPresent() ? Optional.empty() : learning.window();
    if (due.isPresent()) {
      start(() -> workshop.teach(due.get()), taught -> teach(due.get(), taught));
    } else if (window.isPresent()) {
      var contestants = learning.contestants();
      start(() -> workshop.judge(window.get(), contestants), found -> judge(window.get(), found));
    }
  }

  private void judge(Window window, Workshop.Judged found) {
    if (found.away().isPresent()) {
      beginPause(found.away().get());
    } else if (found.losses().keySet().containsAll(learning.contestants())) {
      judged.inc();
      Outcome outcome = learning.judge(window, found, Instant.now());
      emit(outcome.events());
      outcome.champion().ifPresent(next -> output.collect(CHAMPIONS, new StreamRecord<>(next)));
    } // else another champion came meanwhile: it is judged again
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

  private void teach(Due due, Workshop.Taught taught) {
    emit(learning.taught(due, taught, Instant.now()));
  }

  /** What is done with a result in the mailbox. */
  @FunctionalInterface
  private interface Letter<T> {
    void read(T result);
  }

  private <T> void start(Callable<T> work, Letter<T> letter) {
    inFlight = true;
    thread.execute(
        () -> {
          T result = null;
          Throwable failure = null;
          try {
            result = work.call();
          } catch (Exception | Error e) {
            failure = e;
          }
          T found = result;
          Throwable why = failure;
          try {
            mailbox.execute(() -> arrived(found, why, letter), "learning");
          } catch (RejectedExecutionException closed) {
            // The task is ending; its checkpoint holds learning before this.
          }
        });
  }

  private <T> void arrived(T result, Throwable failure, Letter<T> letter) {
    inFlight = false;
    if (failure != null) {
      throw new IllegalStateException("stream " + stream.name() + ": learning failed", failure);
    }
    letter.read(result);
    kick();
  }

  private void emit(List<ModelEvent> events) {
    for (ModelEvent event : events) {
      LOG.info("{}", event.toJson());
      switch (event.event()) {
        case PROMOTED -> promotions.inc();
        case ROLLED_BACK -> rollbacks.inc();
        case REFUSED -> refusals.inc();
        default -> {}
      }
      output.collect(new StreamRecord<>(event));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    Pieces pieces = new Pieces(PIECE);
    try (DataOutputStream out = new DataOutputStream(pieces)) {
      out.writeByte(2);
      Binary.text(card(), out);
      new LearningCodec(stream, tuning).write(learning, out);
      Binary.text(tutor.state(), out);
      List<Field> fields =
          partial.values().stream().flatMap(found -> found.values().stream()).toList();
      out.writeInt(fields.size());
      for (Field field : fields) {
        FieldCodec.INSTANCE.write(field, out);
      }
    }
    state.update(pieces.pieces());
    try {
      mailbox.execute(state::clear, "the checkpoint has a copy of its own");
    } catch (RejectedExecutionException closed) {
      // The task is ending, and its memory goes as a whole.
    }
  }

  /** What the numbers of a field are of. */
  private String card() {
    Map<String, String> card = StreamCard.of(stream).metadata();
    return card.get("stream.variable") + " on " + card.get("stream.grid");
  }

  private void restore(DataInputStream in) throws IOException {
    int version = Binary.version(in, 2, "the state of tuning");
    if (version > 1 && !Binary.text(in).equals(card())) {
      letGo();
      return;
    }
    Learning stored = new LearningCodec(stream, tuning).read(in);
    if (!stored.remembersItsStream()) {
      letGo();
      return;
    }
    learning = stored;
    tutor.resume(Binary.text(in));
    int fields = in.readInt();
    for (int i = 0; i < fields; i++) {
      Field field = FieldCodec.INSTANCE.read(in);
      partial
          .computeIfAbsent(field.frame().validAt().toEpochMilli(), time -> new HashMap<>())
          .put(field.frame().variable().name(), field);
    }
  }

  private void letGo() {
    LOG.warn(
        "stream {}: what it learned from is of another grid or other variables than the settings"
            + " name now; it is let go, learning begins anew",
        stream.name());
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
    while (inFlight) {
      mailbox.yield();
    }
  }

  /** Interrupts a lesson, and waits: freeing tensors under a step would end the process. */
  @Override
  public void close() throws Exception {
    if (thread != null) {
      thread.shutdownNow();
      boolean interrupted = false;
      boolean ended = false;
      while (!ended) {
        try {
          ended = thread.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
          interrupted = true; // a cancelled task still waits
        }
      }
      workshop.close();
      thread = null;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    super.close();
  }
}
