package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.wire.Codec;
import etesian.pipeline.learn.PromotionTest.PromotionTestCodec;
import etesian.pipeline.learn.PromotionTest.Rule;
import etesian.pipeline.learn.PromotionTest.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated pairs, looked at after each of them, as the stream does. */
class PromotionTestTest {
  private static final int LEADS = 4;
  private static final int TRIALS = 400;
  private static final int PAIRS = 1500;
  private static final double[] FITTED = {0.9, 0.81, 0.729, 0.6561};

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.05, 0.2})
  void anEqualChallengerIsPromotedNoMoreOftenThanTheRateSays(double rate) {
    assertThat(promotions(rate, 0)).isLessThanOrEqualTo((int) (rate * TRIALS));
  }

  /** As errors of forecasts that overlap, and of weather that stays, are. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.8})
  void theRateHoldsForErrorsThatArePersistent(double persistence) {
    assertThat(promotions(0.05, persistence)).isLessThanOrEqualTo((int) (0.05 * TRIALS));
  }

  @Test
  void aRealImprovementIsFound() {
    int promoted = 0;
    for (int seed = 0; seed < 100; seed++) {
      promoted += run(seed, 0.05, 0, 0.93) == Verdict.BETTER ? 1 : 0;
    }
    assertThat(promoted).as("of 100, 7 % less square error").isGreaterThanOrEqualTo(90);
  }

  /** Weights with noise: each factor of a fitted forecast is off by a tenth. */
  @Test
  void aChallengerOfNoisyWeightsIsNeverPromoted() {
    for (int seed = 0; seed < 200; seed++) {
      double[] weights = FITTED.clone();
      Random noise = new Random(-1 - seed);
      for (int lead = 0; lead < LEADS; lead++) {
        weights[lead] += 0.1 * noise.nextGaussian();
      }
      assertThat(contest(seed, weights)).as("seed %d", seed).isNotEqualTo(Verdict.BETTER);
    }
  }

  /** Labels shifted: each lead learned what comes four steps after it. */
  @Test
  void aChallengerOfShiftedLabelsIsNeverPromoted() {
    double[] weights = new double[LEADS];
    for (int lead = 0; lead < LEADS; lead++) {
      weights[lead] = Math.pow(0.9, lead + 1 + 4);
    }
    for (int seed = 0; seed < 200; seed++) {
      assertThat(contest(seed, weights)).as("seed %d", seed).isNotEqualTo(Verdict.BETTER);
    }
  }

  /** Against the best forecast of a series with x' = 0.9 x + noise, in overlapping windows. */
  private static Verdict contest(long seed, double[] weights) {
    PromotionTest test = new PromotionTest(Rule.of(0.01, LEADS, PAIRS), LEADS);
    Random random = new Random(seed);
    double[] x = new double[PAIRS + LEADS];
    for (int i = 1; i < x.length; i++) {
      x[i] = 0.9 * x[i - 1] + random.nextGaussian();
    }
    for (int i = 0; i < PAIRS; i++) {
      double[] champion = new double[LEADS];
      double[] challenger = new double[LEADS];
      for (int lead = 0; lead < LEADS; lead++) {
        champion[lead] = square(FITTED[lead] * x[i] - x[i + lead + 1]);
        challenger[lead] = square(weights[lead] * x[i] - x[i + lead + 1]);
      }
      test.add(champion, challenger);
    }
    return test.verdict();
  }

  @Test
  void aClearlyWorseChallengerIsRejectedBeforeItsTimeIsUp() {
    PromotionTest test = new PromotionTest(Rule.of(0.05, LEADS, 1000), LEADS);
    feed(test, new Random(1), 0, 1.3, PAIRS);
    assertThat(test.verdict()).isEqualTo(Verdict.WORSE);
    assertThat(test.blocks()).isLessThan(50);
    assertThat(test.gain()).isNegative();
  }

  @Test
  void aDifferenceThatIsNoneIsGivenUp() {
    PromotionTest test = new PromotionTest(Rule.of(1e-6, LEADS, 20), LEADS);
    feed(test, new Random(1), 0, 1, PAIRS);
    assertThat(test.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(test.blocks()).isEqualTo(20);
  }

  /** Better by 3 % in 19 blocks of 20, and twenty times the error in the last. */
  @Test
  void oftenALittleBetterAndRarelyTerribleIsNotBetter() {
    PromotionTest test = new PromotionTest(new Rule(0.05, 0.1, 1, 0, 5000), 1);
    Verdict verdict = Verdict.OPEN;
    for (int i = 0; i < 5000 && verdict == Verdict.OPEN; i++) {
      verdict = test.add(new double[] {1}, new double[] {i % 20 == 0 ? 20 : 0.94});
    }
    assertThat(verdict).isNotEqualTo(Verdict.BETTER);
    assertThat(test.logEvidence()).as("the clipped bet alone would promote it").isGreaterThan(3);
  }

  @Test
  void aForecastThatFailedEndsAChallengerAndAMissingObservationDoesNot() {
    PromotionTest test = new PromotionTest(Rule.of(0.05, 1, 100), 1);
    double[] missing = {Double.NaN};
    assertThat(test.add(missing, missing)).isEqualTo(Verdict.OPEN);
    assertThat(test.blocks()).isZero();
    assertThat(test.add(new double[] {1}, new double[] {Double.POSITIVE_INFINITY}))
        .isEqualTo(Verdict.WORSE);
  }

  @Test
  void aChampionThatFailsLosesItsPlace() {
    PromotionTest test = new PromotionTest(Rule.of(0.01, 1, 100), 1);
    Verdict verdict = Verdict.OPEN;
    for (int i = 0; i < 20; i++) {
      verdict = test.add(new double[] {Double.POSITIVE_INFINITY}, new double[] {1});
    }
    assertThat(verdict).isEqualTo(Verdict.BETTER);
    assertThat(test.gain()).isEqualTo(1);
  }

  /** Evidence by hand: one lead, one pair a block, gains of 1/3 of the clip twice. */
  @Test
  void evidenceIsTheMeanOfTheWealthOfTheBets() {
    PromotionTest test = new PromotionTest(new Rule(0.05, 0.3, 1, 0, 100), 1);
    for (int i = 0; i < 2; i++) {
      test.add(new double[] {1.1}, new double[] {0.9}); // 0.2 / 2 = 0.1, a third of the bound
    }
    double expected = 0;
    for (double bet : new double[] {1 / 16.0, 1 / 8.0, 1 / 4.0, 1 / 2.0, 0.9}) {
      expected += Math.pow(1 + bet / 3, 2) / 5;
    }
    assertThat(Math.exp(test.logEvidence())).isCloseTo(expected, within(1e-12));
    assertThat(test.gain()).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void aGapBetweenBlocksDoesNotCount() {
    PromotionTest test = new PromotionTest(new Rule(0.05, 0.1, 2, 3, 100), 1);
    for (int i = 0; i < 12; i++) {
      test.add(new double[] {1}, new double[] {i % 5 < 2 ? 1 : 0.01});
    }
    assertThat(test.blocks()).isEqualTo(3);
    assertThat(test.gain()).isZero();
  }

  @Test
  void whatIsStoredGoesOnAsIfNothingHadHappened() throws IOException {
    PromotionTest whole = new PromotionTest(Rule.of(1e-9, LEADS, 1000), LEADS);
    PromotionTest first = new PromotionTest(Rule.of(1e-9, LEADS, 1000), LEADS);
    feed(whole, new Random(3), 0.3, 0.97, 501);
    feed(first, new Random(3), 0.3, 0.97, 501);
    Codec<PromotionTest> codec = new PromotionTestCodec();
    PromotionTest restored = roundTrip(codec, first);
    PromotionTest copied = codec.copy(first);
    feed(whole, new Random(4), 0, 0.97, 50);
    feed(restored, new Random(4), 0, 0.97, 50);
    feed(copied, new Random(4), 0, 0.97, 50);
    assertThat(restored.logEvidence()).isEqualTo(whole.logEvidence());
    assertThat(copied.logEvidence()).isEqualTo(whole.logEvidence());
    assertThat(restored.verdict()).isEqualTo(whole.verdict());
    assertThat(first.logEvidence()).as("a copy shares nothing").isNotEqualTo(whole.logEvidence());
  }

  @Test
  void settingsThatMeanNothingAreRefused() {
    assertThatThrownBy(() -> Rule.of(0, 1, 1)).hasMessageContaining("false-promotion rate");
    assertThatThrownBy(() -> new Rule(0.1, 2, 1, 0, 1)).hasMessageContaining("bound");
    assertThatThrownBy(() -> new Rule(0.1, 1, 0, 0, 1)).hasMessageContaining("blocks of 0");
  }

  static <T> T roundTrip(Codec<T> codec, T value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    codec.write(value, new DataOutputStream(bytes));
    return codec.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  private static int promotions(double rate, double persistence) {
    int promoted = 0;
    for (int seed = 0; seed < TRIALS; seed++) {
      promoted += run(seed, rate, persistence, 1) == Verdict.BETTER ? 1 : 0;
    }
    return promoted;
  }

  private static Verdict run(long seed, double rate, double persistence, double factor) {
    PromotionTest test = new PromotionTest(Rule.of(rate, LEADS, PAIRS), LEADS);
    feed(test, new Random(seed), persistence, factor, PAIRS);
    return test.verdict();
  }

  /**
   * Square errors of two forecasts that have most of their error in common.
   *
   * @param persistence of the errors from pair to pair
   * @param factor of the challenger's mean square error
   */
  private static void feed(
      PromotionTest test, Random random, double persistence, double factor, int pairs) {
    double[] common = new double[LEADS];
    double[] own = new double[LEADS];
    double[] other = new double[LEADS];
    double fresh = Math.sqrt(1 - persistence * persistence);
    for (int i = 0; i < pairs; i++) {
      double[] champion = new double[LEADS];
      double[] challenger = new double[LEADS];
      for (int lead = 0; lead < LEADS; lead++) {
        common[lead] = persistence * common[lead] + fresh * random.nextGaussian();
        own[lead] = persistence * own[lead] + fresh * random.nextGaussian();
        other[lead] = persistence * other[lead] + fresh * random.nextGaussian();
        champion[lead] = square(common[lead] + 0.3 * own[lead]);
        challenger[lead] = factor * square(common[lead] + 0.3 * other[lead]);
      }
      test.add(champion, challenger);
    }
  }

  private static double square(double x) {
    return x * x;
  }
}
