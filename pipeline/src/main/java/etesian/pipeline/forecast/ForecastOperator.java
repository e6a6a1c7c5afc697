package etesian.pipeline.forecast;

import etesian.ingest.field.Forecast;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.ModelEventCodec;
import etesian.pipeline.metrics.Meters;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.ForecasterSource;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.RecordSize;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.window.FieldWindow;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Continuously batched rollouts of all variables of a stream. Input 1: windows, keyed by issue
 * time; input 2: champions, broadcast. All active rollouts advance together on the {@link
 * DeviceThread}; the result of a step is applied by a letter to the mailbox, so that input,
 * barriers and timers never wait for the device, and a checkpoint holds the carry before the step
 * that is running.
 *
 * <p>A champion is tried when it is announced. Weights that do not load as weights of the stream
 * are refused: the champion before goes on serving, which is logged, counted, told on the side and
 * remembered in state until they are announced again. Weights that cannot be read at the moment are
 * asked for again, with growing pauses, before they are refused. While no champion can be used,
 * windows wait; a rollout that has moved waits for its own weights and for no others.
 *
 * <p>Outputs carry the issue time as stream timestamp. The watermark is held at min(input, oldest
 * incomplete issue time − 1 ms): when it has passed t, every forecast issued at or before t is out.
 */
