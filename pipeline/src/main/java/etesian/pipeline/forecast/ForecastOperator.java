package etesian.pipeline.forecast;

import etesian.ingest.field.Forecast;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.ModelEventCodec;
import etesian.pipeline.metrics.Meters;
import etesian.pipeline.model.ForecasterSource;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.RecordSize;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.window.FieldWindow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.runtime.state.StateInitializationContext;
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
 * <p>While no champion can be used ({@link AnnouncedChampions}), windows wait; a rollout that has
 * moved waits for its own weights and for no others.
 *
 * <p>Outputs carry the issue time as stream timestamp; the watermark is {@link HeldWatermark held}.
 */
public final class ForecastOperator extends AbstractStreamOperator<Forecast>
    implements TwoInputStreamOperator<FieldWindow, Champion, Forecast>, BoundedMultiInput {
  private static final long serialVersionUID = 1L;

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
  private transient AnnouncedChampions champions;
  private transient ForecastState state;
  private transient Device device;
  private transient boolean inFlight; // a step of the device
  private transient boolean finished; // whoever takes what comes out does so no longer
  private transient HeldWatermark watermark;
  private transient ForecastMetrics metrics;
  private transient Doubts doubts;

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
    roster = new Roster(limits.maxActive(), limits.maxBatch(), limits.activeBytes());
    champions =
        new AnnouncedChampions(
            stream.name(),
            context.getOperatorStateStore(),
            championsAtStart,
            roster,
            firstPause,
            this::tellRefusal);
    state = new ForecastState(context.getKeyedStateStore(), getKeyedStateBackend());
  }

  @Override
  public void open() throws Exception {
    super.open();
    watermark = new HeldWatermark();
    metrics =
        new ForecastMetrics(Meters.of(getMetricGroup()).with("stream", stream.name()), roster);
    doubts = new Doubts(stream, metrics);
    state.restore().forEach(this::resume);
    champions.tryMissedAgain();
    device = new Device(source, new Advancer(stream, limits.maxBatch()));
    openDevice();
    kick();
  }

  /** A process that cannot compute should not look as if it ran until the first window. */
  private void openDevice() throws Exception {
    try {
      device.open();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "stream %s: %s".formatted(stream.name(), e.getCause().getMessage()), e.getCause());
    }
  }

  /** The settings may have changed since a rollout began. */
  private void resume(Rollout restored) {
    boolean isAlone = restored.isEnsemble() && stream.ensemble() == null;
    Rollout rollout = isAlone ? restored.alone(stream.history()) : restored;
    if (rollout.fits(stream)) {
      roster.add(rollout);
    } else {
      LOG.warn(
          "stream {}: the forecast issued at {} ends after lead {}: the settings have another"
              + " horizon, history, grid or other variables since it began",
          stream.name(),
          rollout.issueTime(),
          rollout.nextLead() - 1);
      state.remove(rollout);
      metrics.abandoned();
    }
  }

  @Override
  public void processElement1(StreamRecord<FieldWindow> record) throws Exception {
    // The ordinary limit is the waiting list; only a flood beyond its bytes holds the input back.
    while (roster.waitingBytes() > limits.waitingBytes() && inFlight) {
      mailbox.yield();
    }
    Rollout rollout = Rollout.of(record.getValue(), stream.runs());
    state.put(rollout);
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
      champions.announce(champion);
      kick();
    }
  }

  /**
   * Starts what is next for the device unless it works already: first the weights that nobody has
   * tried, then a step. Mailbox thread only.
   */
  private void kick() {
    if (inFlight || finished) {
      return;
    }
    Optional<String> announced = champions.nextUntried();
    if (announced.isPresent()) {
      start(announced.get(), List.of());
      return;
    }
    List<Rollout> batch = roster.nextBatch();
    if (!batch.isEmpty()) {
      start(batch.get(0).weightsSha256(), batch);
    }
  }

  private void start(String sha256, List<Rollout> batch) {
    inFlight = true;
    device.start(
        sha256, batch, outcome -> post(() -> apply(sha256, batch, outcome), "rollout step"));
  }

  /** To the mailbox, from any other thread. */
  private void post(ThrowingRunnable<Exception> letter, String name) {
    try {
      mailbox.execute(letter, name);
    } catch (RejectedExecutionException closed) {
      // The task is ending; its checkpoint holds what was before this.
    }
  }

  private void apply(String sha256, List<Rollout> batch, Device.Outcome outcome) throws Exception {
    inFlight = false;
    if (outcome.failure() != null) {
      throw new IllegalStateException(
          batch.isEmpty()
              ? "stream %s: loading the weights %s failed".formatted(stream.name(), sha256)
              : "stream %s: the step of %d rollouts from %s failed"
                  .formatted(stream.name(), batch.size(), batch.get(0).issueTime()),
          outcome.failure());
    }
    if (outcome.unusable() != null) {
      champions
          .goWithout(sha256, outcome.unusable())
          .ifPresent(pause -> askAgainAfter(pause, sha256));
    } else {
      champions.goWith(sha256);
      if (!batch.isEmpty()) {
        advance(batch, outcome);
      }
    }
    releaseWatermark();
    kick();
  }

  private void askAgainAfter(Duration pause, String sha256) {
    CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> post(() -> askAgain(sha256), "weights"));
  }

  private void askAgain(String sha256) {
    champions.tryAgain(sha256);
    kick();
  }

  private void tellRefusal(ModelEvent refusal) {
    metrics.refused();
    output.collect(REFUSED, new StreamRecord<>(refusal));
  }

  private void advance(List<Rollout> batch, Device.Outcome outcome) throws Exception {
    for (int i = 0; i < batch.size(); i++) {
      if (roster.isRunning(batch.get(i))) {
        emit(batch.get(i), outcome.advances().get(i));
      }
    }
    metrics.stepped(outcome.took(), batch.stream().mapToInt(Rollout::runs).sum());
  }

  private void emit(Rollout rollout, Advancer.Advance advance) throws Exception {
    Rollout after = advance.after();
    doubts.tell(advance.doubted(), rollout.issueTime());
    if (!advance.leads().isEmpty()) {
      issue(rollout, advance.leads());
    }
    if (after.nextLead() > stream.horizon()) {
      state.remove(after);
      roster.finish(after);
      metrics.completed(after.issueTime().toEpochMilli());
    } else {
      state.put(after);
      roster.advance(after);
    }
  }

  private void issue(Rollout rollout, List<List<Forecast.Step>> leads) throws Exception {
    long issueMillis = rollout.issueTime().toEpochMilli();
    int leadsPerMessage = RecordSize.leadsPerMessage(stream, rollout.grid());
    Issued before = state.issued(rollout.issueTime());
    for (Forecast forecast : rollout.forecasts(stream, leads, leadsPerMessage, before)) {
      output.collect(new StreamRecord<>(forecast, issueMillis));
    }
    metrics.issued(rollout.issueTime(), leads.size());
    state.putIssued(
        rollout.issueTime(), before.and(rollout.revision(), rollout.nextLead(), leads.size()));
  }

  @Override
  public void processWatermark1(Watermark mark) throws Exception {
    watermark.advance(mark.getTimestamp());
    releaseWatermark();
  }

  private void releaseWatermark() {
    watermark // lets go of issue times that no late field can touch any more
        .now()
        .ifPresent(now -> state.forgetIssuedBefore(stream.oldestThatCounts(now), roster::has));
    watermark
        .release(roster.oldestIssueMillis())
        .ifPresent(mark -> output.emitWatermark(new Watermark(mark)));
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
      output.emitWatermark(new Watermark(watermark.input())); // they hold nobody back any more
    }
    finished = true;
    super.finish();
  }

  /**
   * A step is in flight as long as anything can run: each result starts the next one. Weights that
   * may come back are waited for if something needs them.
   */
  private void runToTheEnd() throws Exception {
    while (inFlight || champions.isWorthWaiting()) {
      mailbox.yield();
    }
    releaseWatermark();
  }

  @Override
  public void close() throws Exception {
    if (device != null) {
      device.close();
      device = null;
    }
    super.close();
  }
}
