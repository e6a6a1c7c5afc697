package etesian.pipeline.learn;

import etesian.ingest.wire.Binary;
import etesian.pipeline.learn.PromotionTest.PromotionTestCodec;
import etesian.pipeline.learn.PromotionTest.Verdict;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Weights that served before, and that forecast on beside what serves now: are they better after
 * all, in the test of a promotion?
 */
final class Guard {
  private static final PromotionTestCodec CODEC = new PromotionTestCodec();

  private final String sha256;
  private final Supplier<PromotionTest> anew;
  private PromotionTest bets;
  private long from;

  /**
   * @param from first issue step that counts: later than any field that was known to what serves
   * @param anew a test without bets
   */
  Guard(String sha256, long from, Supplier<PromotionTest> anew) {
    this.sha256 = sha256;
    this.from = from;
    this.anew = anew;
    bets = anew.get();
  }

  String sha256() {
    return sha256;
  }

  boolean is(String other) {
    return sha256.equals(other);
  }

  /** Something else serves now, made from weights like those before: the bets go on. */
  void waitFor(long step) {
    from = step;
  }

  /**
   * Takes the losses of a window.
   *
   * @return whether it is better than what serves
   */
  boolean hasWon(long issue, double[] champions, double[] own) {
    if (issue < from) {
      return false;
    }
    Verdict verdict = bets.add(champions, own);
    if (verdict != Verdict.OPEN && verdict != Verdict.BETTER) {
      bets = anew.get(); // the world may still change back
    }
    return verdict == Verdict.BETTER;
  }

  PromotionTest bets() {
    return bets;
  }

  /** A guard, or none: its weights, empty for none, else its bets and first step. */
  static void write(Guard guard, DataOutput out) throws IOException {
    Binary.text(guard == null ? "" : guard.sha256, out);
    if (guard != null) {
      CODEC.write(guard.bets, out);
      out.writeLong(guard.from);
    }
  }

  /**
   * @return null for none
   */
  static Guard read(DataInput in, Supplier<PromotionTest> anew) throws IOException {
    String sha256 = Binary.text(in);
    if (sha256.isEmpty()) {
      return null;
    }
    PromotionTest stored = CODEC.read(in);
    Guard guard = new Guard(sha256, in.readLong(), anew);
    if (stored.isLike(guard.bets)) { // else by another rule or on other leads
      guard.bets = stored;
    }
    return guard;
  }
}
