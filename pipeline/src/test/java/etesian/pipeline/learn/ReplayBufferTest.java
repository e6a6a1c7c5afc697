package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.pipeline.Samples;
import etesian.pipeline.learn.ReplayBuffer.ReplayBufferCodec;
import etesian.pipeline.learn.ReplayBuffer.Shape;
import etesian.pipeline.learn.ReplayBuffer.Window;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Months of fields of ten values; windows of two fields and one target. */
class ReplayBufferTest {
  private static final Instant ANCHOR = Instant.parse("1950-01-01T00:00:00Z");
  private static final TimeStep MONTH = TimeStep.parse("P1M");
  private static final int CELLS = 10;
  private static final int[] FINAL = {1};
  private static final long BYTES = 2L * 3 * 12 * 2 * CELLS * Float.BYTES; // two windows a month

  @Test
  void aFieldCompletesTheWindowWhoseTargetItIs() {
    ReplayBuffer buffer = new ReplayBuffer(shape(1));
    add(buffer, 0, 2);
    assertThat(buffer.firstAfter(Long.MIN_VALUE, 1)).isEmpty();
    add(buffer, 2, 3);
    Window window = buffer.firstAfter(Long.MIN_VALUE, 1).orElseThrow();
    assertThat(buffer.firstAfter(1, 1)).isEmpty();
    assertThat(window.issueTime()).isEqualTo(month(1));
    assertThat(window.fields()).extracting(field -> field[0]).containsExactly(0f, 1f, 2f);
    assertThat(buffer.windows()).extracting(Window::issueTime).containsExactly(month(1));
  }

  @Test
  void overManyYearsMemoryIsBoundedAndEverySeasonIsKept() {
    ReplayBuffer buffer = new ReplayBuffer(shape(1));
    for (int i = 0; i < 12 * 200; i++) {
      add(buffer, i, i + 1);
      assertThat(buffer.bytes()).isLessThanOrEqualTo(BYTES);
    }
    List<Window> windows = buffer.windows();
    int recent = 2 * 3 * 12;
    assertThat(windows).hasSize(recent - 2 + 24);
    Instant old = month(12 * 200 - recent);
    Map<Integer, Long> oldByMonth =
        windows.stream()
            .map(Window::issueTime)
            .filter(time -> time.isBefore(old))
            .collect(
                Collectors.groupingBy(
                    time -> time.atOffset(ZoneOffset.UTC).getMonthValue(),
                    TreeMap::new,
                    Collectors.counting()));
    assertThat(oldByMonth).hasSize(12);
    assertThat(oldByMonth.values()).allMatch(count -> count >= 1);
    for (Window window : windows) {
      long first = MONTH.indexOf(ANCHOR, window.issueTime()) - 1;
      assertThat(window.fields())
          .extracting(field -> (long) field[0])
          .containsExactly(first, first + 1, first + 2);
    }
  }

  /** Fields that fail to come now and then make windows that are not whole. */
  @Test
  void nothingIsKeptButTheNewestFieldsAndThoseOfDrawnWindows() {
    Random random = new Random(1);
    ReplayBuffer buffer = new ReplayBuffer(shape(1));
    int recent = 2 * 3 * 12;
    Set<Integer> came = new HashSet<>();
    for (int i = 0; i < 2400; i += random.nextInt(20) == 0 ? 2 + random.nextInt(60) : 1) {
      add(buffer, i, i + 1);
      came.add(i);
      int old = i - recent;
      Set<Integer> needed = new HashSet<>();
      for (Window window : buffer.windows()) {
        window.fields().forEach(field -> needed.add((int) field[0]));
      }
      came.stream().filter(step -> step > old).forEach(needed::add);
      assertThat(buffer.bytes()).isEqualTo(4L * CELLS * needed.size());
      assertThat(came).containsAll(needed);
    }
    assertThat(came).as("gaps, and months enough to draw from").hasSizeBetween(500, 1500);
  }

  @Test
  void whatWasRememberedStaysAsItWas() {
    ReplayBuffer buffer = new ReplayBuffer(shape(1));
    add(buffer, 0, 600);
    List<Window> then = buffer.windows(590);
    List<Instant> times = then.stream().map(Window::issueTime).toList();
    assertThat(times).endsWith(month(588), month(589));
    buffer.add(month(560), new float[CELLS], FINAL);
    add(buffer, 600, 1200);
    assertThat(then).extracting(Window::issueTime).isEqualTo(times);
    assertThat(then).allMatch(window -> window.fields().get(0)[0] <= 588);
  }

  @Test
  void anEmptyBufferRemembersNothing() {
    assertThat(new ReplayBuffer(shape(1)).windows()).isEmpty();
  }

