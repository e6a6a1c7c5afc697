package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.ChampionTimeline;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Learning of whole simulated streams, by S-MNN. */
class LearningTest extends LearningFixture {
  @Test
  void whatWasJudgedStaysJudgedWhenItIsRevised() {
    List<float[]> series = Worlds.series(40, 1, day -> SLOW);
    Learning learning = learning(champion(Worlds.weights(SLOW, series)), tuning());
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
      follow(learning, workshop, series, 0, 30);
      assertThat(learning.window()).isEmpty();
      Field better = Worlds.field(20, series.get(39));
      assertThat(learning.revise(better)).isTrue();
      assertThat(learning.window()).isEmpty();
      assertThat(learning.windows.toLearnFrom())
          .as("it is learned from")
          .anyMatch(window -> Arrays.equals(window.fields().get(5), better.toArray()));
      assertThat(learning.revise(Worlds.field(30, series.get(30)))).as("it is new").isFalse();
    }
  }

  @Test
  void afterTheWorldHasChangedAChallengerEarnsItsPlace() {
    List<float[]> series = Worlds.series(1500, 1, day -> day < CHANGE ? SLOW : FAST);
    Champion first = champion(Worlds.weights(SLOW, LONG));
    learn(first, tuning(), series);

    assertThat(kinds()).contains(Kind.DRIFT, Kind.TRAINED, Kind.CANDIDATE, Kind.PROMOTED);
    assertThat(event(Kind.CANDIDATE).evidence())
        .isEqualTo(event(Kind.TRAINED).evidence())
        .containsKeys("loss_before", "loss_after");
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

  /** Lessons are as good as the champion, then better: believed as the drift was noticed. */
  @Test
  void inTheLongRunAChallengerEarnsItsPlaceInAWorldThatIsKnownToHaveChanged() {
    List<float[]> series = Worlds.series(1500, 1, day -> day < CHANGE ? SLOW : FAST);
    Tutor tutor =
        (sha256, champion, windows, lesson) -> {
          Instant newest = windows.get(windows.size() - 1).issueTime();
          double decay = newest.isBefore(Worlds.day(CHANGE)) ? SLOW : FAST;
          return Tutor.Lesson.of(Worlds.weights(decay + 1e-3 * lesson, LONG), Map.of());
        };
    TuningSettings longRun = tuning(60, true, 0.05).with(t -> t.longRun(true).blocks(200));
    learn(champion(Worlds.weights(SLOW, LONG)), longRun, series, tutor);
    assertThat(kinds()).contains(Kind.DRIFT, Kind.PROMOTED);
    assertThat(promoted.get(0).effectiveFrom()).isAfter(Worlds.day(CHANGE + 200));
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
        learning.observe(Worlds.day(day), series.get(day), NOW);
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

  /** One bad lesson among good ones: better than whom lessons won against, not than the last. */
  @Test
  void aTrustedLessonThatTurnsOutBadGivesWayToTheOneBeforeIt() throws IOException {
    int change = 600;
    int back = 800;
    double between = 0.3;
    List<float[]> series =
        Worlds.series(2200, 3, day -> day < change || day >= back ? FAST : between);
    Champion first = champion(Worlds.weights(SLOW, series));
    Weights good = Worlds.weights(FAST, series);
    Weights bad = Worlds.weights(between, series);
    Tutor tutor =
        (sha256, champion, windows, lesson) -> {
          Instant newest = windows.get(windows.size() - 1).issueTime();
          boolean hasChanged = newest.isAfter(Worlds.day(change + 20));
          return Tutor.Lesson.of(hasChanged ? bad : good, Map.of());
        };
    Learning learning = learning(first, tuning(60, false, 0.01));
    LearningCodec codec = new LearningCodec(STREAM, tuning(60, false, 0.01));
    boolean hasBeenBad = false;
    for (int day = 0; day < series.size() && kinds().stream().noneMatch(this::isBack); day++) {
      try (Workshop workshop = workshop(tutor)) {
        follow(learning, workshop, series, day, day + 1);
      }
      hasBeenBad |= learning.champion().orElseThrow().weightsSha256().equals(store.put(bad));
      if (hasBeenBad && day % 10 == 0) {
        assertThat(learning.contestants()).contains(first.weightsSha256(), store.put(good));
        learning = RoundTrip.of(codec, learning);
      }
    }
    assertThat(hasBeenBad).isTrue();
    ModelEvent rollback = event(Kind.ROLLED_BACK);
    assertThat(rollback.weightsSha256()).isEqualTo(store.put(good));
    assertThat(rollback.parent()).isEqualTo(store.put(bad));
    assertThat(rollback.evidence().get("e_value")).isGreaterThanOrEqualTo(100);
    assertThat(learning.isTrusted()).isFalse();
    assertThat(learning.contestants()).containsExactly(store.put(good));
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
      learning.observe(Worlds.day(day), series.get(day), NOW);
    }
    try (Workshop workshop = workshop(fast)) {
      note(LearningLoop.catchUp(learning, workshop, NOW));
    }
    assertThat(kinds()).contains(Kind.ROLLED_BACK);
    assertThat(promoted)
        .hasSizeGreaterThan(2)
        .allMatch(champion -> champion.effectiveFrom().equals(Worlds.day(series.size())));
    Champion last = promoted.get(promoted.size() - 1);
    learning = RoundTrip.of(new LearningCodec(STREAM, tuning()), learning);
    for (Champion own : promoted) { // the topic brings them back
      assertThat(learning.crown(own, NOW).events()).isEmpty();
    }
    assertThat(learning.champion()).contains(last);
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

  /** What trained a champion says nothing about it, but lessons have it. */
  @Test
  void beforeTheFirstIssueTimeFieldsOnlyTeach() {
    int from = 700;
    Instant first = Worlds.day(from);
    StreamSettings live = STREAM.withIssueFrom(first.minus(Duration.ofHours(9)));
    List<float[]> series = Worlds.series(1500, 1, day -> day < CHANGE ? SLOW : FAST);
    Learning learning = new Learning(live, tuning());
    learning.crown(champion(Worlds.weights(SLOW, series.subList(0, CHANGE))), NOW);
    List<Integer> taught = new ArrayList<>();
    Tutor tutor =
        (sha256, champion, windows, lesson) -> {
          taught.add(windows.size());
          return Tutor.Lesson.of(Worlds.weights(FAST - 0.01 * lesson, series), Map.of());
        };
    try (Workshop workshop = new Workshop(live, store, tutor)) {
      follow(learning, workshop, series, 0, from + Worlds.HORIZON);
      assertThat(events).isEmpty();
      assertThat(taught).isEmpty();
      assertThat(learning.window()).isEmpty();
      assertThat(learning.lesson()).isEmpty();
      follow(learning, workshop, series, from + Worlds.HORIZON, series.size());
    }
    assertThat(taught.get(0))
        .as("windows that lie before")
        .isEqualTo(from + Worlds.HORIZON + 1 - Worlds.HISTORY - Worlds.HORIZON + 1);
    assertThat(kinds()).contains(Kind.PROMOTED);
    assertThat(events.stream().map(ModelEvent::issueTime))
        .startsWith(first)
        .noneMatch(time -> time.isBefore(first));
  }

  /** An archive at once: as when its fields come one by one. */
  @Test
  void anArchiveThatLiesThereIsJudgedFromTheFirstIssueTimeOn() {
    StreamSettings live = STREAM.withIssueFrom(Worlds.day(300));
    List<float[]> series = Worlds.series(330, 1, day -> SLOW);
    Learning learning = new Learning(live, tuning());
    for (int day = 0; day < series.size(); day++) {
      learning.observe(Worlds.day(day), series.get(day), NOW);
    }
    learning.crown(champion(Worlds.weights(SLOW, series)), NOW);
    assertThat(learning.window().map(Window::issueTime)).contains(Worlds.day(300));
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

  /** A gap of a year: no window reaches over it, and learning goes on after it. */
  @Test
  void aStreamThatStopsForMonthsGoesOn() {
    List<float[]> series = Worlds.series(1200, 8, day -> SLOW);
    Learning learning = learning(champion(Worlds.weights(SLOW, series)), tuning());
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
      for (int day = 0; day < 1200; day++) {
        if (day < 300 || day >= 700) {
          learning.observe(Worlds.day(day), series.get(day), NOW);
          note(LearningLoop.catchUp(learning, workshop, NOW));
        }
      }
    }
    assertThat(events.stream().map(ModelEvent::issueTime))
        .noneMatch(time -> time.isAfter(Worlds.day(299)) && time.isBefore(Worlds.day(700)))
        .anyMatch(time -> time.isAfter(Worlds.day(700)));
    assertThat(events.stream().filter(e -> e.event() == Kind.REFUSED))
        .singleElement()
        .matches(e -> e.reason().contains("no window is whole between"))
        .matches(e -> e.evidence().get(Learning.WINDOWS_MISSING) >= 400)
        .matches(e -> e.parent() != null);
  }

  /** One MiB holds the newest some thousand days of these fields. */
  @Test
  void learningThatFallsBehindItsBufferSaysSo() {
    List<float[]> series = Worlds.series(40, 9, day -> SLOW);
    Learning learning = learning(champion(Worlds.weights(SLOW, series)), tuning());
    try (Workshop workshop = workshop((sha256, champion, windows, lesson) -> null)) {
      follow(learning, workshop, series, 0, 20);
      for (int day = 20; day < 30_000; day++) {
        learning.observe(Worlds.day(day), series.get(day % 40), NOW);
      }
      note(LearningLoop.catchUp(learning, workshop, NOW).subList(0, 1));
    }
    assertThat(event(Kind.REFUSED).reason()).contains("learning fell behind");
    assertThat(event(Kind.REFUSED).evidence()).as("no fault of the fields").isEmpty();
  }

  @Test
  void blocksInWhichNoLessonCouldWinAreRefusedBeforeAnythingRuns() {
    TuningSettings few = tuning().with(t -> t.longRun(true).blocks(36));
    assertThatThrownBy(() -> Learning.check(STREAM, few))
        .hasMessageContaining("stream t2m: blocks 36: with long_run")
        .hasMessageContaining("no lesson wins before 37 blocks");
    assertThatThrownBy(() -> new Learning(STREAM, few)).hasMessageContaining("blocks 36");
    Learning.check(STREAM, few.withBlocks(37));
    Learning.check(STREAM, few.withLongRun(false));
  }

  @Test
  void aBufferThatCannotHoldTheStreamIsRefusedBeforeAnythingRuns() {
    Grid quarterDegree = new Grid(721, 1440, 90, 0, 0.25, 0.25);
    assertThatThrownBy(() -> Learning.check(STREAM.withGrid(quarterDegree), tuning()))
        .hasMessageContaining("stream t2m: a replay buffer of 1048576 bytes is too small")
        .hasMessageContaining("set replay_mebibytes to 951 or more");
  }
}
