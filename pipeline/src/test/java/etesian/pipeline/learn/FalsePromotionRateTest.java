package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.learn.PromotionTest.Rule;
import etesian.pipeline.learn.PromotionTest.Verdict;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How many of {@value #TRIALS} challengers are promoted that are no better: simulated pairs, looked
 * at after each of them, as the stream does.
 */
class FalsePromotionRateTest {
  private static final int[] ALL = {1, 2, 3, 4};
  private static final int LESSON = 48; // windows between two lessons of a policy
  private static final int TRIALS = 400;
  private static final double[] RATES = {0.01, 0.05, 0.2};
  private static final int PAIRS = 1500;

  /** Persistence: as errors of forecasts that overlap, and of weather that stays, have it. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.8})
  void anEqualChallengerIsPromotedNoMoreOftenThanTheRateSays(double persistence) {
    assertRatesHold(false, persistence, PAIRS, seed -> () -> 1, ALL);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.95, 0.98})
  void inTheLongRunTheRateHoldsForErrorsThatStay(double persistence) {
    assertRatesHold(true, persistence, PAIRS, seed -> () -> 1, ALL);
  }

  /** Nothing averages there but the block. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.8})
  void theRateHoldsWithASingleLead(double persistence) {
    assertRatesHold(false, persistence, PAIRS, seed -> () -> 1, 1);
  }

  /** Which of two is better wanders, and stays far longer than a block. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.8, 0",
    "0.9, 0",
    "0.95, 0",
    "0.95, 0.5",
    "0.95, 0.7",
    "0.95, 0.9",
    "0.98, 0"
  })
  void inTheLongRunTheRateHoldsForDifferencesThatStay(double persistence, double noise) {
    for (double rate : RATES) {
      assertThat(promotedOf(longRun(rate), 0, differences(persistence, noise)))
          .as("rate %s", rate)
          .isLessThanOrEqualTo((int) (rate * TRIALS));
    }
  }

  /** Each alarm is another chance, and too few to matter. */
  @Test
  void inTheLongRunTheRateHoldsWhenTheWorldIsSaidToChangeAgainAndAgain() {
    for (double rate : RATES) {
      assertThat(promotedOf(longRun(rate), 500, differences(0.95, 0)))
          .as("rate %s", rate)
          .isLessThanOrEqualTo((int) (rate * TRIALS));
    }
  }

  /** A year of days: half of it has 18 blocks, and a record of 24 or 37 sees the other half. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05})
  void inTheLongRunTheRateHoldsForAnAnnualCycleOfFewBlocks(double rate) {
    assertThat(promotedOf(longRun(rate), 0, season(365, 0.9)))
        .isLessThanOrEqualTo((int) (rate * TRIALS));
  }

  /** A year of six hours, and red noise that hardly changes while it is looked at. */
  @Test
  void whatStaysForLongerThanTheRecordIsTakenForAGain() {
    assertThat(promotedOf(longRun(0.05), 0, season(1460, 0.9))).as("of 400").isGreaterThan(100);
    assertThat(promotedOf(longRun(0.05), 0, differences(0.998, 0.9))).isGreaterThan(40);
  }

  /** The price: three tenths of a deviation are not told before the blocks are used up. */
  @ParameterizedTest
  @CsvSource({"200, 0, 25", "1000, 60, 100"})
  void inTheLongRunAGainTakesManyBlocksWhereDifferencesStay(int blocks, int least, int most) {
    int promoted = 0;
    for (int seed = 0; seed < 100; seed++) {
      PromotionTest test = new PromotionTest(Rule.of(0.01, 1, blocks).inTheLongRun(true), 1);
      DoubleSupplier difference = differences(0.95, 0).apply(seed);
      while (test.verdict() == Verdict.OPEN) {
        add(0.03 + difference.getAsDouble(), test);
      }
      promoted += test.verdict() == Verdict.BETTER ? 1 : 0;
    }
    assertThat(promoted).as("of 100").isBetween(least, most);
  }

  /** What a rule of the long run is for. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.7})
  void whatIsBetterAtPresentWinsMoreOftenWhereDifferencesStay(double noise) {
    assertThat(promotedOf(Rule.of(0.05, 1, PAIRS), 0, differences(0.95, noise)))
        .as("of 400, at a rate of 0.05")
        .isGreaterThan(100);
  }

  /** And no more often where they are forgotten within a block. */
  @Test
  void theRateHoldsForDifferencesThatAreForgotten() {
    assertThat(promotedOf(Rule.of(0.05, 1, PAIRS), 0, differences(0.5, 0)))
        .isLessThanOrEqualTo((int) (0.05 * TRIALS));
  }

  private static Rule longRun(double rate) {
    return Rule.of(rate, 1, PAIRS).inTheLongRun(true);
  }

  /**
   * Of {@value #TRIALS} challengers that are as good as the champion.
   *
   * @param alarm pairs after which the world is said to have changed, again and again; 0 for never
   * @param differences for a seed: relative ones, of mean zero
   */
  private static int promotedOf(Rule rule, int alarm, LongFunction<DoubleSupplier> differences) {
    int promoted = 0;
    for (int seed = 0; seed < TRIALS; seed++) {
      PromotionTest test = new PromotionTest(rule, 1);
      DoubleSupplier difference = differences.apply(seed);
      for (int i = 0; i < PAIRS && test.verdict() == Verdict.OPEN; i++) {
        if (alarm > 0 && i > 0 && i % alarm == 0) {
          test.changeWorld();
        }
        add(difference.getAsDouble(), test);
      }
      promoted += test.verdict() == Verdict.BETTER ? 1 : 0;
    }
    return promoted;
  }

  private static void add(double relative, PromotionTest test) {
    test.add(new double[] {1 + relative / 2}, new double[] {1 - relative / 2});
  }

  /**
   * Of deviation 0.1: a red noise and a white one.
   *
   * @param noise share of the white one in their variance, here and below
   */
  private static LongFunction<DoubleSupplier> differences(double persistence, double noise) {
    return seed -> {
      RandomGenerator random = new SplittableRandom(seed);
      double[] slow = {random.nextGaussian()};
      return () -> {
        slow[0] =
            persistence * slow[0]
                + Math.sqrt(1 - persistence * persistence) * random.nextGaussian();
        return 0.1 * (Math.sqrt(1 - noise) * slow[0] + Math.sqrt(noise) * random.nextGaussian());
      };
    };
  }

  /** Of deviation 0.1: a cycle that begins anywhere, and a white noise. */
  private static LongFunction<DoubleSupplier> season(int period, double noise) {
    return seed -> {
      RandomGenerator random = new SplittableRandom(seed);
      double[] year = {random.nextDouble()};
      return () -> {
        year[0] += 1.0 / period;
        double cycle = Math.sqrt(2) * Math.sin(2 * Math.PI * year[0]);
        return 0.1 * (Math.sqrt(1 - noise) * cycle + Math.sqrt(noise) * random.nextGaussian());
      };
    };
  }

  /** Of a policy whose lessons are as good as the champion or worse by up to a fifth. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.8})
  void theRateHoldsForAPolicyWhoseLessonsChange(double persistence) {
    assertRatesHold(
        false,
        persistence,
        LESSON,
        seed -> {
          Random luck = new Random(~seed);
          return () -> 1 + Math.max(0, 0.4 * (luck.nextDouble() - 0.5));
        },
        ALL);
  }

  /**
   * @param windows between two lessons
   * @param lessons for a seed: the factor of each lesson's mean square error
   */
  private static void assertRatesHold(
      boolean longRun,
      double persistence,
      int windows,
      LongFunction<DoubleSupplier> lessons,
      int... leads) {
    int[] promoted = new int[RATES.length];
    for (int seed = 0; seed < TRIALS; seed++) {
      PromotionTest[] tests = new PromotionTest[RATES.length];
      for (int i = 0; i < tests.length; i++) {
        Rule present = Rule.of(RATES[i], leads[leads.length - 1], PAIRS);
        tests[i] = new PromotionTest(present.inTheLongRun(longRun), leads);
      }
      SimulatedErrors errors = new SimulatedErrors(new Random(seed), persistence, leads.length);
      DoubleSupplier factors = lessons.apply(seed);
      for (int at = 0; at < PAIRS; at += windows) {
        for (PromotionTest test : tests) {
          test.renew();
        }
        errors.feed(factors.getAsDouble(), Math.min(windows, PAIRS - at), tests);
      }
      for (int i = 0; i < tests.length; i++) {
        promoted[i] += tests[i].verdict() == Verdict.BETTER ? 1 : 0;
      }
    }
    for (int i = 0; i < RATES.length; i++) {
      assertThat(promoted[i])
          .as("rate %s", RATES[i])
          .isLessThanOrEqualTo((int) (RATES[i] * TRIALS));
    }
  }
}