  /** The mean of issue times that were drawn uniformly lies in the middle, within 4 deviations. */
  @Test
  void oldWindowsHaveTheSameChanceAsYoungerOnes() {
    double sum = 0;
    int count = 0;
    int months = 12 * 100;
    for (int seed = 0; seed < 20; seed++) {
      ReplayBuffer buffer = new ReplayBuffer(shape(seed));
      add(buffer, 0, months);
      for (Window window : buffer.windows()) {
        long issue = MONTH.indexOf(ANCHOR, window.issueTime());
        if (issue < months - 72) {
          sum += issue;
          count++;
        }
      }
    }
    double range = months - 72;
    assertThat(sum / count)
        .isBetween(
            range / 2 - 4 * range / Math.sqrt(12.0 * count),
            range / 2 + 4 * range / Math.sqrt(12.0 * count));
  }

  @Test
  void aReplayKeepsTheSameAndAnotherSeedOthers() {
    ReplayBuffer one = new ReplayBuffer(shape(1));
    ReplayBuffer again = new ReplayBuffer(shape(1));
    ReplayBuffer other = new ReplayBuffer(shape(2));
    for (ReplayBuffer buffer : List.of(one, again, other)) {
      add(buffer, 0, 1200);
    }
    assertThat(times(again)).isEqualTo(times(one));
    assertThat(times(other)).isNotEqualTo(times(one));
  }

  @Test
  void twoPartsMergeToWhatOneWouldHold() {
    ReplayBuffer whole = new ReplayBuffer(shape(1));
    ReplayBuffer first = new ReplayBuffer(shape(1));
    ReplayBuffer second = new ReplayBuffer(shape(1));
    add(whole, 0, 1200);
    add(first, 0, 600);
    add(second, 598, 1200); // the two fields before its first target, too
    first.merge(second);
    assertThat(times(first)).isEqualTo(times(whole));
    assertThat(first.bytes()).isEqualTo(whole.bytes());
  }

  @Test
  void whatIsStoredGoesOnAsIfNothingHadHappened() throws IOException {
    ReplayBuffer whole = new ReplayBuffer(shape(1));
    ReplayBuffer part = new ReplayBuffer(shape(1));
    add(whole, 0, 1200);
    add(part, 0, 900);
    ReplayBufferCodec codec = new ReplayBufferCodec(1);
    ReplayBuffer restored = RoundTrip.of(codec, part);
    ReplayBuffer copied = codec.copy(part);
    add(restored, 900, 1200);
    add(copied, 900, 1200);
    assertThat(times(restored)).isEqualTo(times(whole));
    assertThat(times(copied)).isEqualTo(times(whole));
    assertThat(times(part)).isNotEqualTo(times(whole));
  }

  @Test
  void afterAGapOfYearsNoWindowReachesOverIt() {
    ReplayBuffer buffer = new ReplayBuffer(shape(1));
    add(buffer, 0, 10);
    add(buffer, 500, 503);
    assertThat(times(buffer)).contains(month(501)).doesNotContain(month(9), month(500));
    assertThat(times(buffer)).as("drawn when it left the newest part").contains(month(1));
    assertThat(buffer.firstAfter(10, 1).orElseThrow().issueTime()).isEqualTo(month(501));
  }

