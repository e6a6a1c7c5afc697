package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.Worlds;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import etesian.pipeline.settings.TuningSettings;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(Files.exists(Path.of(store().location(champion.weightsSha256())))).isTrue();
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

  /** As an evaluation does: what trained the champion is learned from and says nothing of it. */
  @Test
  void beforeTheFirstIssueTimeAnArchiveOnlyTeaches() throws Exception {
    int from = 600;
    List<float[]> series = changing();
    Champion first = champion(Worlds.weights(SLOW, series.subList(0, CHANGE)));
    StreamSettings stream = Worlds.stream().withTuning(tuning(1)).withIssueFrom(Worlds.day(from));
    tuner = new TuneHarness(stream, store(), List.of(first), null);
    for (int day = 0; day < DAYS; day++) {
      tuner.hand(Worlds.field(day, series.get(day)));
    }
    tuner.drain();
    assertThat(tuner.events)
        .isNotEmpty()
        .noneMatch(event -> event.issueTime().isBefore(Worlds.day(from)));
    assertThat(tuner.count(Metric.TUNING_WINDOWS_JUDGED_TOTAL))
        .isEqualTo(DAYS - from - Worlds.HORIZON);
    long newest = Worlds.day(DAYS - Worlds.HORIZON - 1).getEpochSecond();
    assertThat(tuner.count(Metric.TUNING_JUDGED_TIMESTAMP_SECONDS)).isEqualTo(newest);
    assertThat(tuner.events(Kind.TRAINED).get(0).evidence().get("windows"))
        .isGreaterThan(from - Worlds.HISTORY - 1.0);
    OperatorSubtaskState snapshot = tuner.snapshot(1);
    tuner.close();
    tuner = new TuneHarness(stream, store(), List.of(first), snapshot);
    assertThat(tuner.count(Metric.TUNING_JUDGED_TIMESTAMP_SECONDS)).isEqualTo(newest);
  }

  /** Written after 60 days; the first when it was one array, the second with the fields first. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theStateOfAnOlderVersionIsGoneOnFrom(int sample) throws Exception {
    List<float[]> series = changing();
    Champion champion = champion(Worlds.weights(SLOW, series));
    start(champion, stored(sample));
    tuner.announce(champion); // the same in other bytes than those that the first sample names
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
      tuner.hand(calm(Samples.T2M, grid, day));
    }
    OperatorSubtaskState snapshot = tuner.snapshot(1);
    tuner.close();
    tuner = new TuneHarness(stream, store(), List.of(), snapshot);
    assertThat(tuner.count(Metric.TUNING_REPLAY_BYTES))
        .isEqualTo(4L * fields * grid.cells())
        .isGreaterThan(1 << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"moved", "larger", "renamed"})
  void ofAnotherGridOrVariableLearningBeginsAnew(String how) throws Exception {
    StreamSettings stream = Worlds.stream().withTuning(tuning(1));
    tuner = new TuneHarness(stream, store(), List.of(), null);
    for (int day = 0; day < 30; day++) {
      tuner.hand(calm(Samples.T2M, Samples.GRID, day));
    }
    tuner = goneOn(changed(stream, how));
    assertThat(tuner.count(Metric.TUNING_REPLAY_BYTES)).isZero();
    Variable variable = how.equals("renamed") ? Samples.U10 : Samples.T2M;
    Grid grid = changed(stream, how).grid();
    for (int day = 30; day < 40; day++) {
      tuner.hand(calm(variable, grid, day));
    }
    tuner = goneOn(changed(stream, how));
    assertThat(tuner.count(Metric.TUNING_REPLAY_BYTES)).isEqualTo(4L * 10 * grid.cells());
  }

  /** The state holds no grid; of another length its fields cannot be of this one. */
  @Test
  void theStateOfAnOlderVersionOfALargerGridIsLetGo() throws Exception {
    StreamSettings larger = changed(Worlds.stream().withTuning(tuning(1)), "larger");
    tuner = new TuneHarness(larger, store(), List.of(), stored(1));
    assertThat(tuner.count(Metric.TUNING_REPLAY_BYTES)).isZero();
    tuner.receive(calm(Samples.T2M, larger.grid(), 60));
    assertThat(tuner.count(Metric.TUNING_REPLAY_BYTES)).isEqualTo(4L * larger.grid().cells());
  }

  /** The same two in another order have fields of the same length. */
  @ParameterizedTest
  @CsvSource({"t2m, u10, 2", "u10, t2m, 0"})
  void aFieldThatWaitsForItsOtherVariableIsOfTheSameStream(
      String first, String second, int completed) throws Exception {
    StreamVariable t2m = new StreamVariable("t2m", "K");
    StreamVariable u10 = new StreamVariable("u10", "m s-1");
    StreamSettings stream = Worlds.stream().withTuning(tuning(1));
    tuner = new TuneHarness(stream.withVariables(List.of(t2m, u10)), store(), List.of(), null);
    tuner.hand(calm(Samples.T2M, Samples.GRID, 0));
    List<StreamVariable> variables =
        List.of(first.equals("t2m") ? t2m : u10, second.equals("t2m") ? t2m : u10);
    tuner = goneOn(stream.withVariables(variables));
    tuner.hand(calm(Samples.U10, Samples.GRID, 0));
    assertThat(tuner.count(Metric.TUNING_REPLAY_BYTES))
        .isEqualTo(4L * completed * Samples.GRID.cells());
  }

  /** A provisional field that comes after the final one, or a better one after both variables. */
  @ParameterizedTest
  @CsvSource({"t2m 1, u10 1, t2m 0", "t2m 0, u10 1, t2m 1", "u10 1, t2m 0, t2m 1"})
  void revisionsComeToTheSameInWhateverOrder(String first, String second, String third)
      throws Exception {
    byte[] finalOnes = stateAfter("t2m 1", "u10 1");
    assertThat(stateAfter(first, second, third)).isEqualTo(finalOnes);
    assertThat(stateAfter("t2m 0", "u10 1")).isNotEqualTo(finalOnes);
  }

  /** Each with the number of its revision as value. */
  private byte[] stateAfter(String... fields) throws Exception {
    StreamSettings two =
        Worlds.stream()
            .withTuning(tuning(1))
            .withVariables(
                List.of(new StreamVariable("t2m", "K"), new StreamVariable("u10", "m s-1")));
    try (TuneHarness harness = new TuneHarness(two, store(), List.of(), null)) {
      for (String field : fields) {
        String[] words = field.split(" ");
        Variable variable = words[0].equals("t2m") ? Samples.T2M : Samples.U10;
        int revision = Integer.parseInt(words[1]);
        float[] values = new float[Samples.GRID.cells()];
        Arrays.fill(values, revision);
        Frame frame = new Frame(variable, Samples.GRID, Worlds.day(0));
        harness.hand(new Field(frame, revision, Samples.ORIGIN, values));
      }
      var handle = harness.snapshot(1).getManagedOperatorState().iterator().next();
      try (InputStream in = handle.openInputStream()) {
        return in.readAllBytes();
      }
    }
  }

  private static OperatorSubtaskState stored(int sample) throws Exception {
    String file = "learning-" + sample + ".state";
    return OperatorSnapshotUtil.readStateHandle(
        Path.of(TuneOperatorTest.class.getResource(file).toURI()).toString());
  }

  private static StreamSettings changed(StreamSettings stream, String how) {
    return switch (how) {
      case "moved" -> stream.withGrid(new Grid(2, 3, 50, 10, 10, 10));
      case "larger" -> stream.withGrid(new Grid(3, 3, 50, 0, 10, 10));
      default -> stream.withVariables(List.of(new StreamVariable("u10", "m s-1")));
    };
  }

  /** After a restart with other settings. */
  private TuneHarness goneOn(StreamSettings stream) throws Exception {
    OperatorSubtaskState snapshot = tuner.snapshot(1);
    tuner.close();
    return new TuneHarness(stream, store(), List.of(), snapshot);
  }

  private static Field calm(Variable variable, Grid grid, int day) {
    Frame frame = new Frame(variable, grid, Worlds.day(day));
    return new Field(frame, 1, Samples.ORIGIN, new float[grid.cells()]);
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
    Files.move(Path.of(store().location(first.weightsSha256())), elsewhere);
    start(first, null);
    for (int day = 0; day < 130; day++) {
      receive(day, series.get(day));
    }
    assertThat(tuner.events).isEmpty();
    Files.move(elsewhere, Path.of(store().location(first.weightsSha256())));
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

  /** Else a fresh start would serve it, and a running job the promotion. */
  @Test
  void whomSomebodyNamedBesideAPromotionIsNamedAgainAfterIt() throws Exception {
    List<float[]> series = changing();
    Champion first = champion(Worlds.weights(SLOW, series));
    Champion promoted = first.then("smnn", "b".repeat(64), Worlds.day(5)).byTuning();
    start(promoted, null);
    receive(0, series.get(0));
    tuner.announce(first.then("smnn", "c".repeat(64), Worlds.day(4)));
    tuner.drain();
    assertThat(tuner.promoted)
        .singleElement()
        .matches(champion -> champion.weightsSha256().startsWith("c"))
        .matches(champion -> champion.follows(first) && !champion.follows(promoted))
        .matches(champion -> champion.effectiveFrom().equals(Worlds.day(5)));
    assertThat(tuner.events(Kind.ADOPTED))
        .singleElement()
        .extracting(ModelEvent::reason)
        .asString()
        .contains("when another was promoted");
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

  /** Writes a new sample; arguments are the folder, the number and an empty folder. */
  public static void main(String[] arguments) throws Exception {
    List<float[]> series = changing();
    WeightsStore store = new WeightsStore(Path.of(arguments[2]));
    Champion first =
        new Champion("t2m", "smnn", store.put(Worlds.weights(SLOW, series)), Champion.ALWAYS, null);
    StreamSettings stream = Worlds.stream().withTuning(tuning(1));
    try (TuneHarness harness = new TuneHarness(stream, store, List.of(first), null)) {
      for (int day = 0; day < 60; day++) {
        harness.receive(Worlds.field(day, series.get(day)));
      }
      OperatorSnapshotUtil.writeStateHandle(
          harness.snapshot(1),
          Path.of(arguments[0]).resolve("learning-" + arguments[1] + ".state").toString());
    }
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
                .longRun(false)
                .replayMebibytes(replayMebibytes));
  }

  private void receive(int day, float[] values) throws Exception {
    tuner.receive(Worlds.field(day, values));
  }
}
