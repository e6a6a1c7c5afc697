package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Whether a challenger forecasts better than a champion: a sequential test by betting that may be
 * looked at after every pair. Both forecast the same windows; a <em>pair</em> is the loss of both
 * at each verified lead of one issue time.
 *
 * <pre>
 *   block k: length pairs;  C_l, H_l = sums of the losses of champion and challenger at lead l
 *   x_k = clip( mean over l of (C_l - H_l) / (C_l + H_l), -bound, bound ) / bound     in [-1, 1]
 *   E_n = mean over bets b of product over k of (1 + b x_k),        b in {1/16, 1/8, 1/4, 1/2, 0.9}
 *   promote when E_n &gt;= 1 / rate and the sum of all losses, each lead by its own scale, is smaller
 * </pre>
 *
 * <p>If the challenger is not better, E[x_k | what was known when block k began] &lt;= 0, then E_n
 * is a supermartingale that begins at 1 and, by Ville's inequality, ever reaches 1 / rate with a
 * probability of at most {@code rate}, whenever and however often one looks. What this rests on:
 *
 * <ul>
 *   <li>Being bounded: the relative difference lies in [-1, 1] by itself, the clip makes the bets
 *       strong enough for the few per cent that models differ by. A gain that is clipped only makes
 *       promotion rarer. A loss that is clipped could hide a challenger that is often a little
 *       better and rarely very bad; the condition on all losses is for that.
 *   <li>Overlap: forecasts of neighbouring issue times share most of their targets. Pairs are
 *       summed in blocks, and {@code gap} pairs between two blocks are left out; with a gap of the
 *       last verified lead - 1, all targets of a block lie after everything the block before saw.
 *   <li>Seasons: a challenger that is better in summer alone is better, given that it is summer.
 *       Blocks far shorter than a season judge it by the season they fall in; rollback is for that.
 * </ul>
 *
 * <p>The mirror image of the test, with the roles exchanged, rejects a challenger. After {@code
 * most} blocks without either the challenger is given up. The rate is one for each challenger, not
 * for all that a stream will ever see. (Betting: Waudby-Smith and Ramdas, JRSS B 2024; comparing
 * forecasters: Choe and Ramdas, Operations Research 2023.) Mutable, for one thread.
 */
public final class PromotionTest {
  private static final double[] BETS = {1 / 16.0, 1 / 8.0, 1 / 4.0, 1 / 2.0, 0.9};

  /** Stands for an infinite loss, so that sums of many are still numbers. */
  private static final double LARGEST = 1e290;

  private final Rule rule;
  private final double[] better = new double[BETS.length]; // logarithms of the wealth
  private final double[] worse = new double[BETS.length];
  private final double[] champion; // sums of the block that goes on, by lead
  private final double[] challenger;
  private final double[] allChampion; // sums of all blocks that are complete
  private final double[] allChallenger;
  private int pairs; // of this block and the gap after it
  private int blocks;
  private Verdict verdict = Verdict.OPEN;

  /** What the pairs say so far. */
  public enum Verdict {
    OPEN,
    /** The challenger is better. */
    BETTER,
    /** The champion is better, or the challenger failed to forecast. */
    WORSE,
    /** The blocks are used up and the difference is too small to be told. */
    UNDECIDED
  }

  /**
   * How to decide.
   *
   * @param rate largest probability to promote a challenger that is not better
   * @param bound relative difference of a block beyond which it counts no more
   * @param length pairs of a block
   * @param gap pairs between two blocks that do not count
   * @param most blocks before a challenger is given up
   */
  public record Rule(double rate, double bound, int length, int gap, int most)
      implements Serializable {
    public Rule {
      Check.that(
          rate > 0 && rate < 1, "a false-promotion rate is above 0 and below 1, got %s", rate);
      Check.that(bound > 0 && bound <= 1, "the bound is above 0 and at most 1, got %s", bound);
      Check.that(
          length >= 1 && gap >= 0 && most >= 1,
          "blocks of %d pairs, gaps of %d, at most %d blocks: expected at least 1, 0 and 1",
          length,
          gap,
          most);
    }

    /** Blocks as long as the last lead, gaps that part them, a bound of a fifth. */
    public static Rule of(double rate, int lastLead, int most) {
      return new Rule(rate, 0.2, lastLead, lastLead - 1, most);
    }
  }

  /**
   * @param leads that are verified, at least 1
   */
  public PromotionTest(Rule rule, int leads) {
    Check.that(leads >= 1, "a pair has at least one lead, got %d", leads);
    this.rule = rule;
    champion = new double[leads];
    challenger = new double[leads];
    allChampion = new double[leads];
    allChallenger = new double[leads];
  }

