package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import etesian.ingest.field.Grid;
import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.ChampionTimeline;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.DriftDetector.DriftDetectorCodec;
import etesian.pipeline.learn.Learning.Outcome;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Learning of whole simulated streams, by S-MNN. */
class LearningTest {
  private static final StreamSettings STREAM = Worlds.stream();
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final double SLOW = 0.1;
  private static final double FAST = 0.9;
  private static final int CHANGE = 500;

  /** Long enough to know what is normal: else a lesson has something to find. */
  private static final List<float[]> LONG = Worlds.series(20_000, 99, day -> SLOW);

  @TempDir private Path folder;
  private WeightsStore store;
  private final List<ModelEvent> events = new ArrayList<>();
  private final List<Champion> promoted = new ArrayList<>();

  @BeforeEach
  void openStore() {
    store = new WeightsStore(folder);
  }

  @Test
  void afterTheWorldHasChangedAChallengerEarnsItsPlace() {
    List<float[]> series = Worlds.series(1500, 1, day -> day < CHANGE ? SLOW : FAST);
    Champion first = champion(Worlds.weights(SLOW, LONG));
    learn(first, tuning(), series);

    assertThat(kinds()).contains(Kind.DRIFT, Kind.TRAINED, Kind.CANDIDATE, Kind.PROMOTED);
    assertThat(promoted).isNotEmpty();
    Champion second = promoted.get(0);
    assertThat(second.parent()).isEqualTo(first.weightsSha256());
    assertThat(promoted).anyMatch(c -> c.effectiveFrom().isAfter(Worlds.day(CHANGE)));
    assertThat(store.get(second.weightsSha256()).metadata())
        .containsEntry("lineage.parent", first.weightsSha256());
    ModelEvent promotion = event(Kind.PROMOTED);
    assertThat(promotion.evidence().get("e_value")).isGreaterThanOrEqualTo(100);
    assertThat(promotion.evidence().get("relative_gain")).isPositive();
    assertThat(promotion.effectiveFrom()).isEqualTo(second.effectiveFrom());
    ChampionTimeline timeline = new ChampionTimeline();
    timeline.add(promoted.get(promoted.size() - 1));
    assertThat(timeline.at(Worlds.day(100)))
        .map(Champion::weightsSha256)
        .contains(first.weightsSha256());
  }

