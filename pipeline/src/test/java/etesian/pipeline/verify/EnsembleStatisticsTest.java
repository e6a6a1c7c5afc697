package etesian.pipeline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EnsembleStatisticsTest {
  private static final int CELLS = 12;

  @Test
  void aCaseWorkedByHand() {
    EnsembleErrors errors =
        EnsembleErrors.of(List.of(new float[] {0}, new float[] {2}), new float[] {1});
    assertThat(errors.crps()[0]).isZero(); // 1 - 2 / 2
    assertThat(errors.crpsPlain()[0]).isEqualTo(0.5); // 1 - 2 / 4
    assertThat(errors.variance()[0]).isEqualTo(2);
  }

  @Property(tries = 200)
  void itAgreesWithTheDefinitionsInFloat64(
      @ForAll @IntRange(min = 2, max = 20) int n, @ForAll long seed) {
    Random random = new Random(seed);
    List<float[]> members = members(random, n);
    float[] observed = values(random);
    double[] weights = random.doubles(CELLS).toArray();
    weights[1] = 0;
    observed[2] = Float.NaN;
    members.get(n - 1)[3] = Float.NaN;
    float[] mean = mean(members);
    EnsembleStatistics found =
        EnsembleStatistics.of(
            EnsembleErrors.of(members, observed), mean, observed, ReferenceFields.NONE, weights);

    double weight = 0;
    double fair = 0;
    double plain = 0;
    double variance = 0;
    double squared = 0;
    for (int cell = 4; cell < CELLS + 1; cell++) {
      int at = cell == CELLS ? 0 : cell; // all but 1, 2 and 3
      double absolute = 0;
      double apart = 0;
      double middle = 0;
      for (float[] one : members) {
        absolute += Math.abs((double) one[at] - observed[at]) / n;
        middle += (double) one[at] / n;
        for (float[] other : members) {
          apart += Math.abs((double) one[at] - other[at]);
        }
      }
      double squares = 0;
      for (float[] one : members) {
        squares += (one[at] - middle) * (one[at] - middle) / (n - 1);
      }
      weight += weights[at];
      fair += weights[at] * (absolute - apart / (2.0 * n * (n - 1)));
      plain += weights[at] * (absolute - apart / (2.0 * n * n));
      variance += weights[at] * squares;
      squared += weights[at] * Math.pow((double) mean[at] - observed[at], 2);
    }
    assertThat(found.pairs()).isEqualTo(1);
    assertThat(found.meanCrps()).isCloseTo(fair / weight, within(1e-6));
    assertThat(found.meanCrpsPlain()).isCloseTo(plain / weight, within(1e-6));
    assertThat(found.spread()).isCloseTo(Math.sqrt(variance / weight), within(1e-6));
    assertThat(found.spreadSkillRatio())
        .isCloseTo(Math.sqrt((n + 1.0) / n * variance / squared), within(1e-6));
  }

  @Property(tries = 100)
  void ofOneMemberThePlainCrpsIsTheAbsoluteError(@ForAll long seed) {
    Random random = new Random(seed);
    float[] member = values(random);
    float[] observed = values(random);
    double[] crps = EnsembleErrors.of(List.of(member), observed).crpsPlain();
    for (int cell = 0; cell < CELLS; cell++) {
      assertThat(crps[cell]).isEqualTo(Math.abs((double) member[cell] - observed[cell]));
    }
  }

  @Property(tries = 100)
  void membersThatAgreeAreOne(@ForAll @IntRange(min = 2, max = 20) int n, @ForAll long seed) {
    Random random = new Random(seed);
    float[] member = values(random);
    float[] observed = values(random);
    EnsembleErrors errors = EnsembleErrors.of(Collections.nCopies(n, member), observed);
    for (int cell = 0; cell < CELLS; cell++) {
      double error = Math.abs((double) member[cell] - observed[cell]);
      assertThat(errors.crps()[cell]).isCloseTo(error, within(1e-9));
      assertThat(errors.crpsPlain()[cell]).isCloseTo(error, within(1e-9));
      assertThat(errors.variance()[cell]).isCloseTo(0, within(1e-9));
    }
  }

  @Property(tries = 100)
  void aShiftOfAllAndTheOrderOfMembersChangeNothing(
      @ForAll @IntRange(min = 2, max = 20) int n,
      @ForAll @IntRange(min = -64, max = 64) int shift,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<float[]> members = members(random, n);
    float[] observed = values(random);
    List<float[]> shifted = new ArrayList<>();
    members.forEach(member -> shifted.add(plus(member, shift)));
    Collections.shuffle(shifted, random);
    EnsembleErrors before = EnsembleErrors.of(members, observed);
    EnsembleErrors after = EnsembleErrors.of(shifted, plus(observed, shift));
    for (int cell = 0; cell < CELLS; cell++) {
      assertThat(after.crps()[cell]).isCloseTo(before.crps()[cell], within(1e-4));
      assertThat(after.crpsPlain()[cell])
          .isCloseTo(before.crpsPlain()[cell], within(1e-4))
          .isGreaterThanOrEqualTo(after.crps()[cell] - 1e-12)
          .isGreaterThan(-1e-12);
      assertThat(after.variance()[cell]).isCloseTo(before.variance()[cell], within(1e-2));
    }
  }

  @Test
  void membersThatNothingTellsFromTheTruthHaveARatioOfOne() {
    Random random = new Random(5);
    int n = 4;
    double[] weights = new double[CELLS];
    Arrays.fill(weights, 1);
    double[] sums = new double[5];
    int times = 4000;
    for (int time = 0; time < times; time++) {
      List<float[]> members = members(random, n);
      float[] truth = values(random); // drawn as the members are
      EnsembleErrors errors = EnsembleErrors.of(members, truth);
      double[] one =
          EnsembleStatistics.of(errors, mean(members), truth, ReferenceFields.NONE, weights).sums();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += one[i];
      }
    }
    EnsembleStatistics all = EnsembleStatistics.of(times, sums);
    assertThat(all.spreadSkillRatio()).isCloseTo(1, within(0.01));
    // E|X - y| - E|X - X'| / 2 of two of N(280, 10): 10 / sqrt(pi)
    assertThat(all.meanCrps()).isCloseTo(10 / Math.sqrt(Math.PI), within(0.1));
  }

  @Test
  void withoutACellInCommonThereIsNoPair() {
    float[] missing = {Float.NaN};
    assertThat(
            EnsembleStatistics.of(
                EnsembleErrors.of(List.of(new float[] {1}, new float[] {2}), missing),
                new float[] {1.5f},
                missing,
                ReferenceFields.NONE,
                new double[] {1}))
        .isEqualTo(EnsembleStatistics.NONE);
  }

  @Test
  void itComesBackFromState() throws IOException {
    EnsembleStatistics some = EnsembleStatistics.of(7, new double[] {1, 2, 3, 4, 5});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    some.write(new DataOutputStream(out));
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
    assertThat(EnsembleStatistics.read(in)).isEqualTo(some);
    assertThat(in.available()).isZero();
  }

  private static List<float[]> members(Random random, int n) {
    List<float[]> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      members.add(values(random));
    }
    return members;
  }

  private static float[] values(Random random) {
    float[] values = new float[CELLS];
    for (int cell = 0; cell < CELLS; cell++) {
      values[cell] = (float) (280 + 10 * random.nextGaussian());
    }
    return values;
  }

  private static float[] plus(float[] values, float shift) {
    float[] sum = values.clone();
    for (int cell = 0; cell < sum.length; cell++) {
      sum[cell] += shift;
    }
    return sum;
  }

  private static float[] mean(List<float[]> members) {
    float[] mean = new float[CELLS];
    for (int cell = 0; cell < CELLS; cell++) {
      double sum = 0;
      for (float[] member : members) {
        sum += member[cell];
      }
      mean[cell] = (float) (sum / members.size());
    }
    return mean;
  }
}
