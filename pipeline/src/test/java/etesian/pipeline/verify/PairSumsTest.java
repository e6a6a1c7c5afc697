package etesian.pipeline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.pipeline.Samples;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PairSumsTest {
  private static final double[] WEIGHTS = Cells.weights(Samples.GRID);

  /** Half of the pairs come wrong first, some of them by many orders of magnitude. */
  @Property(tries = 200)
  void correctingEqualsComputingFromScratch(
      @ForAll @IntRange(min = 1, max = 60) int count, @ForAll long seed) {
    Random random = new Random(seed);
    List<PairStatistics> right = new ArrayList<>();
    List<PairStatistics> wrong = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      right.add(pair(random, 10));
      wrong.add(i % 2 == 0 ? pair(random, i % 3 == 0 ? 1e30f : 12) : right.get(i));
    }
    PairSums corrected = new PairSums();
    wrong.forEach(corrected::add);
    PairSums fromScratch = new PairSums();
    for (int i = 0; i < count; i++) {
      corrected.remove(wrong.get(i));
      corrected.add(right.get(i));
      fromScratch.add(right.get(i));
    }
    assertThat(corrected.total()).as("bit for bit").isEqualTo(fromScratch.total());
    double[] expected = plainSums(right);
    double[] actual = corrected.total().sums();
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-12 * scale(right, i)));
    }
  }

  @Property(tries = 500)
  void aSumIsTheDoubleNearestToTheExactOne(
      @ForAll @IntRange(min = 0, max = 30) int count, @ForAll long seed) {
    Random random = new Random(seed);
    ExactSum sum = new ExactSum();
    BigDecimal exact = BigDecimal.ZERO;
    for (int i = 0; i < count; i++) {
      double term = Math.scalb(random.nextInt(64) - 32.0, random.nextInt(130) - 65);
      sum.add(term);
      exact = exact.add(new BigDecimal(term));
    }
    assertThat(sum.value()).isEqualTo(exact.doubleValue());
  }

  @Test
  void whatIsTakenAwayAgainLeavesNothing() {
    PairSums sums = new PairSums();
    PairStatistics pair = pair(new Random(1), 10);
    sums.add(pair);
    sums.remove(pair);
    assertThat(sums.total()).isEqualTo(PairStatistics.NONE);
  }

  @Test
  void aRowWithoutPairsIsGone() throws IOException {
    SkillTable table = new SkillTable();
    SkillTable.Row row = new SkillTable.Row(1, "m2no", "abc");
    PairStatistics pair = pair(new Random(1), 10);
    byte[] empty = bytes(table);
    table.add(row, pair);
    table.remove(row, pair);
    assertThat(bytes(table)).isEqualTo(empty);
  }

  /** Version 1 had statistics, which is to say rounded sums. */
  @Test
  void storedTablesOfEveryVersionStillDecode() throws IOException {
    SkillTable.Row row = new SkillTable.Row(3, "m2no", "abc");
    PairStatistics expected =
        new PairStatistics(
            2,
            12,
            1.5,
            2.5,
            -0.5,
            0.25,
            4,
            9,
            new ReferenceStatistics(2, 1.5, 3),
            ReferenceStatistics.NONE,
            new ReferenceStatistics(1, 0.5, 0.75));
    try (InputStream in = getClass().getResourceAsStream("skill-table-v1.bin")) {
      SkillTable read = new SkillTable.SkillTableCodec().read(new DataInputStream(in));
      assertThat(read.get(row)).isEqualTo(expected);
      assertThat(again(read).get(row)).isEqualTo(expected);
    }
  }

  @Test
  void whatIsBelowTheRoundingOfASumSurvivesARestart() throws IOException {
    SkillTable.Row row = new SkillTable.Row(1, "m2no", "abc");
    PairStatistics small = pair(new Random(1), 10);
    PairStatistics huge = pair(new Random(2), 1e30f);
    SkillTable table = new SkillTable();
    table.add(row, small);
    table.add(row, huge);
    SkillTable restored = again(table);
    restored.remove(row, huge);
    assertThat(restored.get(row)).isEqualTo(small);
  }

  private static SkillTable again(SkillTable table) throws IOException {
    return new SkillTable.SkillTableCodec()
        .read(new DataInputStream(new ByteArrayInputStream(bytes(table))));
  }

  private static byte[] bytes(SkillTable table) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new SkillTable.SkillTableCodec().write(table, new DataOutputStream(out));
    return out.toByteArray();
  }

  private static double[] plainSums(List<PairStatistics> pairs) {
    double[] sums = new double[PairStatistics.NONE.sums().length];
    for (PairStatistics pair : pairs) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += pair.sums()[i];
      }
    }
    return sums;
  }

  /** Errors and covariances cancel: their rounding is relative to the sum of absolute values. */
  private static double scale(List<PairStatistics> pairs, int i) {
    return pairs.stream().mapToDouble(pair -> Math.abs(pair.sums()[i])).sum();
  }

  private static PairStatistics pair(Random random, float spread) {
    return PairStatistics.of(
            field(random, spread),
            field(random, 10),
            new ReferenceFields(field(random, 10), field(random, 10), field(random, 10)),
            WEIGHTS)
        .orElseThrow();
  }

  private static float[] field(Random random, float spread) {
    float[] values = new float[Samples.GRID.cells()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 280 + spread * (float) random.nextGaussian();
    }
    return values;
  }
}
