package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.ChampionTimeline;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.Learning.LearningCodec;
import etesian.pipeline.learn.Learning.Outcome;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store, List.of()))) {
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
      try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store, List.of()))) {
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
        new TuningSettings(
            60,
            false,
            20,
            TuningSettings.Layers.ALL,
            1,
            5,
            Duration.ofMinutes(1),
            0.05,
            1e-3,
            0,
            0.01,
            60,
            1,
            1);
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
  }

  @Test
  void aChampionFromOutsideEndsTheContest() {
    List<float[]> series = Worlds.series(300, 9, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    Learning learning = learning(first, tuning(60, false, 0.01));
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store, List.of()))) {
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
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store, List.of()))) {
      for (int day = 0; day < 200; day++) {
        learning.observe(Worlds.day(day), series.get(day));
        note(LearningLoop.catchUp(learning, workshop, NOW));
        if (day == 100) {
          learning.crown(first.then("smnn", broken, Worlds.day(day)), NOW);
          learning = PromotionTestTest.roundTrip(codec, learning);
        } else if (day > 100) {
          learning.crown(first.then("smnn", broken, Worlds.day(100)), NOW); // the topic, again
        }
      }
    }
    assertThat(events.stream().filter(e -> broken.equals(e.weightsSha256())))
        .singleElement()
        .matches(e -> e.event() == Kind.REFUSED && e.reason().contains("the weights are for"));
    assertThat(learning.champion()).contains(first);
    assertThat(learning.candidate()).as("lessons go on").isNotEmpty();
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

  /** An instrument that says infinity. */
  @Test
  void aLossThatIsNoNumberTeachesNothing() {
    List<float[]> series = Worlds.series(300, 11, day -> SLOW);
    Champion first = champion(Worlds.weights(SLOW, series));
    for (int day = 0; day < series.size(); day += 2) {
      series.get(day)[3] = Float.POSITIVE_INFINITY;
    }
    learn(first, tuning(60, false, 0.01), series);
    assertThat(events.stream().filter(e -> e.event() == Kind.REFUSED))
        .isNotEmpty()
        .allMatch(e -> first.weightsSha256().equals(e.parent()));
    assertThat(promoted).isEmpty();
  }

  private Champion champion(Weights weights) {
    return new Champion("t2m", "smnn", store.put(weights), Champion.ALWAYS, null);
  }

  private static TuningSettings tuning() {
    return tuning(100, true, 0.01);
  }

  private static TuningSettings tuning(int every, boolean drift, double rate) {
    return new TuningSettings(
        every,
        drift,
        60,
        TuningSettings.Layers.ALL,
        1,
        60,
        Duration.ofMinutes(1),
        0.05,
        1e-3,
        0,
        rate,
        60,
        1,
        1);
  }

  private void learn(Champion first, TuningSettings tuning, List<float[]> series) {
    learn(first, tuning, series, Tutors.of(STREAM, tuning, store, List.of()));
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
