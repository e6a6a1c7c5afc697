package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import etesian.ingest.wire.Codec;
import etesian.pipeline.learn.PromotionTest.PromotionTestCodec;
import etesian.pipeline.learn.PromotionTest.Rule;
import etesian.pipeline.learn.PromotionTest.Verdict;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated pairs, looked at after each of them, as the stream does. */
class PromotionTestTest {
  private static final int LEADS = 4;
  private static final int[] ALL = {1, 2, 3, 4};
  private static final int LESSON = 48; // windows between two lessons of a policy
  private static final int PAIRS = 1500;
  private static final double[] FITTED = {0.9, 0.81, 0.729, 0.6561};

  /** Each lesson has time for a fifth of the blocks that it would take to win by itself. */
  @Test
  void lessonsThatAreTooShortToWinByThemselvesWinTogether() {
    int alone = 0;
    int together = 0;
    for (int seed = 0; seed < 100; seed++) {
      PromotionTest one = new PromotionTest(Rule.of(0.05, LEADS, PAIRS), ALL);
      new SimulatedErrors(new Random(seed), 0, LEADS).feed(0.9, LESSON, one);
      alone += one.verdict() == Verdict.BETTER ? 1 : 0;
      PromotionTest test = new PromotionTest(Rule.of(0.05, LEADS, PAIRS), ALL);
      SimulatedErrors errors = new SimulatedErrors(new Random(seed), 0, LEADS);
      for (int lesson = 0; lesson < 20; lesson++) {
        test.renew();
        errors.feed(0.9, LESSON, test);
      }
      together += test.verdict() == Verdict.BETTER ? 1 : 0;
    }
    assertThat(alone).isZero();
    assertThat(together).isGreaterThanOrEqualTo(90);
  }