  @Test
  void aFieldThatComesTooLateIsNotKept() {
    ReplayBuffer buffer = new ReplayBuffer(shape(1));
    add(buffer, 0, 3);
    add(buffer, 500, 501);
    assertThat(buffer.add(month(100), new float[CELLS], FINAL)).isFalse();
    assertThat(buffer.revise(0, field(100, 1, 7))).as("nothing to revise").isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 77", "0, 0, 77", "1, 1, 77", "1, 0, 2"})
  void aBetterRevisionTakesTheFieldsPlace(int before, int after, float kept) {
    ReplayBuffer buffer = new ReplayBuffer(shape(1));
    add(buffer, 0, 2);
    buffer.add(month(2), new float[] {2, 0, 0, 0, 0, 0, 0, 0, 0, 0}, new int[] {before});
    Window handedOut = buffer.windows().get(0);
    assertThat(buffer.revise(0, field(2, after, 77))).isTrue();
    assertThat(buffer.windows().get(0).fields().get(2)[0]).isEqualTo(kept);
    assertThat(handedOut.fields().get(2)[0]).as("what was judged stays").isEqualTo(2);
  }

  @Test
  void theSameValuesAreFinalFromThenOn() {
    ReplayBuffer buffer = new ReplayBuffer(shape(1));
    add(buffer, 0, 2);
    buffer.add(month(2), field(2, 0, 5).toArray(), new int[] {0});
    buffer.revise(0, field(2, 1, 5));
    buffer.revise(0, field(2, 0, 77));
    assertThat(buffer.windows().get(0).fields().get(2)[0]).isEqualTo(5);
  }

  /** Five cells of each of two variables. */
  @Test
  void oneVariableIsRevisedAloneAlsoInTheSampleAndAfterARestart() throws IOException {
    Shape two = new Shape(MONTH, ANCHOR, 2, 2, 1, BYTES, 1);
    ReplayBuffer buffer = new ReplayBuffer(two);
    for (int i = 0; i < 1200; i++) {
      float[] values = new float[CELLS];
      Arrays.fill(values, i);
      buffer.add(month(i), values, new int[] {0, 1});
    }
    buffer = RoundTrip.of(new ReplayBufferCodec(2), buffer);
    int sampled = (int) MONTH.indexOf(ANCHOR, buffer.windows().get(0).issueTime());
    buffer.revise(1, field(5, sampled, 0, 77)); // provisional
    assertThat(issued(buffer, sampled)).containsOnly(sampled);
    buffer.revise(0, field(5, sampled, 0, 77)); // published again
    float n = sampled;
    assertThat(issued(buffer, sampled)).containsExactly(77, 77, 77, 77, 77, n, n, n, n, n);
    buffer.revise(1, field(5, sampled, 1, 88));
    assertThat(issued(buffer, sampled)).containsExactly(77, 77, 77, 77, 77, 88, 88, 88, 88, 88);
  }

  private static float[] issued(ReplayBuffer buffer, int month) {
    return buffer.windows().stream()
        .filter(window -> window.issueTime().equals(month(month)))
        .findFirst()
        .orElseThrow()
        .fields()
        .get(1);
  }

  @Test
  void windowsOfAStuckInstrumentAreNeitherTaughtNorDrawn() {
    ReplayBuffer buffer = new ReplayBuffer(shape(1));
    add(buffer, 0, 400);
    float[] same = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    for (int i = 400; i < 900; i++) {
      buffer.add(month(i), same, FINAL);
      assertThat(buffer.stuckVariable().isPresent()).isEqualTo(i >= 403);
    }
    add(buffer, 900, 1000);
    assertThat(buffer.stuckVariable()).isEmpty();
    assertThat(buffer.windows()).isNotEmpty().noneMatch(this::repeats);
    assertThat(times(buffer))
        .contains(month(950))
        .noneMatch(time -> time.isAfter(month(399)) && time.isBefore(month(901)));
  }

  private boolean repeats(Window window) {
    List<float[]> fields = window.fields();
    return IntStream.range(1, fields.size())
        .anyMatch(i -> Arrays.equals(fields.get(i), fields.get(i - 1)));
  }

  @Test
  void tooSmallABufferIsRefusedWithTheArithmetic() {
    ReplayBuffer buffer = new ReplayBuffer(new Shape(MONTH, ANCHOR, 1, 2, 1, 1000, 1));
    assertThatThrownBy(() -> buffer.add(month(0), new float[CELLS], FINAL))
        .hasMessageContaining("12 strata x 3 fields x 10 values x 4 bytes x 2 are 2880");
  }

  @Test
  void theTimeOfDayIsAStratumBelowADay() {
    assertThat(new Shape(TimeStep.parse("PT1H"), ANCHOR, 1, 2, 1, 1, 1).strata()).isEqualTo(48);
    assertThat(new Shape(TimeStep.parse("P1D"), ANCHOR, 1, 2, 1, 1, 1).strata()).isEqualTo(12);
  }

  private static Shape shape(long seed) {
    return new Shape(MONTH, ANCHOR, 1, 2, 1, BYTES, seed);
  }

  private static Instant month(int index) {
    return MONTH.plus(ANCHOR, index);
  }

  private static void add(ReplayBuffer buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      float[] values = new float[CELLS];
      values[0] = i;
      buffer.add(month(i), values, FINAL);
    }
  }

  private static Field field(int month, int revision, float value) {
    return field(CELLS, month, revision, value);
  }

  private static Field field(int cells, int month, int revision, float value) {
    Grid grid = new Grid(1, cells, 50, 0, 10, 10);
    float[] values = new float[cells];
    Arrays.fill(values, value);
    return new Field(new Frame(Samples.T2M, grid, month(month)), revision, Samples.ORIGIN, values);
  }

  private static List<Instant> times(ReplayBuffer buffer) {
    return buffer.windows().stream().map(Window::issueTime).toList();
  }
}
