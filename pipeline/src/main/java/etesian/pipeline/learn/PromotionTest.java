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
 * looked at after every window. Both forecast the same windows; a <em>pair</em> is the loss of both
 * at one verified lead of one issue time. The challenger may change on the way ({@link #renew}): a
 * learner's newest lesson is one challenger for the bets, so that what is judged is the policy of
 * learning, and what its lessons won is kept when the next one takes over.
 *
 * <pre>
 *   r_i = 2 (C_i - H_i) / (C_i + H_i + M)            of a pair; M: mean of C + H so far at its lead
 *   g_k = mean over leads of the mean r of block k;  s_k = deviation of g so far, about 0
 *   E_n = mean over bets b of product over k of (1 + b clip(g_k / s_k, +-0.95 / b)),
 *         b in {1/16, 1/8, 1/4, 1/2}
 *   in the long run: E_n is the smaller of this and of {@link LongRun}'s
 *   better when E_n &gt;= 1 / rate, all losses together are smaller, and so are those of the
 *   newest challenger over as many windows of its own as a block has
 * </pre>
 *
 * <p>If the challenger is not better, E[clip(g_k / s_k) | what was known when block k began] &lt;=
 * 0, then E_n is at most a supermartingale that begins at 1 and, by Ville's inequality, ever
 * reaches 1 / rate with a probability of at most {@code rate}, whenever and however often one
 * looks. Whoever challenges at an issue time is known at that time, so the same holds of
 * challengers that change. What this rests on:
 *
 * <ul>
 *   <li>Overlap: forecasts of neighbouring issue times share most of their targets. A block is a
 *       span of time, of 2 h - 1 issue times with h the last lead, and a pair counts when its issue
 *       time and its target both lie in it: a block is known as a whole before the next begins.
 *   <li>Persistence: what stays for a while is no news block after block, so a block has at least
 *       {@value #SHORTEST} issue times, and errors of persistence 0.8 keep to the rate. But it is
 *       the null <em>given what was known</em> that these bets test. Two forecasts that differ by
 *       something that stays far longer than a block, as two climatologies do, are each better for
 *       a while, and the one that is better now wins more often than the rate says, though neither
 *       is better in the long run. A rule that asks for the long run takes a second record to the
 *       same rate ({@link LongRun}), which knows how long differences have stayed so far. The test
 *       of the class simulates both, for differences of persistence up to 0.98, and says where the
 *       second does not hold, either.
 *   <li>The clip: a bet never loses more than 95 % of its stake. Gains and losses beyond are cut
 *       alike, which could hide a challenger that is often a little better and rarely very bad; the
 *       condition on all losses is for that.
 *   <li>The window: where both fail, it is the observations that are wrong, and it says nothing.
 *   <li>Seasons: a challenger that is better in summer alone is better, given that it is summer.
 *       Blocks far shorter than a season judge it by the season they fall in, and so does the long
 *       run when it asks for less than half a year; rollback is for that.
 * </ul>
 *
 * <p>The mirror image of the bets, with the roles exchanged and without the long run, rejects a
 * challenger: the next one comes soon. After {@code most} blocks without either it is given up. The
 * rate is one for each such run of bets, however many lessons take part in it, not for all that a
 * stream will ever see. (Betting: Waudby-Smith and Ramdas, JRSS B 2024; comparing forecasters: Choe
 * and Ramdas, Operations Research 2023.) Mutable, for one thread.
 */
public final class PromotionTest {
  /** Issue times of a block, at least. */
  static final int SHORTEST = 10;

  private static final double[] BETS = {1 / 16.0, 1 / 8.0, 1 / 4.0, 1 / 2.0};
  private static final double MOST_OF_A_STAKE = 0.95;

  /** What a block's g is taken for before there are any, and how many blocks that counts for. */
  private static final double USUAL_GAIN = 0.05;

  private static final int USUAL_BLOCKS = 2;

  /** Stands for an infinite loss, so that sums of many are still numbers. */
  private static final double LARGEST = 1e290;

  private final Rule rule;
  private final int[] leads;
  private final double[] better = new double[BETS.length]; // logarithms of the wealth
  private final double[] worse = new double[BETS.length];
  private final LongRun longRun = new LongRun();
  private final double[] usual; // sums of C + H, by lead
  private final double[] counts; // of the pairs in them
  private final double[] relative; // sums of r of the block that goes on
  private final double[] members; // pairs in them
  private final double[] champion; // losses of the block that goes on
  private final double[] challenger;
  private final double[] allChampion; // of all blocks that are complete
  private final double[] allChallenger;
  private final double[] ownChampion; // since the newest challenger came
  private final double[] ownChallenger;
  private double squares; // of g
  private int pairs; // issue times of the block that goes on
  private int blocks;
  private int turns; // windows since the newest challenger came
  private int own; // those of them that both forecast
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
   * @param length issue times of a block
   * @param most blocks before a challenger is given up
   * @param longRun whether a challenger must be better in the long run, too, not only given what
   *     was known
   */
  public record Rule(double rate, int length, int most, boolean longRun) implements Serializable {
    public Rule {
      Check.that(
          rate > 0 && rate < 1, "a false-promotion rate is above 0 and below 1, got %s", rate);
      Check.that(
          length >= 1 && most >= 1,
          "blocks of %d issue times, at most %d blocks: expected at least 1 and 1",
          length,
          most);
    }

    /** What is better at present is better. */
    public Rule(double rate, int length, int most) {
      this(rate, length, most, false);
    }

    /** Blocks that hold the last lead often enough, and outlast what is merely persistent. */
    public static Rule of(double rate, int lastLead, int most) {
      return new Rule(rate, Math.max(SHORTEST, 2 * lastLead - 1), most);
    }

    /** The same, for challengers that are better in the long run, too. */
    public Rule inTheLongRun(boolean asked) {
      return new Rule(rate, length, most, asked);
    }
  }

  /**
   * @param leads of the losses of a window, in their order, each at least 1; a lead that comes
   *     several times, for several variables, weighs as often
   */
  public PromotionTest(Rule rule, int... leads) {
    Check.that(leads.length >= 1, "a window has a loss at one lead at least");
    Check.that(
        Arrays.stream(leads).allMatch(lead -> lead >= 1 && lead <= rule.length),
        "leads %s do not fit into blocks of %d issue times",
        Arrays.toString(leads),
        rule.length);
    this.rule = rule;
    this.leads = leads.clone();
    usual = new double[leads.length];
    counts = new double[leads.length];
    relative = new double[leads.length];
    members = new double[leads.length];
    champion = new double[leads.length];
    challenger = new double[leads.length];
    allChampion = new double[leads.length];
    allChallenger = new double[leads.length];
    ownChampion = new double[leads.length];
    ownChallenger = new double[leads.length];
  }

  /** Whether it decides as another one does, and takes the same losses. */
  boolean isLike(PromotionTest other) {
    return rule.equals(other.rule) && Arrays.equals(leads, other.leads);
  }

  /**
   * The world has changed: what is known of the long run is of another one. The bets go on, as they
   * are about one block at a time.
   */
  public void changeWorld() {
    longRun.forget();
  }

  /** From the next window on another challenger forecasts; the bets go on. */
  public void renew() {
    Arrays.fill(ownChampion, 0);
    Arrays.fill(ownChallenger, 0);
    turns = 0;
    own = 0;
  }

  /**
   * Takes the losses of the next window, in the order of issue times.
   *
   * @param championLosses by lead, at least 0; NaN is an observation that was missing, with which
   *     the window says nothing; infinite is a forecast that failed
   * @param challengerLosses by lead; infinite ends the test unless the champion failed, too
   */
  public Verdict add(double[] championLosses, double[] challengerLosses) {
    if (verdict != Verdict.OPEN) {
      return verdict;
    }
    if (holdsNaN(championLosses) || holdsNaN(challengerLosses)) {
      return verdict;
    }
    if (failed(challengerLosses)) {
      if (failed(championLosses)) {
        turns++;
      } else {
        verdict = Verdict.WORSE;
      }
      return verdict;
    }
    for (int i = 0; i < leads.length; i++) {
      if (pairs + leads[i] <= rule.length) { // else its target lies in the next block
        take(i, championLosses[i], challengerLosses[i]);
      }
    }
    pairs++;
    turns++;
    own++;
    if (pairs == rule.length) {
      bet();
    }
    return verdict;
  }

  private static boolean failed(double[] losses) {
    return Arrays.stream(losses).anyMatch(loss -> loss > LARGEST);
  }

  private void take(int i, double ofChampion, double ofChallenger) {
    double both = ofChampion + ofChallenger;
    if (both <= LARGEST) {
      usual[i] += both;
      counts[i]++;
    }
    double scale = both + (counts[i] > 0 ? usual[i] / counts[i] : 0);
    relative[i] += both > LARGEST ? 2 : scale > 0 ? 2 * (ofChampion - ofChallenger) / scale : 0;
    members[i]++;
    double finite = Math.min(LARGEST, ofChampion);
    champion[i] += finite;
    challenger[i] += ofChallenger;
    ownChampion[i] += finite;
    ownChallenger[i] += ofChallenger;
  }

  private void bet() {
    double gain = 0;
    for (int i = 0; i < leads.length; i++) {
      gain += relative[i] / members[i] / leads.length;
    }
    double usualSquare = USUAL_BLOCKS * USUAL_GAIN * USUAL_GAIN;
    double z = gain / Math.sqrt((usualSquare + squares) / (USUAL_BLOCKS + blocks));
    for (int i = 0; i < BETS.length; i++) {
      double stake = Math.max(-MOST_OF_A_STAKE, Math.min(MOST_OF_A_STAKE, BETS[i] * z));
      better[i] += Math.log1p(stake);
      worse[i] += Math.log1p(-stake);
    }
    squares += gain * gain;
    longRun.add(gain);
    blocks++;
    addTo(allChampion, champion);
    addTo(allChallenger, challenger);
    for (double[] sums : new double[][] {relative, members, champion, challenger}) {
      Arrays.fill(sums, 0);
    }
    pairs = 0;
    decide();
  }

  private void decide() {
    double needed = -Math.log(rule.rate);
    if (logEvidence() >= needed && gain() > 0 && stands()) {
      verdict = Verdict.BETTER;
    } else if (logMean(worse) >= needed && gain() < 0) {
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
      sums[i] = Math.min(LARGEST, sums[i] + values[i]);
    }
  }

  /** Logarithm of the mean of the exponentials. */
  static double logMean(double[] logarithms) {
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

  Verdict verdict() {
    return verdict;
  }

  /**
   * Natural logarithm of E_n: how much a bet on the challenger would have multiplied itself; of the
   * smaller one where it must be better in the long run, too.
   */
  public double logEvidence() {
    double present = logMean(better);
    return rule.longRun ? Math.min(present, longRun.logEvidence(BETS)) : present;
  }

  /** The same for a bet on the champion, at present. */
  public double logEvidenceAgainst() {
    return logMean(worse);
  }

  /** Relative difference over all complete blocks; above 0 when the challengers lost less. */
  public double gain() {
    return gain(allChampion, allChallenger);
  }

  /**
   * Whether the newest challenger by itself lost less, over as many {@link #own} as a block has.
   */
  public boolean stands() {
    return own >= rule.length && ownGain() > 0;
  }

  /** Relative difference since the newest challenger came. */
  public double ownGain() {
    return gain(ownChampion, ownChallenger);
  }

  /** Complete blocks. */
  public int blocks() {
    return blocks;
  }

  /** Windows since the newest challenger came that it and the champion were compared by. */
  public int own() {
    return own;
  }

  /** Whether it has had as many windows as a block has, with those on which both failed. */
  public boolean hasHadItsTurn() {
    return turns >= rule.length;
  }

  /**
   * Version 4: rule, leads, all that was summed, windows since the newest challenger came, the long
   * run. Version 3 knew of no long run, and its record of that begins where it ends. Version 2
   * counted those on which both failed with the others. Version 1, up to 0.1.0, knew of one
   * challenger only and of other bets: what it holds is read past and the bets begin anew.
   */
  public static final class PromotionTestCodec implements Codec<PromotionTest> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(PromotionTest test, DataOutput out) throws IOException {
      out.writeByte(4);
      out.writeDouble(test.rule.rate);
      out.writeInt(test.rule.length);
      out.writeInt(test.rule.most);
      out.writeBoolean(test.rule.longRun);
      out.writeInt(test.leads.length);
      for (int lead : test.leads) {
        out.writeInt(lead);
      }
      for (double[] sums : test.sums()) {
        Binary.doubles(sums, out);
      }
      out.writeDouble(test.squares);
      out.writeInt(test.pairs);
      out.writeInt(test.blocks);
      out.writeInt(test.own);
      Binary.text(test.verdict.name(), out);
      out.writeInt(test.turns);
      test.longRun.write(out);
    }

    @Override
    public PromotionTest read(DataInput in) throws IOException {
      int version = Binary.version(in, 4, "a promotion test");
      Check.that(version > 1, "a promotion test of version 1 is skipped");
      Rule rule =
          new Rule(in.readDouble(), in.readInt(), in.readInt(), version > 3 && in.readBoolean());
      int[] leads = new int[in.readInt()];
      for (int i = 0; i < leads.length; i++) {
        leads[i] = in.readInt();
      }
      PromotionTest test = new PromotionTest(rule, leads);
      for (double[] sums : test.sums()) {
        System.arraycopy(Binary.doubles(sums.length, in), 0, sums, 0, sums.length);
      }
      test.squares = in.readDouble();
      test.pairs = in.readInt();
      test.blocks = in.readInt();
      test.own = in.readInt();
      test.verdict = Verdict.valueOf(Binary.text(in));
      test.turns = version < 3 ? test.own : in.readInt();
      if (version > 3) {
        test.longRun.read(in);
      }
      return test;
    }

    /** Reads past a test of version 1. */
    static void skipVersion1(DataInput in) throws IOException {
      Binary.version(in, 1, "a promotion test");
      in.skipBytes(2 * Double.BYTES + 3 * Integer.BYTES); // its rule
      int leads = in.readInt();
      for (int sums : new int[] {5, 5, leads, leads, leads, leads}) {
        Binary.doubles(sums, in);
      }
      in.skipBytes(2 * Integer.BYTES);
      Binary.text(in);
    }

    @Override
    public PromotionTest copy(PromotionTest test) {
      PromotionTest copy = new PromotionTest(test.rule, test.leads);
      for (int i = 0; i < test.sums().length; i++) {
        System.arraycopy(test.sums()[i], 0, copy.sums()[i], 0, test.sums()[i].length);
      }
      copy.squares = test.squares;
      copy.pairs = test.pairs;
      copy.blocks = test.blocks;
      copy.turns = test.turns;
      copy.own = test.own;
      copy.verdict = test.verdict;
      copy.longRun.copy(test.longRun);
      return copy;
    }
  }

  private double[][] sums() {
    return new double[][] {
      better,
      worse,
      usual,
      counts,
      relative,
      members,
      champion,
      challenger,
      allChampion,
      allChallenger,
      ownChampion,
      ownChallenger
    };
  }
}
