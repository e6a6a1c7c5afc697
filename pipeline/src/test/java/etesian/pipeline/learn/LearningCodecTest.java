package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.DriftDetector.DriftDetectorCodec;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Learning that goes on from what was stored. */
class LearningCodecTest extends LearningFixture {
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
        learning.observe(Worlds.day(day), series.get(day), NOW);
        note(LearningLoop.catchUp(learning, workshop, NOW));
      }
      if (day % 100 == 99) {
        learning = RoundTrip.of(codec, learning);
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
    Learning learning = stored(codec, "contest-1.state.gz");
    String candidate = "167f3d6e5db0bd8aaec0e15fb27838f8fe19e65a1ce37fd69f1a36471db21be4";
    assertThat(learning.candidate()).isEqualTo(candidate);
    assertThat(learning.champion().orElseThrow().weightsSha256()).startsWith("1a2c9fd2bb6ad77e");
    learning.observe(Worlds.day(90), Worlds.series(91, 5, day -> SLOW).get(90), NOW);
    assertThat(learning.contestants()).contains(candidate);
    assertThat(learning.evidence()).as("no bets yet").isZero();
    assertThat(RoundTrip.of(codec, learning).candidate()).isEqualTo(candidate);

    ByteArrayOutputStream anew = new ByteArrayOutputStream();
    for (int detectors = 0; detectors < 3; detectors++) {
      new DriftDetectorCodec()
          .write(new DriftDetector(DriftDetector.Rule.DEFAULT), new DataOutputStream(anew));
    }
    assertThat(bytes(codec, learning))
        .as("detectors of an older rule begin anew")
        .containsSequence(anew.toByteArray());
  }

  /**
   * Written by version 3, while a trusted lesson served and the champion it won against stood by.
   */
  @Test
  void aContestWithoutAPredecessorKeepsItsGuard() throws IOException {
    Learning learning =
        stored(new LearningCodec(STREAM, tuning(60, false, 0.01)), "contest-3.state.gz");
    assertThat(learning.isTrusted()).isTrue();
    Champion champion = learning.champion().orElseThrow();
    assertThat(learning.contestants()).containsExactly(champion.weightsSha256(), champion.parent());
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

  /** Else a stream whose history, horizon or memory were changed never started again. */
  @Test
  void fieldsOfOtherWindowsAndAnotherRoomAreKept() throws IOException {
    List<float[]> series = Worlds.series(300, 9, day -> SLOW);
    Learning learning = learning(champion(Worlds.weights(FAST, series)), tuning());
    for (int day = 0; day < series.size(); day++) {
      learning.observe(Worlds.day(day), series.get(day), NOW);
    }
    byte[] stored = bytes(new LearningCodec(STREAM, tuning()), learning);
    StreamSettings longer = STREAM.withHistory(Worlds.HISTORY + 3);
    TuningSettings roomier = tuning().withReplayMebibytes(2).withSeed(17);
    Learning restored =
        new LearningCodec(longer, roomier)
            .read(new DataInputStream(new ByteArrayInputStream(stored)));
    assertThat(restored.bytes()).isEqualTo(learning.bytes());
    assertThat(restored.window().orElseThrow().issueTime())
        .isEqualTo(Worlds.day(Worlds.HISTORY + 2));
    assertThat(restored.champion()).isEqualTo(learning.champion());
  }

  private static byte[] bytes(LearningCodec codec, Learning learning) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    codec.write(learning, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static Learning stored(LearningCodec codec, String name) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new GZIPInputStream(LearningCodecTest.class.getResourceAsStream(name)))) {
      Learning learning = codec.read(in);
      assertThat(in.read()).as("it is read to its end").isEqualTo(-1);
      return learning;
    }
  }
}
