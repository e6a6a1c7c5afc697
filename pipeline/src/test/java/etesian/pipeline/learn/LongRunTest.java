package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class LongRunTest {
  private static final double BET = 0.5;

  /** By hand: eight gains of mean 3, single ones and pairs; spans of four are too few. */
  @Test
  void evidenceIsABetOnASumThatScattersAsLongSpansDo() {
    LongRun record = of(1, 1, 3, 3, 5, 5, 3, 3);
    double single = (4 + 4 + 0 + 0 + 4 + 4 + 0 + 0) / 7.0;
    double pairs = (16 + 0 + 16 + 0) / 2.0 / 3.0;
    double variance = pairs * (1 + Math.sqrt(2 / 4.0));
    double bet = BET * 24 / Math.sqrt(variance) - 8 * BET * BET / 2;
    double record8 = 8 / (LongRun.PATIENCE * pairs / single);
    assertThat(bet).isGreaterThan(record8);
    assertThat(record.logEvidence(BET)).isCloseTo(record8, within(1e-12));
    double small = 0.01;
    double smallBet = small * 24 / Math.sqrt(variance) - 8 * small * small / 2;
    assertThat(smallBet).isLessThan(record8);
    assertThat(record.logEvidence(small)).isCloseTo(smallBet, within(1e-12));
  }

  @Test
  void aRateTakesARecordOfSomeLength() {
    int fewest = LongRun.fewestBlocks(0.05);
    double[] gains = new double[fewest];
    for (int i = 0; i < fewest; i++) {
      gains[i] = 1 + i % 2; // does not stay
    }
    assertThat(of(gains).logEvidence(BET)).isGreaterThanOrEqualTo(Math.log(20));
    assertThat(of(Arrays.copyOf(gains, fewest - 1)).logEvidence(BET)).isLessThan(Math.log(20));
  }

  @Test
  void aFewBlocksAreNoEvidence() {
    assertThat(of(1, 2, 1).logEvidence(BET)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void gainsThatAreAllTheSameAreBelievedWhenThereAreEnough() {
    LongRun record = of(new double[40]);
    assertThat(record.logEvidence(BET)).as("of nothing").isNegative();
    record = of(DoubleStream.generate(() -> 0.1).limit(40).toArray());
    assertThat(record.logEvidence(BET)).isCloseTo(40.0 / LongRun.PATIENCE, within(1e-9));
    record = of(DoubleStream.generate(() -> -0.1).limit(40).toArray());
    assertThat(record.logEvidence(BET)).isNegative();
  }

  /** A thousand gains of persistence 0.9 scatter like fifty draws. */
  @Test
  void aRecordOfGainsThatStayIsWorthLess() {
    SplittableRandom random = new SplittableRandom(1);
    LongRun draws = new LongRun();
    LongRun staying = new LongRun();
    double slow = 0;
    for (int i = 0; i < 1000; i++) {
      double draw = random.nextGaussian();
      slow = 0.9 * slow + Math.sqrt(1 - 0.81) * draw;
      draws.add(draw + 0.5);
      staying.add(slow + 0.5);
    }
    assertThat(draws.logEvidence(0.125)).isGreaterThan(30);
    assertThat(staying.logEvidence(0.125)).isLessThan(15);
  }

  @Test
  void whatIsForgottenSaysNothing() {
    LongRun record = of(-5, -3, -4, -5, -6, -4, -5);
    record.forget();
    double[] later = {1, 2, 3, 1, 2, 3, 1, 2, 3};
    for (double gain : later) {
      record.add(gain);
    }
    assertThat(record.logEvidence(BET)).isEqualTo(of(later).logEvidence(BET));
  }

  private static LongRun of(double... gains) {
    LongRun record = new LongRun();
    for (double gain : gains) {
      record.add(gain);
    }
    return record;
  }
}