  /** There is something to find: the first weights smooth what needs no smoothing. */
  @Test
  void whatIsPromotedInAWorldThatStaysIsBetter() {
    List<float[]> series = Worlds.series(1500, 2, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, LONG));
    learn(first, tuning(), series);
    assertThat(promoted).isNotEmpty();
    List<float[]> later = Worlds.series(1000, 3, day -> SLOW);
    double before = loss(first.weightsSha256(), later);
    for (Champion champion : promoted) {
      assertThat(loss(champion.weightsSha256(), later)).isLessThan(before);
    }
  }

  private double loss(String sha256, List<float[]> series) {
    Shadow shadow = new Shadow(STREAM);
    double sum = 0;
    try (Forecaster model = Forecasters.load(store.get(sha256), STREAM)) {
      for (int day = Worlds.HISTORY; day + Worlds.HORIZON <= series.size(); day++) {
        List<float[]> fields = series.subList(day - Worlds.HISTORY, day + Worlds.HORIZON);
        for (double loss : shadow.losses(model, new Window(Worlds.day(day - 1), fields))) {
          sum += loss;
        }
      }
    }
    return sum;
  }

  /** A candidate that is right for a while is promoted; then the old world comes back. */
  @Test
  void whenTheOldWorldComesBackTheChampionBeforeServesAgain() {
    List<float[]> series = Worlds.series(1500, 3, day -> day < CHANGE ? FAST : SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Tutor fast =
        (sha256, champion, windows, lesson) ->
            lesson == 0
                ? Tutor.Lesson.of(Worlds.weights(FAST, series), Map.of())
                : Tutor.Lesson.failed("no second lesson", Map.of());
    learn(first, tuning(60, false, 0.01), series, fast);
    assertThat(promoted)
        .extracting(Champion::weightsSha256)
        .containsExactly(store.put(Worlds.weights(FAST, series)), first.weightsSha256());
    assertThat(promoted.get(1).effectiveFrom()).isAfter(Worlds.day(CHANGE));
    ModelEvent back = event(Kind.ROLLED_BACK);
    assertThat(back.weightsSha256()).isEqualTo(first.weightsSha256());
    assertThat(back.evidence().get("e_value")).isGreaterThanOrEqualTo(100);
  }

  @Test
  void aPlantedBadChallengerIsNeverPromoted() {
    List<float[]> series = Worlds.series(900, 4, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series.subList(0, CHANGE)));
    Tutor noisy =
        (sha256, champion, windows, lesson) -> {
          double decay = SLOW * Math.exp(new Random(lesson).nextBoolean() ? 1.5 : -1.5);
          return Tutor.Lesson.of(
              Worlds.weights(decay, series.subList(0, CHANGE - lesson)), Map.of());
        };
    learn(first, tuning(50, false, 0.01), series, noisy);
    assertThat(kinds()).contains(Kind.CANDIDATE).doesNotContain(Kind.PROMOTED);
  }

  @Test
  void aConstantFieldTeachesNothingAndSaysSo() {
    List<float[]> series = Worlds.series(CHANGE, 5, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    List<float[]> stuck = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      stuck.add(series.get(0));
    }
    learn(first, tuning(), stuck);
    assertThat(promoted).isEmpty();
    assertThat(event(Kind.REFUSED).reason()).contains("are the same");
  }

  @Test
  void aTutorThatFailsLeavesTheChampionServing() {
    List<float[]> series = Worlds.series(400, 6, day -> SLOW);
    Tutor failing =
        (sha256, champion, windows, lesson) -> Tutor.Lesson.failed("a NaN loss", Map.of());
    learn(champion(Worlds.weights(SLOW, series)), tuning(), series, failing);
    assertThat(event(Kind.REFUSED).reason()).isEqualTo("a NaN loss");
    assertThat(promoted).isEmpty();
  }

  @Test
  void theEventCountsTheWindowsThatTaught() {
    List<float[]> series = Worlds.series(200, 6, day -> SLOW);
    Weights other = Worlds.weights(FAST, series);
    Tutor choosy =
        (sha256, champion, windows, lesson) ->
            Tutor.Lesson.of(other, Map.of(Tutor.WINDOWS_TAUGHT, 7.0));
    learn(champion(Worlds.weights(SLOW, series)), tuning(), series, choosy);
    assertThat(event(Kind.TRAINED).reason()).isEqualTo("fine-tuned on 7 windows");
  }

  /** Else a job that restarts would begin the same lesson again, and forecast no more. */
  @Test
  void aLessonThatTakesTooMuchMemoryLeavesTheChampionServing() {
    List<float[]> series = Worlds.series(200, 6, day -> SLOW);
    Tutor greedy =
        (sha256, champion, windows, lesson) -> {
          throw new OutOfMemoryError("Java heap space");
        };
    learn(champion(Worlds.weights(SLOW, series)), tuning(), series, greedy);
    assertThat(event(Kind.REFUSED).reason()).contains("more memory", "lower replay_mebibytes");
    assertThat(promoted).isEmpty();
  }

  @Test
  void weightsOfAnotherStreamAreRefusedOnceAndNobodyStumbles() {
    List<float[]> series = Worlds.series(400, 7, day -> SLOW);
    Weights good = Worlds.weights(SLOW, series);
    Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
    metadata.put("stream.grid", "9 9 50.0 0.0 10.0 10.0");
    Tutor wrong =
        (sha256, champion, windows, lesson) ->
            Tutor.Lesson.of(new Weights(metadata, good.tensors()), Map.of());
    learn(champion(good), tuning(), series, wrong);
    assertThat(events.stream().filter(e -> e.event() == Kind.REFUSED))
        .isNotEmpty()
        .allMatch(e -> e.reason().contains("the weights are for"));
    assertThat(promoted).isEmpty();
  }

  /** A gap of a year: no window reaches over it, and learning goes on after it. */
  @Test
  void aStreamThatStopsForMonthsGoesOn() {
    List<float[]> series = Worlds.series(1200, 8, day -> SLOW);
    Learning learning = learning(champion(Worlds.weights(SLOW, series)), tuning());
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
      for (int day = 0; day < 1200; day++) {
        if (day < 300 || day >= 700) {
          learning.observe(Worlds.day(day), series.get(day));
          note(LearningLoop.catchUp(learning, workshop, NOW));
        }
      }
    }
    assertThat(events.stream().map(ModelEvent::issueTime))
        .noneMatch(time -> time.isAfter(Worlds.day(299)) && time.isBefore(Worlds.day(700)))
        .anyMatch(time -> time.isAfter(Worlds.day(700)));
    assertThat(events.stream().filter(e -> e.event() == Kind.REFUSED))
        .singleElement()
        .matches(e -> e.reason().contains("no window is whole between"));
  }

  @Test
  void afterARestartTheSameDecisionsAreMade() throws IOException {
    List<float[]> series = Worlds.series(1100, 1, day -> day < CHANGE ? SLOW : FAST);
    Champion first = champion(Worlds.weights(SLOW, series.subList(0, CHANGE)));
    learn(first, tuning(), series);
    List<ModelEvent> whole = List.copyOf(events);
    events.clear();

    LearningCodec codec = new LearningCodec(STREAM, tuning());
    Learning learning = learning(first, tuning());
    for (int day = 0; day < series.size(); day++) {
      try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
        learning.observe(Worlds.day(day), series.get(day));
        note(LearningLoop.catchUp(learning, workshop, NOW));
      }
      if (day % 100 == 99) {
        learning = PromotionTestTest.roundTrip(codec, learning);
      }
    }
    assertThat(events).isEqualTo(whole);
  }

  /** Written by 0.1.0 while a candidate was beside its champion. */
  @Test
  void aContestOfAnOlderVersionBeginsAnew() throws IOException {
    TuningSettings tuning =
        TuningSettings.OFF.with(
            t ->
                t.every(60)
                    .atLeast(20)
                    .rank(1)
                    .steps(5)
                    .learningRate(0.05)
                    .blocks(60)
                    .replayMebibytes(1));
    LearningCodec codec = new LearningCodec(STREAM, tuning);
    Learning learning;
    try (DataInputStream in =
        new DataInputStream(
            new GZIPInputStream(LearningTest.class.getResourceAsStream("contest-1.state.gz")))) {
      learning = codec.read(in);
      assertThat(in.read()).as("it is read to its end").isEqualTo(-1);
    }
    String candidate = "167f3d6e5db0bd8aaec0e15fb27838f8fe19e65a1ce37fd69f1a36471db21be4";
    assertThat(learning.candidate()).isEqualTo(candidate);
    assertThat(learning.champion().orElseThrow().weightsSha256()).startsWith("1a2c9fd2bb6ad77e");
    learning.observe(Worlds.day(90), Worlds.series(91, 5, day -> SLOW).get(90));
    assertThat(learning.contestants()).contains(candidate);
    assertThat(learning.evidence()).as("no bets yet").isZero();
    assertThat(PromotionTestTest.roundTrip(codec, learning).candidate()).isEqualTo(candidate);

    ByteArrayOutputStream anew = new ByteArrayOutputStream();
    for (int detectors = 0; detectors < 3; detectors++) {
      new DriftDetectorCodec()
          .write(new DriftDetector(DriftDetector.Rule.DEFAULT), new DataOutputStream(anew));
    }
    assertThat(bytes(codec, learning))
        .as("detectors of an older rule begin anew")
        .containsSequence(anew.toByteArray());
  }

  private static byte[] bytes(LearningCodec codec, Learning learning) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    codec.write(learning, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Test
  void aChampionFromOutsideEndsTheContest() {
    List<float[]> series = Worlds.series(300, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Learning learning = learning(first, tuning(60, false, 0.01));
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
      int day = 0;
      while (learning.candidate().isEmpty()) {
        learning.observe(Worlds.day(day), series.get(day++));
        LearningLoop.catchUp(learning, workshop, NOW);
      }
      String candidate = learning.candidate();
      String manual = store.put(Worlds.weights(0.2, series));
      Champion other = first.then("smnn", manual, Worlds.day(day));
      List<ModelEvent> said = learning.crown(other, NOW);
      assertThat(said).extracting(ModelEvent::event).containsExactly(Kind.ADOPTED, Kind.REJECTED);
      assertThat(said).extracting(ModelEvent::weightsSha256).containsExactly(manual, candidate);
      assertThat(said.get(0).reason()).contains("made champion elsewhere");
      assertThat(learning.contestants()).containsExactly(manual);
      assertThat(learning.candidate()).isEmpty();
      assertThat(learning.crown(first, NOW)).as("an old record").isEmpty();
      assertThat(learning.crown(other, NOW)).as("once more").isEmpty();
      assertThat(learning.champion()).contains(other);
    }
  }

  /** The forecasts pass it over, too: whoever served before goes on. */
  @Test
  void aChampionFromOutsideThatCannotForecastIsRefusedAndTheOneBeforeGoesOn() throws IOException {
    List<float[]> series = Worlds.series(300, 9, day -> SLOW);
    Weights good = Worlds.weights(SLOW, series);
    Champion first = champion(good);
    Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
    metadata.put("stream.grid", "9 9 50.0 0.0 10.0 10.0");
    String broken = store.put(new Weights(metadata, good.tensors()));
    LearningCodec codec = new LearningCodec(STREAM, tuning());
    Learning learning = learning(first, tuning());
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
      for (int day = 0; day < 200; day++) {
        learning.observe(Worlds.day(day), series.get(day));
        note(LearningLoop.catchUp(learning, workshop, NOW));
        if (day == 100) {
          learning.crown(first.then("smnn", broken, Worlds.day(day)), NOW);
          learning = PromotionTestTest.roundTrip(codec, learning);
        } else if (day > 100) { // a restart reads the topic
          learning.begin(List.of(first, first.then("smnn", broken, Worlds.day(100))), NOW);
        }
      }
    }
    assertThat(events.stream().filter(e -> broken.equals(e.weightsSha256())))
        .singleElement()
        .matches(e -> e.event() == Kind.REFUSED && e.reason().contains("the weights are for"));
    assertThat(learning.champion()).contains(first);
    assertThat(learning.candidate()).as("lessons go on").isNotEmpty();
  }

  /**
   * Of several the newest usable one, as with the forecasts; whoever announces it again means it.
   */
  @Test
  void championsThatCannotForecastAreLetGoOfOneByOne() throws IOException {
    List<float[]> series = Worlds.series(130, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Champion second = first.then("smnn", "b".repeat(64), Worlds.day(30));
    Champion third = new Champion("t2m", "smnn", damaged(series), Worlds.day(40), null);
    LearningCodec codec = new LearningCodec(STREAM, tuning());
    for (boolean announcedAtStart : new boolean[] {true, false}) {
      events.clear();
      Learning learning = new Learning(STREAM, tuning());
      if (announcedAtStart) {
        assertThat(learning.begin(List.of(first, second, third), NOW)).as("adopted").isEmpty();
      } else {
        for (Champion champion : List.of(first, second, third)) {
          learning.crown(champion, NOW);
        }
      }
      learning = PromotionTestTest.roundTrip(codec, learning);
      Tutor none = (sha256, champion, windows, lesson) -> Tutor.Lesson.failed("none", Map.of());
      try (Workshop workshop = workshop(none)) {
        follow(learning, workshop, series, 0, 20);
        assertThat(learning.champion().map(Champion::weightsSha256))
            .contains(first.weightsSha256());
        assertThat(refusedWeights()).containsExactly(third.weightsSha256(), second.weightsSha256());
        learning = PromotionTestTest.roundTrip(codec, learning);
        assertThat(learning.begin(List.of(first, second, third), NOW)).isEmpty();
        learning.crown(second, NOW);
        assertThat(learning.champion()).contains(second);
        follow(learning, workshop, series, 20, 40);
        assertThat(learning.champion().map(Champion::weightsSha256))
            .contains(first.weightsSha256());
        assertThat(refusedWeights()).hasSize(3);
      }
    }
  }

  /** The compacted topic holds the last record alone, and that knows of those before. */
  @Test
  void aFirstChampionThatCannotForecastGivesWayToTheOneItNames() {
    List<float[]> series = Worlds.series(60, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Learning learning = new Learning(STREAM, tuning());
    learning.begin(List.of(first.then("smnn", damaged(series), Worlds.day(10))), NOW);
    try (Workshop workshop = workshop((sha256, champion, windows, lesson) -> null)) {
      follow(learning, workshop, series, 0, 20);
    }
    assertThat(learning.champion()).contains(first);
  }

  /** Its file can be learned from and not forecast with: that says nothing for the candidate. */
  @Test
  void nothingIsWonAgainstAChampionThatCannotForecast() {
    List<float[]> series = Worlds.series(400, 9, day -> SLOW);
    Tutor tutor =
        (sha256, champion, windows, lesson) ->
            Tutor.Lesson.of(Worlds.weights(SLOW - 0.001 * lesson, series), Map.of());
    learn(
        new Champion("t2m", "smnn", damaged(series), Champion.ALWAYS, null),
        tuning(60, false, 0.01),
        series,
        tutor);
    assertThat(kinds()).contains(Kind.CANDIDATE).doesNotContain(Kind.PROMOTED);
    assertThat(kinds()).containsOnlyOnce(Kind.REFUSED);
  }

  @Test
  void candidatesBesideAChampionThatCannotForecastAreRejected() {
    List<float[]> series = Worlds.series(300, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Learning learning = learning(first, tuning(60, false, 0.01));
    learning.crown(first.then("smnn", store.put(Worlds.weights(0.2, series)), Worlds.day(5)), NOW);
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
      int day = 0;
      while (learning.candidate().isEmpty()) {
        follow(learning, workshop, series, day, ++day);
      }
    }
    String candidate = learning.candidate();
    assertThat(learning.drop(learning.champion().orElseThrow().weightsSha256(), NOW))
        .extracting(ModelEvent::event, ModelEvent::weightsSha256)
        .containsExactly(tuple(Kind.REJECTED, candidate));
    assertThat(learning.champion()).contains(first);
    assertThat(learning.candidate()).isEmpty();
  }

  @Test
  void aFileThatIsAwayForAMomentIsWaitedFor() throws IOException {
    List<float[]> series = Worlds.series(60, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Path file = Path.of(store.location(first.weightsSha256()));
    Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
    Learning learning = learning(first, tuning());
    Tutor none = (sha256, champion, windows, lesson) -> Tutor.Lesson.failed("none", Map.of());
    try (Workshop workshop = new Workshop(STREAM, store, none, Duration.ofMinutes(9))) {
      follow(learning, workshop, series, 0, 30);
      assertThat(events).isEmpty();
      Files.move(elsewhere, file);
      assertThat(LearningLoop.catchUp(learning, workshop, NOW)).as("judged").hasSizeGreaterThan(20);
      assertThat(events).isEmpty();
    }
  }

  /** An archive at once: all fields are there when the first window is judged. */
  @Test
  void promotionsBetweenTwoFieldsServeFromTheNextOneAndAreGuardedMeanwhile() throws IOException {
    int back = 500;
    List<float[]> series = Worlds.series(1000, 3, day -> day < back ? FAST : SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Tutor fast =
        (sha256, champion, windows, lesson) ->
            Tutor.Lesson.of(Worlds.weights(FAST - 0.01 * lesson, series), Map.of());
    Learning learning = learning(first, tuning(60, false, 0.01));
    for (int day = 0; day < series.size(); day++) {
      learning.observe(Worlds.day(day), series.get(day));
    }
    try (Workshop workshop = workshop(fast)) {
      note(LearningLoop.catchUp(learning, workshop, NOW));
    }
    assertThat(kinds()).contains(Kind.ROLLED_BACK);
    assertThat(promoted)
        .hasSizeGreaterThan(2)
        .allMatch(champion -> champion.effectiveFrom().equals(Worlds.day(series.size())));
    Champion last = promoted.get(promoted.size() - 1);
    learning = PromotionTestTest.roundTrip(new LearningCodec(STREAM, tuning()), learning);
    for (Champion own : promoted) { // the topic brings them back
      assertThat(learning.crown(own, NOW)).isEmpty();
    }
    assertThat(learning.champion()).contains(last);
  }

  /** One MiB holds the newest some thousand days of these fields. */
  @Test
  void learningThatFallsBehindItsBufferSaysSo() {
    List<float[]> series = Worlds.series(40, 9, day -> SLOW);
    Learning learning = learning(champion(Worlds.weights(SLOW, series)), tuning());
    try (Workshop workshop = workshop((sha256, champion, windows, lesson) -> null)) {
      follow(learning, workshop, series, 0, 20);
      for (int day = 20; day < 30_000; day++) {
        learning.observe(Worlds.day(day), series.get(day % 40));
      }
      note(LearningLoop.catchUp(learning, workshop, NOW).subList(0, 1));
    }
    assertThat(event(Kind.REFUSED).reason()).contains("learning fell behind");
  }

  /** Else a stream whose verify_leads were changed never started again. */
  @Test
  void betsOnOtherLeadsBeginAnew() throws IOException {
    List<float[]> series = Worlds.series(300, 9, day -> SLOW);
    Learning learning = learning(champion(Worlds.weights(FAST, series)), tuning(60, false, 0.01));
    StreamSettings oneLead = Worlds.stream(List.of(1));
    TuningSettings tuning = tuning(60, false, 0.01);
    Tutor tutor = Tutors.of(STREAM, tuning, store);
    int day = 0;
    try (Workshop workshop = workshop(tutor)) {
      while (learning.evidence() == 0) {
        follow(learning, workshop, series, day, ++day);
      }
    }
    String candidate = learning.candidate();
    byte[] stored = bytes(new LearningCodec(STREAM, tuning), learning);
    Learning restored =
        new LearningCodec(oneLead, tuning)
            .read(new DataInputStream(new ByteArrayInputStream(stored)));
    try (Workshop workshop = new Workshop(oneLead, store, tutor)) {
      follow(restored, workshop, series, day, day + 12);
    }
    assertThat(restored.candidate()).isEqualTo(candidate);
  }

  private void follow(
      Learning learning, Workshop workshop, List<float[]> series, int from, int to) {
    for (int day = from; day < to; day++) {
      learning.observe(Worlds.day(day), series.get(day));
      note(LearningLoop.catchUp(learning, workshop, NOW));
    }
  }

  private List<String> refusedWeights() {
    return events.stream()
        .filter(e -> e.event() == Kind.REFUSED && !e.reason().equals("none"))
        .map(ModelEvent::weightsSha256)
        .toList();
  }

  /** Weights that lack an entry which every reader asks for. */
  private String damaged(List<float[]> series) {
    Weights good = Worlds.weights(SLOW, series);
    Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
    metadata.remove("stream.channels");
    return store.put(new Weights(metadata, good.tensors()));
  }

  /** Once lessons have won, each takes its place after a block's windows, until the guard bites. */
  @Test
  void lessonsThatHaveWonAreFollowedUntilTheChampionBeforeIsBetter() {
    int back = 1000;
    List<float[]> series = Worlds.series(2200, 3, day -> day < back ? FAST : SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Tutor fast =
        (sha256, champion, windows, lesson) ->
            Tutor.Lesson.of(Worlds.weights(FAST - 0.01 * lesson, series), Map.of());
    Learning learning = learning(first, tuning(60, false, 0.01));
    boolean wasTrusted = false;
    try (Workshop workshop = workshop(fast)) {
      for (int day = 0; day < series.size() && kinds().stream().noneMatch(this::isBack); day++) {
        learning.observe(Worlds.day(day), series.get(day));
        note(LearningLoop.catchUp(learning, workshop, NOW));
        wasTrusted |= learning.isTrusted();
      }
    }
    assertThat(wasTrusted).isTrue();
    assertThat(events.stream().filter(e -> e.event() == Kind.PROMOTED).map(ModelEvent::reason))
        .first()
        .asString()
        .contains("better than the champion");
    assertThat(events.stream().filter(e -> e.event() == Kind.PROMOTED).skip(1))
        .hasSizeGreaterThan(2)
        .allMatch(e -> e.reason().contains("trusted"));
    assertThat(event(Kind.ROLLED_BACK).weightsSha256()).isEqualTo(first.weightsSha256());
    assertThat(learning.isTrusted()).isFalse();
    assertThat(learning.champion().orElseThrow().weightsSha256()).isEqualTo(first.weightsSha256());
  }

  private boolean isBack(Kind kind) {
    return kind == Kind.ROLLED_BACK;
  }

  /** What is normal moves by two deviations; the dynamics stay. */
  @Test
  void aMeanThatMovesIsNoticedInTheInput() {
    List<float[]> series =
        Worlds.series(
            400,
            4,
            new Worlds.Physics() {
              @Override
              public double decay(int day) {
                return FAST;
              }

              @Override
              public double mean(int day) {
                return day < 300 ? 280 : 286;
              }
            });
    learn(champion(Worlds.weights(FAST, series.subList(0, 300))), tuning(0, true, 0.01), series);
    assertThat(
            events.stream().filter(e -> e.reason().contains("the mean of the fields has gone up")))
        .isNotEmpty()
        .allMatch(e -> e.issueTime().isAfter(Worlds.day(298)));
  }

  /** Its normal is another, and all fields are far from it: the world has not moved. */
  @Test
  void anotherNormalOfAnotherChampionIsNoDriftOfTheInput() {
    List<float[]> series = Worlds.series(300, 4, day -> FAST);
    List<float[]> warm = new ArrayList<>();
    for (float[] field : series) {
      float[] warmer = field.clone();
      for (int cell = 0; cell < warmer.length; cell++) {
        warmer[cell] += 6;
      }
      warm.add(warmer);
    }
    Champion first = champion(Worlds.weights(FAST, series));
    Learning learning = learning(first, tuning(0, true, 0.01));
    Tutor none = (sha256, champion, windows, lesson) -> Tutor.Lesson.failed("none", Map.of());
    try (Workshop workshop = workshop(none)) {
      follow(learning, workshop, series, 0, 150);
      String other = store.put(Worlds.weights(FAST, warm));
      learning.crown(first.then("smnn", other, Worlds.day(150)), NOW);
      follow(learning, workshop, series, 150, 300);
    }
    assertThat(events).noneMatch(e -> e.reason().contains("the mean of the fields"));
  }

  /** Of twenty stable worlds of 1000 days. */
  @Test
  void theInputOfAWorldThatStaysIsSeldomCalledADrift() {
    int alarms = 0;
    for (int seed = 0; seed < 20; seed++) {
      List<float[]> series = Worlds.series(1000, 100 + seed, day -> SLOW);
      events.clear();
      Learning learning = learning(champion(Worlds.weights(SLOW, series)), tuning(0, true, 0.01));
      Tutor none = (sha256, champion, windows, lesson) -> Tutor.Lesson.failed("none", Map.of());
      try (Workshop workshop = workshop(none)) {
        for (int day = 0; day < series.size(); day++) {
          learning.observe(Worlds.day(day), series.get(day));
          note(LearningLoop.catchUp(learning, workshop, NOW));
        }
      }
      alarms +=
          (int)
              events.stream()
                  .filter(e -> e.event() == Kind.DRIFT && e.reason().contains("the mean"))
                  .count();
    }
    assertThat(alarms).as("false alarms in 20,000 days").isLessThanOrEqualTo(10);
  }

  /**
   * A fill value that the file does not declare, in a cell of one field or in all of it: what comes
   * after is decided as if it had been missing, and the log says so once.
   */
  @ParameterizedTest
  @CsvSource({"-99999, false", "1e20, true", "9.96921e36, false", "Infinity, true"})
  void aFieldThatIsBrokenDoesNotEndLearning(float fill, boolean wholly) {
    List<float[]> series = Worlds.series(1000, 1, day -> day < CHANGE ? SLOW : FAST);
    Champion first = champion(Worlds.weights(SLOW, LONG));
    learn(first, tuning(), broken(series, Float.NaN, wholly));
    List<Champion> expected = List.copyOf(promoted);
    assertThat(kinds()).contains(Kind.DRIFT, Kind.PROMOTED).doesNotContain(Kind.REFUSED);
    promoted.clear();
    events.clear();
    learn(first, tuning(), broken(series, fill, wholly));
    assertThat(promoted).isEqualTo(expected);
    assertThat(events.stream().filter(e -> e.event() == Kind.REFUSED))
        .singleElement()
        .matches(e -> e.reason().contains("count as missing") && e.issueTime() != null);
  }

  private static List<float[]> broken(List<float[]> series, float fill, boolean wholly) {
    List<float[]> broken = new ArrayList<>(series);
    float[] field = series.get(100).clone();
    Arrays.fill(field, wholly ? 0 : 3, wholly ? field.length : 4, fill);
    broken.set(100, field);
    return broken;
  }

  @Test
  void aBufferThatCannotHoldTheStreamIsRefusedBeforeAnythingRuns() {
    Grid quarterDegree = new Grid(721, 1440, 90, 0, 0.25, 0.25);
    assertThatThrownBy(() -> Learning.check(STREAM.withGrid(quarterDegree), tuning()))
        .hasMessageContaining("stream t2m: a replay buffer of 1048576 bytes is too small")
        .hasMessageContaining("set replay_mebibytes to 951 or more");
  }

  private Champion champion(Weights weights) {
    return new Champion("t2m", "smnn", store.put(weights), Champion.ALWAYS, null);
  }

  private static TuningSettings tuning() {
    return tuning(100, true, 0.01);
  }

  private static TuningSettings tuning(int every, boolean drift, double rate) {
    return TuningSettings.OFF.with(
        t ->
            t.every(every)
                .drift(drift)
                .rank(1)
                .steps(60)
                .learningRate(0.05)
                .falsePromotionRate(rate)
                .blocks(60)
                .replayMebibytes(1));
  }

  private void learn(Champion first, TuningSettings tuning, List<float[]> series) {
    learn(first, tuning, series, Tutors.of(STREAM, tuning, store));
  }

  private void learn(Champion first, TuningSettings tuning, List<float[]> series, Tutor tutor) {
    Learning learning = learning(first, tuning);
    try (Workshop workshop = workshop(tutor)) {
      for (int day = 0; day < series.size(); day++) {
        learning.observe(Worlds.day(day), series.get(day));
        note(LearningLoop.catchUp(learning, workshop, NOW));
      }
    }
  }

  private static Learning learning(Champion first, TuningSettings tuning) {
    Learning learning = new Learning(STREAM, tuning);
    learning.crown(first, NOW);
    return learning;
  }

  private Workshop workshop(Tutor tutor) {
    return new Workshop(STREAM, store, tutor);
  }

  private void note(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      events.addAll(outcome.events());
      outcome.champion().ifPresent(promoted::add);
    }
  }

  private List<Kind> kinds() {
    return events.stream().map(ModelEvent::event).toList();
  }

  private ModelEvent event(Kind kind) {
    return events.stream().filter(e -> e.event() == kind).findFirst().orElseThrow();
  }
}
