package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.Worlds;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
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
  private TuneHarness tuner;

  @AfterEach
  void close() throws Exception {
    if (tuner != null) {
      tuner.close();
    }
  }

  @Test
  void aChallengerIsPromotedAndItsFileIsThereBeforeTheEvent() throws Exception {
    List<float[]> series = changing();
    Champion first = champion(Worlds.weights(SLOW, series.subList(0, CHANGE)));
    start(first, null);
    for (int day = 0; day < DAYS; day++) {
      receive(day, series.get(day));
      for (Champion champion : tuner.promoted) {
        assertThat(Files.exists(store().file(champion.weightsSha256()))).isTrue();
      }
    }
    assertThat(tuner.promoted).isNotEmpty();
    assertThat(tuner.promoted.get(0).parent()).isEqualTo(first.weightsSha256());
    assertThat(tuner.promoted.get(0).effectiveFrom()).isAfter(Worlds.day(CHANGE));
    assertThat(tuner.events).extracting(ModelEvent::event).contains(Kind.CANDIDATE, Kind.PROMOTED);
  }

  @Test
  void aRestoredOperatorDecidesAsOneThatNeverStopped() throws Exception {
    List<float[]> series = changing();
    Champion first = champion(Worlds.weights(SLOW, series.subList(0, CHANGE)));
    start(first, null);
    for (int day = 0; day < DAYS; day++) {
      receive(day, series.get(day));
    }
    tuner.close();
    List<ModelEvent> whole = tuner.timeless();
    List<Champion> champions = tuner.promoted;

    List<ModelEvent> events = new ArrayList<>();
    List<Champion> promoted = new ArrayList<>();
    start(first, null);
    for (int day = 0; day < DAYS; day++) {
      if (day % 150 == 149) {
        OperatorSubtaskState snapshot = tuner.snapshot(day);
        tuner.close();
        events.addAll(tuner.timeless());
        promoted.addAll(tuner.promoted);
        start(first, snapshot);
      }
      receive(day, series.get(day));
    }
    events.addAll(tuner.timeless());
    promoted.addAll(tuner.promoted);
    assertThat(events).isEqualTo(whole);
    assertThat(promoted).isEqualTo(champions);
  }

  /** Written when it was one array, after 60 days. */
  @Test
  void theStateOfAnOlderVersionIsGoneOnFrom() throws Exception {
    List<float[]> series = changing();
    Path stored = Path.of(TuneOperatorTest.class.getResource("learning-1.state").toURI());
    start(
        champion(Worlds.weights(SLOW, series)),
        OperatorSnapshotUtil.readStateHandle(stored.toString()));
    for (int day = 60; day < 75; day++) {
      receive(day, series.get(day));
    }
    assertThat(tuner.events(Kind.TRAINED))
        .singleElement()
        .satisfies(lesson -> assertThat(lesson.evidence().get("windows")).isEqualTo(60));
  }

  /** One and a half MiB of fields. */
  @Test
  void aStateOfSeveralPiecesIsGoneOnFrom() throws Exception {
    Grid grid = new Grid(64, 128, 89, 0, 2.8, 2.8125);
    StreamSettings stream = Worlds.stream().withGrid(grid).withTuning(tuning(8));
    int fields = 48;
    tuner = new TuneHarness(stream, store(), List.of(), null);
    for (int day = 0; day < fields; day++) {
      float[] values = new float[grid.cells()];
      tuner.hand(
          new Field(new Frame(Samples.T2M, grid, Worlds.day(day)), 1, Samples.ORIGIN, values));
    }
    OperatorSubtaskState snapshot = tuner.snapshot(1);
    tuner.close();
    tuner = new TuneHarness(stream, store(), List.of(), snapshot);
    assertThat(tuner.count(Metric.TUNING_REPLAY_BYTES))
        .isEqualTo(4L * fields * grid.cells())
        .isGreaterThan(1 << 20);
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
    assertThat(tuner.events).extracting(ModelEvent::event).containsOnlyOnce(Kind.REFUSED);
    assertThat(tuner.events.get(0).reason()).contains("the weights are for");
    assertThat(tuner.promoted).isEmpty();
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
    tuner.announce(
        first.then("smnn", store().put(new Weights(metadata, good.tensors())), Worlds.day(1)));
    for (int day = 1; day < 30; day++) {
      receive(day, series.get(day));
    }
    assertThat(tuner.events)
        .extracting(ModelEvent::event)
        .containsExactly(Kind.ADOPTED, Kind.REFUSED);
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
    assertThat(tuner.events).isEmpty();
    Files.move(elsewhere, store().file(first.weightsSha256()));
    tuner.time(60_000);
    assertThat(tuner.events).extracting(ModelEvent::event).contains(Kind.TRAINED);
  }

  /** What was promoted comes back by the champions topic, as does what others promote. */
  @Test
  void championsOfOtherStreamsAndItsOwnChangeNothing() throws Exception {
    List<float[]> series = changing();
    Champion first = champion(Worlds.weights(SLOW, series));
    start(first, null);
    receive(0, series.get(0));
    tuner.announce(first);
    tuner.announce(new Champion("other", "smnn", first.weightsSha256(), Worlds.day(5), null));
    tuner.drain();
    assertThat(tuner.events).isEmpty();
  }

  @Test
  void closingInTheMiddleOfWorkEndsCleanly() throws Exception {
    List<float[]> series = changing();
    start(champion(Worlds.weights(SLOW, series)), null);
    for (int day = 0; day < 100; day++) {
      tuner.hand(Worlds.field(day, series.get(day)));
    }
    tuner.close();
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
    tuner =
        new TuneHarness(Worlds.stream().withTuning(tuning(1)), store(), List.of(first), snapshot);
  }

  private static TuningSettings tuning(int replayMebibytes) {
    return TuningSettings.OFF.with(
        t ->
            t.every(100)
                .drift(true)
                .rank(1)
                .steps(60)
                .learningRate(0.05)
                .replayMebibytes(replayMebibytes));
  }

  private void receive(int day, float[] values) throws Exception {
    tuner.receive(Worlds.field(day, values));
  }
}
