package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.Worlds;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream whose world changes, field by field through the operator. */
class TuneOperatorTest {
  private static final double SLOW = 0.1;
  private static final double FAST = 1.5;
  private static final int CHANGE = 150;
  private static final int DAYS = 900;

  @TempDir private Path folder;
  private TuneOperator operator;
  private TwoInputStreamOperatorTestHarness<Field, Champion, ModelEvent> harness;
  private final List<ModelEvent> events = new ArrayList<>();
  private final List<Champion> promoted = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  @Test
  void aChallengerIsPromotedAndItsFileIsThereBeforeTheEvent() throws Exception {
    List<float[]> series = changing();
    Champion first = champion(Worlds.weights(SLOW, series.subList(0, CHANGE)));
    start(first, null);
    for (int day = 0; day < DAYS; day++) {
      receive(day, series.get(day));
      for (Champion champion : promoted) {
        assertThat(Files.exists(store().file(champion.weightsSha256()))).isTrue();
      }
    }
    assertThat(promoted).isNotEmpty();
    assertThat(promoted.get(0).parent()).isEqualTo(first.weightsSha256());
    assertThat(promoted.get(0).effectiveFrom()).isAfter(Worlds.day(CHANGE));
    assertThat(events).extracting(ModelEvent::event).contains(Kind.CANDIDATE, Kind.PROMOTED);
  }

  @Test
  void aRestoredOperatorDecidesAsOneThatNeverStopped() throws Exception {
    List<float[]> series = changing();
    Champion first = champion(Worlds.weights(SLOW, series.subList(0, CHANGE)));
    start(first, null);
    for (int day = 0; day < DAYS; day++) {
      receive(day, series.get(day));
    }
    harness.close();
    List<ModelEvent> whole = timeless();
    List<Champion> champions = List.copyOf(promoted);
    events.clear();
    promoted.clear();

    start(first, null);
    for (int day = 0; day < DAYS; day++) {
      if (day % 150 == 149) {
        OperatorSubtaskState snapshot = harness.snapshot(day, day);
        harness.close();
        start(first, snapshot);
      }
      receive(day, series.get(day));
    }
    assertThat(timeless()).isEqualTo(whole);
    assertThat(promoted).isEqualTo(champions);
  }

  @Test
  void aChampionOfAnotherGridIsSaidToBeUnusable() throws Exception {
    List<float[]> series = changing();
    Weights good = Worlds.weights(SLOW, series);
    Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
    metadata.put("stream.grid", "9 9 50.0 0.0 10.0 10.0");
    start(champion(new Weights(metadata, good.tensors())), null);
    for (int day = 0; day < 50; day++) {
      receive(day, series.get(day));
    }
    assertThat(events).extracting(ModelEvent::event).containsOnlyOnce(Kind.REFUSED);
    assertThat(events.get(0).reason()).contains("the weights are for");
    assertThat(promoted).isEmpty();
  }

  /** A header without an entry that every reader asks for. */
  @Test
  void aDamagedChampionDoesNotFailTheJob() throws Exception {
    List<float[]> series = changing();
    Weights good = Worlds.weights(SLOW, series);
    Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
    metadata.remove("stream.channels");
    Champion first = champion(good);
    start(first, null);
    receive(0, series.get(0));
    harness.processElement2(
        new StreamRecord<>(
            first.then("smnn", store().put(new Weights(metadata, good.tensors())), Worlds.day(1))));
    for (int day = 1; day < 30; day++) {
      receive(day, series.get(day));
    }
    assertThat(events).extracting(ModelEvent::event).containsExactly(Kind.ADOPTED, Kind.REFUSED);
  }

  @Test
  void aFileThatIsAwayForAMomentIsAskedForAgain() throws Exception {
    List<float[]> series = changing();
    Champion first = champion(Worlds.weights(SLOW, series));
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(store().file(first.weightsSha256()), elsewhere);
    start(first, null);
    for (int day = 0; day < 130; day++) {
      receive(day, series.get(day));
    }
    assertThat(events).isEmpty();
    Files.move(elsewhere, store().file(first.weightsSha256()));
    harness.setProcessingTime(60_000);
    drain();
    assertThat(events).extracting(ModelEvent::event).contains(Kind.TRAINED);
  }

  /** What was promoted comes back by the champions topic, as does what others promote. */
  @Test
  void championsOfOtherStreamsAndItsOwnChangeNothing() throws Exception {
    List<float[]> series = changing();
    Champion first = champion(Worlds.weights(SLOW, series));
    start(first, null);
    receive(0, series.get(0));
    harness.processElement2(new StreamRecord<>(first));
    harness.processElement2(
        new StreamRecord<>(
            new Champion("other", "smnn", first.weightsSha256(), Worlds.day(5), null)));
    drain();
    assertThat(events).isEmpty();
  }

  @Test
  void closingInTheMiddleOfWorkEndsCleanly() throws Exception {
    List<float[]> series = changing();
    start(champion(Worlds.weights(SLOW, series)), null);
    for (int day = 0; day < 100; day++) {
      harness.processElement1(new StreamRecord<>(Worlds.field(day, series.get(day))));
    }
    harness.close();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("etesian-tuning-t2m")) {
        thread.join(10_000); // its work has ended; it may be about to
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  private static List<float[]> changing() {
    return Worlds.series(DAYS, 1, day -> day < CHANGE ? SLOW : FAST);
  }

  private WeightsStore store() {
    return new WeightsStore(folder);
  }

  private Champion champion(Weights weights) {
    return new Champion("t2m", "smnn", store().put(weights), Champion.ALWAYS, null);
  }

  private void start(Champion first, OperatorSubtaskState snapshot) throws Exception {
    TuningSettings tuning =
        new TuningSettings(
            100,
            true,
            60,
            TuningSettings.Layers.ALL,
            1,
            60,
            Duration.ofMinutes(1),
            0.05,
            1e-3,
            0,
            0.01,
            200,
            1,
            1);
    StreamSettings stream = Worlds.stream().with(tuning);
    operator = new TuneOperator(stream, tuning, store(), List.of(first));
    harness = new TwoInputStreamOperatorTestHarness<>(operator);
    operator.setMailboxExecutor( // as a task does; the harness does not
        new MailboxExecutorImpl(harness.getTaskMailbox(), 0, StreamTaskActionExecutor.IMMEDIATE));
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  private void receive(int day, float[] values) throws Exception {
    harness.processElement1(new StreamRecord<>(Worlds.field(day, values)));
    drain();
  }

  private void drain() throws Exception {
    operator.endInput(1); // waits for what is running, as at the end of the stream
    events.addAll(harness.extractOutputValues());
    harness.getOutput().clear();
    var side = harness.getSideOutput(TuneOperator.CHAMPIONS);
    if (side != null) {
      side.forEach(record -> promoted.add(record.getValue()));
      side.clear();
    }
  }

  private List<ModelEvent> timeless() {
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
}
