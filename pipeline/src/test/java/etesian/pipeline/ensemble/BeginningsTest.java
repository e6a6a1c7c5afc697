package etesian.pipeline.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.field.Grid;
import etesian.pipeline.settings.EnsembleSettings;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BeginningsTest {
  private static final Grid GRID = new Grid(5, 8, 60, 0, 10, 10);
  private static final int CELLS = 40;
  private static final Instant ISSUED = Instant.parse("2026-01-02T06:00:00Z");
  private static final List<String> T2M = List.of("t2m");

  @Test
  void theFirstMemberIsTheWindowItselfAndTheOthersHaveNoise() {
    List<float[]> window = List.of(frame(280), frame(281));
    List<Member> members = begin(settings(4, 0.5, false, 0), window);
    assertThat(members).hasSize(4);
    assertThat(members.get(0)).isEqualTo(new Member(0, window));
    for (Member perturbed : members.subList(1, 4)) {
      float[] noise = minus(perturbed.frames().get(0), window.get(0));
      assertThat(rootMeanSquare(noise)).isBetween(0.2, 3.0); // 0.5 of a deviation of 2
      assertThat(minus(perturbed.frames().get(1), window.get(1)))
          .usingComparatorWithPrecision(1e-4f)
          .containsExactly(noise);
    }
    assertThat(members.get(1).frames().get(0)).isNotEqualTo(members.get(2).frames().get(0));
  }

  @Test
  void pairsBeginAroundTheUnperturbedOne() {
    List<float[]> window = List.of(frame(0));
    List<Member> members = begin(settings(5, 1, true, 0), window);
    for (int pair = 1; pair < 5; pair += 2) {
      float[] one = members.get(pair).frames().get(0);
      float[] other = members.get(pair + 1).frames().get(0);
      for (int cell = 0; cell < CELLS; cell++) {
        assertThat(one[cell]).isEqualTo(-other[cell]).isNotZero();
      }
    }
  }

  @Test
  void noiseGrowsWithTheAmplitudeAndWithTheDeviationOfACell() {
    List<float[]> window = List.of(frame(0));
    float[] deviations = new float[CELLS];
    Arrays.fill(deviations, 2);
    deviations[7] = 0;
    deviations[8] = 20;
    float[] small = noise(0.1, window, deviations);
    float[] large = noise(0.3, window, deviations);
    float[] plain = noise(0.1, window, full(2));
    assertThat(small[7]).isZero();
    assertThat(small[8]).isCloseTo(10 * plain[8], within(1e-5f));
    assertThat(large[3]).isCloseTo(3 * small[3], within(1e-5f));
  }

  private static float[] noise(double amplitude, List<float[]> window, float[] deviations) {
    Beginnings beginnings = new Beginnings(settings(2, amplitude, false, 0), "s", GRID);
    return beginnings.of(window, 1, 2, T2M, deviations, ISSUED).get(1).frames().get(0);
  }

  @Test
  void whatIsMissingStaysMissing() {
    float[] holed = frame(280);
    holed[3] = Float.NaN;
    for (Member member : begin(settings(3, 1, false, 0), List.of(holed))) {
      float[] values = member.frames().get(0);
      for (int cell = 0; cell < CELLS; cell++) {
        assertThat(Float.isNaN(values[cell])).isEqualTo(cell == 3);
      }
    }
  }

  @Test
  void laggedMembersBeginWithOlderFramesAndKnowHowFarTheyAreBehind() {
    List<float[]> window = List.of(frame(1), frame(2), frame(3), frame(4));
    List<Member> members = begin(settings(4, 1, false, 2), window); // so the history is 2
    assertThat(members.get(0)).isEqualTo(new Member(0, window.subList(2, 4)));
    assertThat(members.get(1).behind()).isZero();
    assertThat(members.get(2)).isEqualTo(new Member(1, window.subList(1, 3)));
    assertThat(members.get(3)).isEqualTo(new Member(2, window.subList(0, 2)));
  }

  @Test
  void aStepBringsALaggedMemberNearer() {
    Member member = new Member(1, List.of(frame(1), frame(2)));
    float[] next = frame(3);
    Member after = member.after(List.of(next));
    assertThat(after).isEqualTo(new Member(0, List.of(member.frames().get(1), next)));
    assertThat(after.after(List.of(next)).behind()).isZero();
    assertThat(member.after(List.of(frame(8), frame(9), next)).frames().get(1)).isSameAs(next);
  }

  /** A window that waited when the settings changed. */
  @Test
  void whereTheWindowIsTooShortForLaggedMembersOthersTakeTheirPlace() {
    EnsembleSettings settings = settings(4, 1, false, 2);
    List<float[]> window = List.of(frame(1), frame(2));
    List<Member> members =
        new Beginnings(settings, "s", GRID).of(window, 2, 4, T2M, full(2), ISSUED);
    assertThat(members).hasSize(4).extracting(Member::behind).containsOnly(0);
    List<Member> onlyOne =
        new Beginnings(settings, "s", GRID).of(window, 1, 4, T2M, full(2), ISSUED);
    assertThat(onlyOne).extracting(Member::behind).containsExactly(0, 0, 0, 1);
  }

  @Test
  void theSameIsDrawnForTheSameForecastAndAnotherForEveryOther() {
    float[] drawn = drawn("s", "t2m", ISSUED, 0);
    assertThat(drawn("s", "t2m", ISSUED, 0)).isEqualTo(drawn);
    assertThat(drawn("other", "t2m", ISSUED, 0)).isNotEqualTo(drawn);
    assertThat(drawn("s", "msl", ISSUED, 0)).isNotEqualTo(drawn);
    assertThat(drawn("s", "t2m", ISSUED.plusSeconds(3600), 0)).isNotEqualTo(drawn);
    assertThat(drawn("s", "t2m", ISSUED, 1)).isNotEqualTo(drawn);
  }

  private static float[] drawn(String stream, String variable, Instant issueTime, long seed) {
    EnsembleSettings settings =
        new EnsembleSettings(2, 1, 3, 2000, false, 0, List.of(), false, seed);
    return new Beginnings(settings, stream, GRID)
        .of(List.of(frame(0)), 1, 2, List.of(variable), full(1), issueTime)
        .get(1)
        .frames()
        .get(0);
  }

  @Test
  void everyVariableHasItsOwnNoise() {
    float[] both = new float[2 * CELLS];
    float[] deviations = new float[2 * CELLS];
    Arrays.fill(deviations, 1);
    float[] noise =
        new Beginnings(settings(2, 1, false, 0), "s", GRID)
            .of(List.of(both), 1, 2, List.of("t2m", "msl"), deviations, ISSUED)
            .get(1)
            .frames()
            .get(0);
    assertThat(Arrays.copyOf(noise, CELLS)).isEqualTo(seeded("t2m"));
    assertThat(Arrays.copyOfRange(noise, CELLS, 2 * CELLS)).isEqualTo(seeded("msl"));
  }

  private static float[] seeded(String variable) {
    return new RandomField(GRID, 3, 2000).draw(Seeds.of(0, "s", variable, ISSUED, 0));
  }

  private static List<Member> begin(EnsembleSettings settings, List<float[]> window) {
    int history = window.size() - settings.lagged();
    return new Beginnings(settings, "s", GRID)
        .of(window, history, settings.members(), T2M, full(2), ISSUED);
  }

  private static EnsembleSettings settings(
      int members, double amplitude, boolean pairs, int lagged) {
    return new EnsembleSettings(members, amplitude, 3, 2000, pairs, lagged, List.of(), false, 0);
  }

  private static float[] frame(float value) {
    return full(value);
  }

  private static float[] full(float value) {
    float[] all = new float[CELLS];
    Arrays.fill(all, value);
    return all;
  }

  private static float[] minus(float[] a, float[] b) {
    float[] difference = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  private static double rootMeanSquare(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum / values.length);
  }
}