  /** The bets are almost won by good lessons when a bad one comes. */
  @Test
  void aBadLessonAmongGoodOnesIsNotTheOneThatIsPromoted() {
    for (int seed = 0; seed < 200; seed++) {
      PromotionTest test = new PromotionTest(Rule.of(0.01, LEADS, PAIRS), ALL);
      SimulatedErrors errors = new SimulatedErrors(new Random(seed), 0, LEADS);
      while (test.verdict() == Verdict.OPEN && test.logEvidence() < Math.log(60)) {
        errors.feed(0.9, 1, test);
      }
      if (test.verdict() == Verdict.OPEN) {
        test.renew();
        errors.feed(1.5, PAIRS, test);
        assertThat(test.verdict())
            .as("seed %d, a lesson with half as much error again", seed)
            .isNotEqualTo(Verdict.BETTER);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRealImprovementIsFound(boolean longRun) {
    int promoted = 0;
    for (int seed = 0; seed < 100; seed++) {
      PromotionTest test =
          new PromotionTest(Rule.of(0.05, LEADS, PAIRS).inTheLongRun(longRun), ALL);
      new SimulatedErrors(new Random(seed), 0, LEADS).feed(0.93, PAIRS, test);
      promoted += test.verdict() == Verdict.BETTER ? 1 : 0;
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
    PromotionTest test = new PromotionTest(Rule.of(0.01, LEADS, PAIRS), ALL);
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
    PromotionTest test = new PromotionTest(Rule.of(0.05, LEADS, 1000), ALL);
    new SimulatedErrors(new Random(1), 0, LEADS).feed(1.3, PAIRS, test);
    assertThat(test.verdict()).isEqualTo(Verdict.WORSE);
    assertThat(test.blocks()).isLessThan(50);
    assertThat(test.gain()).isNegative();
  }

  @Test
  void aDifferenceThatIsNoneIsGivenUp() {
    PromotionTest test = new PromotionTest(Rule.of(1e-6, LEADS, 20), ALL);
    new SimulatedErrors(new Random(1), 0, LEADS).feed(1, PAIRS, test);
    assertThat(test.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(test.blocks()).isEqualTo(20);
  }

  /** Better by 3 % in 19 blocks of 20, and twenty times the error in the last. */
  @Test
  void oftenALittleBetterAndRarelyTerribleIsNotBetter() {
    PromotionTest test = new PromotionTest(new Rule(0.05, 1, 5000), 1);
    Verdict verdict = Verdict.OPEN;
    for (int i = 0; i < 5000 && verdict == Verdict.OPEN; i++) {
      verdict = test.add(new double[] {1}, new double[] {i % 20 == 0 ? 20 : 0.94});
    }
    assertThat(verdict).isNotEqualTo(Verdict.BETTER);
    assertThat(test.gain()).isNegative();
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

  /** What was observed cannot be computed with. */
  @Test
  void aWindowThatBothFailOnSaysNothingOfEither() {
    PromotionTest test = new PromotionTest(Rule.of(0.05, 1, 100), 1);
    double[] failed = {Double.POSITIVE_INFINITY};
    for (int i = 0; i < PromotionTest.SHORTEST; i++) {
      assertThat(test.add(failed, failed)).isEqualTo(Verdict.OPEN);
    }
    assertThat(test.blocks()).isZero();
    assertThat(test.hasHadItsTurn()).as("the next lesson may take its place").isTrue();
    assertThat(test.stands()).isFalse();
    test.add(new double[] {1}, new double[] {0.999});
    assertThat(test.own()).isEqualTo(1);
    assertThat(test.stands()).as("after a single window that says something").isFalse();
  }

  @Test
  void aChampionThatFailsLosesItsPlace() {
    PromotionTest test = new PromotionTest(Rule.of(0.01, 1, 100), 1);
    int windows = 0;
    while (test.verdict() == Verdict.OPEN && windows++ < 200) {
      test.add(new double[] {Double.POSITIVE_INFINITY}, new double[] {1});
    }
    assertThat(test.verdict()).isEqualTo(Verdict.BETTER);
    assertThat(windows).isLessThanOrEqualTo(150);
    assertThat(test.gain()).isEqualTo(1);
  }

  /** By hand: blocks of one pair, (C, H) = (1.1, 0.9) and then (1.2, 0.8). */
  @Test
  void evidenceIsTheMeanOfTheWealthOfTheBets() {
    PromotionTest test = new PromotionTest(new Rule(0.05, 1, 100), 1);
    test.add(new double[] {1.1}, new double[] {0.9}); // r = 2 x 0.2 / (2 + 2) = 0.1
    test.add(new double[] {1.2}, new double[] {0.8}); // r = 0.2
    double first = 0.1 / 0.05; // before any block the deviation is taken for 0.05
    double second = 0.2 / Math.sqrt((2 * 0.05 * 0.05 + 0.1 * 0.1) / 3);
    double expected = 0;
    for (double bet : new double[] {1 / 16.0, 1 / 8.0, 1 / 4.0, 1 / 2.0}) {
      expected += (1 + Math.min(0.95, bet * first)) * (1 + Math.min(0.95, bet * second)) / 4;
    }
    assertThat(Math.exp(test.logEvidence())).isCloseTo(expected, within(1e-12));
    assertThat(test.gain()).isCloseTo(0.15, within(1e-12));
  }

  /** Blocks of three issue times: lead 2 has its target in the block only twice. */
  @Test
  void aPairWhoseTargetLiesInTheNextBlockDoesNotCount() {
    PromotionTest test = new PromotionTest(new Rule(0.05, 3, 100), 1, 2);
    for (int i = 0; i < 30; i++) {
      test.add(new double[] {1, 1}, new double[] {1, i % 3 == 2 ? 0.01 : 1});
    }
    assertThat(test.blocks()).isEqualTo(10);
    assertThat(test.gain()).isZero();
    assertThat(test.logEvidence()).isZero();
  }

  @Test
  void aNewChallengerKeepsTheWealthAndHasToStandByItself() {
    PromotionTest test = new PromotionTest(new Rule(1e-9, 4, 100), 1);
    for (int i = 0; i < 16; i++) {
      test.add(new double[] {1.1}, new double[] {0.9});
    }
    double wealth = test.logEvidence();
    assertThat(test.stands()).isTrue();
    test.renew();
    assertThat(test.logEvidence()).isEqualTo(wealth).isPositive();
    assertThat(test.stands()).isFalse();
    assertThat(test.own()).isZero();
    for (int i = 0; i < 4; i++) {
      test.add(new double[] {0.9}, new double[] {1.1});
    }
    assertThat(test.hasHadItsTurn()).isTrue();
    assertThat(test.stands()).as("it lost more").isFalse();
    assertThat(test.gain()).as("of all of them").isPositive();
  }

  /** The same pairs: the bets alone have won long before the record is long enough. */
  @Test
  void inTheLongRunWhatIsBetterFromTheFirstBlockOnIsPromotedLater() {
    PromotionTest present = new PromotionTest(Rule.of(0.05, 1, PAIRS), 1);
    PromotionTest longRun = new PromotionTest(Rule.of(0.05, 1, PAIRS).inTheLongRun(true), 1);
    for (PromotionTest test : List.of(present, longRun)) {
      new SimulatedErrors(new Random(1), 0, 1).feed(0.7, PAIRS, test);
      assertThat(test.verdict()).isEqualTo(Verdict.BETTER);
      assertThat(test.logEvidence()).isGreaterThanOrEqualTo(Math.log(20));
    }
    assertThat(longRun.blocks()).isGreaterThan(present.blocks()).isLessThan(60);
  }

  /** As good for 300 windows, then better by 30 %: wandering, unless the world has changed. */
  @Test
  void inTheLongRunAGainThatBeginsLateIsBelievedOnceTheWorldIsKnownToHaveChanged() {
    PromotionTest told = new PromotionTest(Rule.of(0.05, 1, PAIRS).inTheLongRun(true), 1);
    PromotionTest untold = new PromotionTest(Rule.of(0.05, 1, PAIRS).inTheLongRun(true), 1);
    for (PromotionTest test : List.of(told, untold)) {
      SimulatedErrors errors = new SimulatedErrors(new Random(1), 0, 1);
      errors.feed(1, 300, test);
      if (test == told) {
        test.changeWorld();
      }
      errors.feed(0.7, 450, test);
    }
    assertThat(told.verdict()).isEqualTo(Verdict.BETTER);
    assertThat(untold.verdict()).isEqualTo(Verdict.OPEN);
  }

  @Test
  void whatIsStoredGoesOnAsIfNothingHadHappened() throws IOException {
    PromotionTest whole = new PromotionTest(Rule.of(1e-9, LEADS, 1000).inTheLongRun(true), ALL);
    PromotionTest first = new PromotionTest(Rule.of(1e-9, LEADS, 1000).inTheLongRun(true), ALL);
    for (PromotionTest test : new PromotionTest[] {whole, first}) {
      SimulatedErrors errors = new SimulatedErrors(new Random(3), 0.3, LEADS);
      errors.feed(0.97, 301, test);
      test.renew();
      errors.feed(0.97, 200, test);
    }
    Codec<PromotionTest> codec = new PromotionTestCodec();
    PromotionTest restored = RoundTrip.of(codec, first);
    PromotionTest copied = codec.copy(first);
    for (PromotionTest test : new PromotionTest[] {whole, restored, copied}) {
      new SimulatedErrors(new Random(4), 0, LEADS).feed(0.97, 50, test);
      assertThat(test.logEvidence()).isEqualTo(whole.logEvidence());
      assertThat(test.ownGain()).isEqualTo(whole.ownGain());
      assertThat(test.own()).isEqualTo(250);
      assertThat(test.verdict()).isEqualTo(whole.verdict());
    }
    assertThat(first.logEvidence()).as("a copy shares nothing").isNotEqualTo(whole.logEvidence());
  }

  @Test
  void windowsThatBothFailedOnAreStored() throws IOException {
    Codec<PromotionTest> codec = new PromotionTestCodec();
    PromotionTest test = new PromotionTest(new Rule(0.05, 2, 100), 1);
    test.add(new double[] {Double.POSITIVE_INFINITY}, new double[] {Double.POSITIVE_INFINITY});
    for (PromotionTest other : List.of(RoundTrip.of(codec, test), codec.copy(test))) {
      other.add(new double[] {1}, new double[] {0.9});
      assertThat(other.hasHadItsTurn()).isTrue();
      assertThat(other.stands()).isFalse();
    }
  }

  /** Written after 9 windows of one challenger and 3 of the next, in blocks of 4. */
  @ParameterizedTest
  @ValueSource(strings = {"promotion-2.state", "promotion-3.state"})
  void aTestOfAnOlderVersionIsGoneOnWith(String file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(PromotionTestTest.class.getResourceAsStream(file))) {
      PromotionTest test = new PromotionTestCodec().read(in);
      assertThat(in.read()).as("it is read to its end").isEqualTo(-1);
      assertThat(test.own()).isEqualTo(3);
      assertThat(test.blocks()).isEqualTo(3);
      assertThat(test.hasHadItsTurn()).isFalse();
      test.add(new double[] {1.1, 1.2}, new double[] {0.9, 0.8});
      assertThat(test.hasHadItsTurn()).isTrue();
      assertThat(test.stands()).isTrue();
    }
  }

  @Test
  void settingsThatMeanNothingAreRefused() {
    assertThatThrownBy(() -> Rule.of(0, 1, 1)).hasMessageContaining("false-promotion rate");
    assertThatThrownBy(() -> new Rule(0.1, 0, 1)).hasMessageContaining("blocks of 0");
    assertThatThrownBy(() -> new PromotionTest(new Rule(0.1, 3, 1), 4))
        .hasMessageContaining("do not fit");
  }

  private static double square(double x) {
    return x * x;
  }
}