  /**
   * Takes the next pair, in the order of issue times.
   *
   * @param championLosses by lead, at least 0; NaN is an observation that was missing, with which
   *     the pair says nothing; infinite is a forecast that failed
   * @param challengerLosses by lead; infinite ends the test
   */
  public Verdict add(double[] championLosses, double[] challengerLosses) {
    if (verdict != Verdict.OPEN) {
      return verdict;
    }
    if (holdsNaN(championLosses) || holdsNaN(challengerLosses)) {
      return verdict;
    }
    for (double loss : challengerLosses) {
      if (loss > LARGEST) {
        verdict = Verdict.WORSE;
        return verdict;
      }
    }
    if (pairs < rule.length) {
      addTo(champion, championLosses);
      addTo(challenger, challengerLosses);
    }
    pairs++;
    if (pairs == rule.length) {
      bet();
    }
    if (pairs == rule.length + rule.gap) {
      pairs = 0;
    }
    return verdict;
  }

  private void bet() {
    double x = Math.max(-rule.bound, Math.min(rule.bound, gain(champion, challenger))) / rule.bound;
    for (int i = 0; i < BETS.length; i++) {
      better[i] += Math.log1p(BETS[i] * x);
      worse[i] += Math.log1p(-BETS[i] * x);
    }
    addTo(allChampion, champion);
    addTo(allChallenger, challenger);
    Arrays.fill(champion, 0);
    Arrays.fill(challenger, 0);
    blocks++;
    double gain = gain();
    if (logEvidence() >= -Math.log(rule.rate) && gain > 0) {
      verdict = Verdict.BETTER;
    } else if (logMean(worse) >= -Math.log(rule.rate) && gain < 0) {
      verdict = Verdict.WORSE;
    } else if (blocks >= rule.most) {
      verdict = Verdict.UNDECIDED;
    }
  }

  /** Mean over the leads of (C - H) / (C + H); 0 where both are. */
  private static double gain(double[] champion, double[] challenger) {
    double sum = 0;
    for (int i = 0; i < champion.length; i++) {
      double both = champion[i] + challenger[i];
      sum += both > 0 ? (champion[i] - challenger[i]) / both : 0;
    }
    return sum / champion.length;
  }

  private static boolean holdsNaN(double[] values) {
    return Arrays.stream(values).anyMatch(Double::isNaN);
  }

  private static void addTo(double[] sums, double[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += Math.min(LARGEST, values[i]);
    }
  }

  /** Logarithm of the mean of the exponentials. */
  private static double logMean(double[] logarithms) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double l : logarithms) {
      largest = Math.max(largest, l);
    }
    double sum = 0;
    for (double l : logarithms) {
      sum += Math.exp(l - largest);
    }
    return largest + Math.log(sum / logarithms.length);
  }

  public Verdict verdict() {
    return verdict;
  }

  /** Natural logarithm of E_n: how much a bet on the challenger would have multiplied itself. */
  public double logEvidence() {
    return logMean(better);
  }

  /** The same for a bet on the champion. */
  public double logEvidenceAgainst() {
    return logMean(worse);
  }

  /** Relative difference over all complete blocks; above 0 when the challenger lost less. */
  public double gain() {
    return gain(allChampion, allChallenger);
  }

  /** Complete blocks. */
  public int blocks() {
    return blocks;
  }

  /** Version 1: rule, leads, all that was summed. */
  public static final class PromotionTestCodec implements Codec<PromotionTest> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(PromotionTest test, DataOutput out) throws IOException {
      out.writeByte(1);
      out.writeDouble(test.rule.rate);
      out.writeDouble(test.rule.bound);
      out.writeInt(test.rule.length);
      out.writeInt(test.rule.gap);
      out.writeInt(test.rule.most);
      out.writeInt(test.champion.length);
      for (double[] sums : test.sums()) {
        Binary.doubles(sums, out);
      }
      out.writeInt(test.pairs);
      out.writeInt(test.blocks);
      Binary.text(test.verdict.name(), out);
    }

    @Override
    public PromotionTest read(DataInput in) throws IOException {
      Binary.version(in, 1, "a promotion test");
      Rule rule =
          new Rule(in.readDouble(), in.readDouble(), in.readInt(), in.readInt(), in.readInt());
      PromotionTest test = new PromotionTest(rule, in.readInt());
      for (double[] sums : test.sums()) {
        System.arraycopy(Binary.doubles(sums.length, in), 0, sums, 0, sums.length);
      }
      test.pairs = in.readInt();
      test.blocks = in.readInt();
      test.verdict = Verdict.valueOf(Binary.text(in));
      return test;
    }

    @Override
    public PromotionTest copy(PromotionTest test) {
      PromotionTest copy = new PromotionTest(test.rule, test.champion.length);
      for (int i = 0; i < test.sums().length; i++) {
        System.arraycopy(test.sums()[i], 0, copy.sums()[i], 0, test.sums()[i].length);
      }
      copy.pairs = test.pairs;
      copy.blocks = test.blocks;
      copy.verdict = test.verdict;
      return copy;
    }
  }

  private double[][] sums() {
    return new double[][] {better, worse, champion, challenger, allChampion, allChallenger};
  }
}