public final class ForecastOperator extends AbstractStreamOperator<Forecast>
    implements TwoInputStreamOperator<FieldWindow, Champion, Forecast>, BoundedMultiInput {
  private static final long serialVersionUID = 1L;
  private static final String ROLLOUT = "rollout";
  private static final String ISSUED = "issued";

  /** Half of what a record of the forecasts topic may hold. */
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  /** Models that stay loaded: the champion, the one that older rollouts keep, and some room. */
  private static final int MAX_MODELS = 4;

  /** What is said about champions that were refused. */
  public static final OutputTag<ModelEvent> REFUSED =
      new OutputTag<>("refused", new CodecType<>(ModelEvent.class, new ModelEventCodec()));

  private final StreamSettings stream;
  private final DeviceSettings limits;
  private final ForecasterSource source;
  private final List<Champion> championsAtStart;
  private final Duration firstPause;

  private transient MailboxExecutor mailbox;
  private transient Roster roster;
  private transient Advancer advancer; // touched on the device thread only
  private transient ValueState<Rollout> state;
  private transient ValueState<Issued> issuedState;
  private transient NavigableMap<Long, Issued> issued; // by issue time, as in the state
  private transient BroadcastState<Long, Champion> champions;
  private transient BroadcastState<String, String> refused; // why, by hash
  private transient Queue<String> untried; // hashes of weights that were announced
  private transient Patience patience;
  private transient ExecutorService device;
  private transient Map<String, Forecaster> models; // touched on the device thread only
  private transient Future<?> step;
  private transient boolean inFlight;
  private transient boolean finished; // whoever takes what comes out does so no longer
  private transient long inputWatermark;
  private transient long outputWatermark;
  private transient ForecastMetrics metrics;

  /**
   * @param championsAtStart the champions topic, of any stream, read to its end before the job was
   *     submitted
   * @throws IllegalArgumentException when no record takes a lead of its forecasts
   */
  public ForecastOperator(
      StreamSettings stream,
      DeviceSettings limits,
      ForecasterSource source,
      List<Champion> championsAtStart) {
    this(stream, limits, source, championsAtStart, Patience.FIRST_PAUSE);
  }

  /**
   * @param firstPause before weights that cannot be read are asked for again
   */
  ForecastOperator(
      StreamSettings stream,
      DeviceSettings limits,
      ForecasterSource source,
      List<Champion> championsAtStart,
      Duration firstPause) {
    RecordSize.problem(stream)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("stream " + stream.name() + ": " + problem);
            });
    this.stream = stream;
    this.limits = limits;
    this.source = source;
    this.championsAtStart =
        championsAtStart.stream().filter(c -> c.stream().equals(stream.name())).toList();
    this.firstPause = firstPause;
  }

  @Override
  public void setMailboxExecutor(MailboxExecutor mailboxExecutor) {
    super.setMailboxExecutor(mailboxExecutor);
    mailbox = mailboxExecutor;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    champions =
        context
            .getOperatorStateStore()
            .getBroadcastState(
                new MapStateDescriptor<>(
                    "champions",
                    Types.LONG,
                    new CodecType<>(Champion.class, new Champion.ChampionCodec())));
    refused =
        context
            .getOperatorStateStore()
            .getBroadcastState(new MapStateDescriptor<>("refused", Types.STRING, Types.STRING));
    state =
        context
            .getKeyedStateStore()
            .getState(
                new ValueStateDescriptor<>(
                    ROLLOUT, new CodecType<>(Rollout.class, new Rollout.RolloutCodec())));
    issuedState =
        context
            .getKeyedStateStore()
            .getState(
                new ValueStateDescriptor<>(
                    ISSUED, new CodecType<>(Issued.class, new Issued.IssuedCodec())));
    roster = new Roster(limits.maxActive(), limits.maxBatch(), limits.activeBytes());
    advancer = new Advancer(stream, limits.maxBatch());
    for (Champion champion : championsAtStart) {
      if (!champions.contains(champion.effectiveFrom().toEpochMilli())) {
        remember(champion); // what a restored job knows of an issue time wins
      }
    }
    for (Map.Entry<Long, Champion> entry : champions.entries()) {
      roster.learn(entry.getValue());
    }
    for (Map.Entry<String, String> entry : refused.immutableEntries()) {
      roster.refuse(entry.getKey());
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    inputWatermark = Long.MIN_VALUE;
    outputWatermark = Long.MIN_VALUE;
    models = new LoadedModels();
    metrics =
        new ForecastMetrics(Meters.of(getMetricGroup()).with("stream", stream.name()), roster);
    restoreRollouts();
    patience = new Patience(firstPause);
    untried = new ArrayDeque<>(roster.missed()); // a restart is a reason to look again
    device = DeviceThread.join();
    openDevice();
    kick();
  }

  /** A process that cannot compute should not look as if it ran until the first window. */
  private void openDevice() throws Exception {
    try {
      device.submit(source::open).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "stream %s: %s".formatted(stream.name(), e.getCause().getMessage()), e.getCause());
    }
  }

  private void restoreRollouts() throws Exception {
    for (Long issueTime : keysOf(ROLLOUT)) {
      setCurrentKey(issueTime);
      Rollout rollout = state.value();
      if (rollout.isEnsemble() && stream.ensemble() == null) { // the settings changed
        rollout = rollout.alone(stream.history());
      }
      if (rollout.fits(stream)) {
        roster.add(rollout);
      } else {
        LOG.warn(
            "stream {}: the forecast issued at {} ends after lead {}: the settings have another"
                + " horizon, history, grid or other variables since it began",
            stream.name(),
            rollout.issueTime(),
            rollout.nextLead() - 1);
        state.clear();
        metrics.abandoned();
      }
    }
    issued = new TreeMap<>();
    for (Long issueTime : keysOf(ISSUED)) {
      setCurrentKey(issueTime);
      issued.put(issueTime, issuedState.value());
    }
  }

  private List<Long> keysOf(String name) throws Exception {
    try (var keys = this.<Long>getKeyedStateBackend().getKeys(name, VoidNamespace.INSTANCE)) {
      return keys.toList();
    }
  }

  @Override
  public void processElement1(StreamRecord<FieldWindow> record) throws Exception {
    // The ordinary limit is the waiting list; only a flood beyond its bytes holds the input back.
    while (roster.waitingBytes() > limits.waitingBytes() && inFlight) {
      mailbox.yield();
    }
    Rollout rollout = Rollout.of(record.getValue(), stream.runs());
    setCurrentKey(rollout.issueTime().toEpochMilli()); // a letter may have changed it
    state.update(rollout);
    if (roster.add(rollout)) {
      metrics.abandoned(); // its later leads are of no use to anyone
    }
    metrics.arrived(rollout.issueTime());
    kick();
  }

  @Override
  public void processElement2(StreamRecord<Champion> record) throws Exception {
    Champion champion = record.getValue();
    if (champion.stream().equals(stream.name())) {
      remember(champion);
      roster.learn(champion);
      refused.remove(champion.weightsSha256()); // whoever announces weights again means them
      untried.add(champion.weightsSha256());
      kick();
    }
  }

  private void remember(Champion champion) throws Exception {
    champions.put(champion.effectiveFrom().toEpochMilli(), champion);
  }

  /**
   * Starts what is next for the device unless it works already: first the weights that nobody has
   * tried, then a step. Mailbox thread only.
   */
  private void kick() {
    if (inFlight || finished) {
      return;
    }
    String announced = untried.poll();
    if (announced != null) {
      start(announced, List.of());
      return;
    }
    List<Rollout> batch = roster.nextBatch();
    if (!batch.isEmpty()) {
      start(batch.get(0).weightsSha256(), batch);
    }
  }

  private void start(String sha256, List<Rollout> batch) {
    inFlight = true;
    step =
        device.submit(
            () -> {
              StepResult result = compute(sha256, batch);
              post(() -> apply(sha256, batch, result), "rollout step");
            });
  }

  /** To the mailbox, from any other thread. */
  private void post(ThrowingRunnable<Exception> letter, String name) {
    try {
      mailbox.execute(letter, name);
    } catch (RejectedExecutionException closed) {
      // The task is ending; its checkpoint holds what was before this.
    }
  }

  /**
   * Device thread: one step of a batch, or with none a look at the weights alone. A failure travels
   * to the mailbox, where it fails the task, unless the weights are to blame.
   */
  private StepResult compute(String sha256, List<Rollout> batch) {
    long begin = System.nanoTime();
    try {
      Forecaster model;
      try {
        model = models.computeIfAbsent(sha256, this::load);
      } catch (RuntimeException unusable) {
        return StepResult.without(unusable);
      }
      List<Advancer.Advance> advances =
          batch.isEmpty() ? List.of() : advancer.advance(batch, model);
      return new StepResult(advances, Duration.ofNanos(System.nanoTime() - begin), null, null);
    } catch (RuntimeException | Error failure) {
      return new StepResult(List.of(), Duration.ZERO, null, failure);
    }
  }

  private Forecaster load(String sha256) {
    Forecaster model = source.load(sha256);
    try {
      advancer.check(model);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * What came of a step.
   *
   * @param unusable why the weights did not load, or null
   * @param failure of anything else, or null
   */
  private record StepResult(
      List<Advancer.Advance> advances,
      Duration took,
      RuntimeException unusable,
      Throwable failure) {
    static StepResult without(RuntimeException unusable) {
      return new StepResult(List.of(), Duration.ZERO, unusable, null);
    }
  }

  private void apply(String sha256, List<Rollout> batch, StepResult result) throws Exception {
    inFlight = false;
    if (result.failure() != null) {
      throw new IllegalStateException(
          batch.isEmpty()
              ? "stream %s: loading the weights %s failed".formatted(stream.name(), sha256)
              : "stream %s: the step of %d rollouts from %s failed"
                  .formatted(stream.name(), batch.size(), batch.get(0).issueTime()),
          result.failure());
    }
    if (result.unusable() != null) {
      goWithout(sha256, result.unusable());
    } else {
      goWith(sha256);
      if (!batch.isEmpty()) {
        advance(batch, result);
      }
    }
    releaseWatermark();
    kick();
  }

  /** Weights have loaded. */
  private void goWith(String sha256) throws Exception {
    patience.forget(sha256);
    if (!roster.isUsable(sha256)) {
      roster.restore(sha256);
      refused.remove(sha256);
      LOG.info("stream {}: the weights {} can be used now", stream.name(), sha256);
    }
  }

  /** Weights have not loaded: a file may come back, what is wrong in it stays wrong. */
  private void goWithout(String sha256, RuntimeException why) throws Exception {
    if (!(why instanceof UncheckedIOException)) {
      refuse(sha256, why);
    } else if (!patience.isPausing(sha256)) {
      Optional<Duration> pause = patience.pause(sha256);
      if (pause.isPresent()) {
        hold(sha256, why, pause.get());
      } else {
        refuse(sha256, why);
      }
    }
  }

  private void hold(String sha256, RuntimeException why, Duration pause) {
    roster.hold(sha256);
    LOG.warn(
        "stream {}: the weights {} cannot be read and are asked for again in {}; until then {}: {}",
        stream.name(),
        sha256,
        pause,
        instead(sha256),
        why.getMessage());
    CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> post(() -> askAgain(sha256), "weights"));
  }

  private void askAgain(String sha256) {
    patience.passed(sha256);
    untried.add(sha256);
    kick();
  }

  private void refuse(String sha256, RuntimeException why) throws Exception {
    patience.forget(sha256);
    roster.refuse(sha256);
    String reason = why.getMessage() == null ? why.toString() : why.getMessage();
    refused.put(sha256, reason);
    metrics.refused();
    String instead = instead(sha256);
    LOG.error(
        "stream {}: the weights {} are refused, {}: {}", stream.name(), sha256, instead, reason);
    Optional<Champion> champion = roster.champion(sha256);
    output.collect(
        REFUSED,
        new StreamRecord<>(
            new ModelEvent(
                ModelEvent.Kind.REFUSED,
                Instant.now(),
                stream.name(),
                roster.modelOf(sha256),
                sha256,
                null,
                champion.map(Champion::parent).orElse(null),
                null,
                "announced weights cannot be used, " + instead + ": " + reason,
                Map.of())));
  }

  /** What happens to the issue times that weights were announced for, when they cannot serve. */
  private String instead(String sha256) {
    return roster
        .champion(sha256)
        .flatMap(champion -> roster.championAt(champion.effectiveFrom()))
        .map(serving -> serving.weightsSha256() + " serves on")
        .orElse("windows wait, as there are no others");
  }

  private void advance(List<Rollout> batch, StepResult result) throws Exception {
    for (int i = 0; i < batch.size(); i++) {
      if (roster.isRunning(batch.get(i))) {
        emit(batch.get(i), result.advances().get(i));
      }
    }
    metrics.stepped(result.took(), batch.stream().mapToInt(Rollout::runs).sum());
  }

  private void emit(Rollout rollout, Advancer.Advance advance) throws Exception {
    long issueMillis = rollout.issueTime().toEpochMilli();
    Rollout after = advance.after();
    setCurrentKey(issueMillis); // a letter has no key of its own
    if (!advance.leads().isEmpty()) {
      issue(rollout, advance.leads());
    }
    if (after.nextLead() > stream.horizon()) {
      state.clear();
      roster.finish(after);
      metrics.completed(issueMillis);
    } else {
      state.update(after);
      roster.advance(after);
    }
  }

  private void issue(Rollout rollout, List<List<Forecast.Step>> leads) throws Exception {
    long issueMillis = rollout.issueTime().toEpochMilli();
    int fields = stream.ensemble() == null ? 1 : stream.ensemble().fieldsEmitted();
    int bytesPerLead = Math.multiplyExact(fields, rollout.grid().cells() * Float.BYTES);
    int leadsPerMessage = Math.max(1, MAX_MESSAGE_BYTES / bytesPerLead);
    Issued before = issued.getOrDefault(issueMillis, Issued.NOTHING);
    for (Forecast forecast : rollout.forecasts(stream, leads, leadsPerMessage, before)) {
      output.collect(new StreamRecord<>(forecast, issueMillis));
    }
    metrics.issued(rollout.issueTime(), leads.size());
    Issued now = before.and(rollout.revision(), rollout.nextLead(), leads.size());
    issued.put(issueMillis, now);
    issuedState.update(now);
  }

  @Override
  public void processWatermark1(Watermark mark) throws Exception {
    inputWatermark = mark.getTimestamp();
    releaseWatermark();
  }

  private void releaseWatermark() throws Exception {
    letGo();
    long oldest = roster.oldestIssueMillis().orElse(Long.MAX_VALUE);
    long held = oldest == Long.MAX_VALUE ? inputWatermark : Math.min(inputWatermark, oldest - 1);
    if (held > outputWatermark) {
      outputWatermark = held;
      output.emitWatermark(new Watermark(held));
    }
  }

  /** Issue times that no late field can touch any more. */
  private void letGo() throws Exception {
    if (inputWatermark == Long.MIN_VALUE || inputWatermark == Long.MAX_VALUE) {
      return; // time has not begun, or has come to its end
    }
    long oldest = stream.oldestThatCounts(Instant.ofEpochMilli(inputWatermark)).toEpochMilli();
    Iterator<Long> past = issued.headMap(oldest, false).keySet().iterator();
    while (past.hasNext()) {
      Long issueTime = past.next();
      if (!roster.has(Instant.ofEpochMilli(issueTime))) {
        past.remove();
        setCurrentKey(issueTime);
        issuedState.clear();
      }
    }
  }

  /** Champions have no event time: they neither hold time back nor move it on. */
  @Override
  public void processWatermark2(Watermark mark) {}

  /** Idle windows do not make running rollouts idle, and idle champions say nothing at all. */
  @Override
  protected void processWatermarkStatus(WatermarkStatus status, int index) {}

  /** The end of the windows: what can run, runs to its end. */
  @Override
  public void endInput(int input) throws Exception {
    if (input == 1) {
      runToTheEnd();
    }
  }

  /** Covers a champion that came after the last window. */
  @Override
  public void finish() throws Exception {
    runToTheEnd();
    if (roster.isShortOfWeights()) {
      LOG.warn(
          "stream {} ends with {} windows without a forecast, {} in their middle: it has no"
              + " champion that can be used, or no longer their weights",
          stream.name(),
          roster.waiting(),
          roster.stranded());
      output.emitWatermark(new Watermark(inputWatermark)); // they hold nobody back any more
    }
    finished = true;
    super.finish();
  }

  /**
   * A step is in flight as long as anything can run: each result starts the next one. Weights that
   * may come back are waited for if something needs them.
   */
  private void runToTheEnd() throws Exception {
    while (inFlight || (patience.isPausing() && roster.isShortOfWeights())) {
      mailbox.yield();
    }
    releaseWatermark();
  }

  /** Waits for the step that is running: freeing its tensors under it would end the process. */
  @Override
  public void close() throws Exception {
    if (device != null) {
      awaitQuietly(step);
      awaitQuietly(device.submit(() -> models.values().forEach(Forecaster::close)));
      DeviceThread.leave();
      device = null;
    }
    super.close();
  }

  private static void awaitQuietly(Future<?> future) {
    boolean interrupted = false;
    while (future != null) {
      try {
        future.get();
        future = null;
      } catch (ExecutionException e) {
        LOG.warn("the last step of the device failed while the task was ending", e.getCause());
        future = null;
      } catch (InterruptedException e) {
        interrupted = true; // a cancelled task still waits
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Loaded models by the hash of their weights; the one unused for longest is let go. */
  private static final class LoadedModels extends LinkedHashMap<String, Forecaster> {
    private static final long serialVersionUID = 1L;

    LoadedModels() {
      super(2 * MAX_MODELS, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Forecaster> eldest) {
      if (size() <= MAX_MODELS) {
        return false;
      }
      eldest.getValue().close();
      return true;
    }
  }
}
