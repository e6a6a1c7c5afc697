package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.ModelEvent.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields, lessons and weights that are of no use: the champion serves on. */
class RefusalsTest extends LearningFixture {
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
    assertThat(event(Kind.REFUSED).parent()).isEqualTo(first.weightsSha256());
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
    Champion first = champion(good);
    learn(first, tuning(), series, wrong);
    assertThat(events.stream().filter(e -> e.event() == Kind.REFUSED))
        .isNotEmpty()
        .allMatch(e -> e.reason().contains("the weights are for"))
        .allMatch(e -> e.parent().equals(first.weightsSha256()));
    assertThat(promoted).isEmpty();
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
        .matches(e -> e.reason().contains("count as missing") && e.issueTime() != null)
        .matches(e -> e.evidence().get("absurd_values") > 0)
        .matches(e -> e.parent().equals(first.weightsSha256()));
  }

  private static List<float[]> broken(List<float[]> series, float fill, boolean wholly) {
    List<float[]> broken = new ArrayList<>(series);
    float[] field = series.get(100).clone();
    Arrays.fill(field, wholly ? 0 : 3, wholly ? field.length : 4, fill);
    broken.set(100, field);
    return broken;
  }
}
