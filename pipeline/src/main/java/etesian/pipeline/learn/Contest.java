package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.ingest.wire.Binary;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.PromotionTest.PromotionTestCodec;
import etesian.pipeline.learn.PromotionTest.Rule;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Who forecasts beside the champion of a stream, and what the bets on them have come to.
 *
 * <p>What is judged is the policy of learning: there is one run of bets for a champion, in which
 * the newest lesson is the challenger at each window, and which goes on when the next lesson takes
 * the place of the last one ({@link PromotionTest#renew}). A candidate is judged by windows all of
 * whose targets are later than anything it learned from; until the first of them the candidate
 * before it goes on. A candidate that has not had a block's windows of its own is only replaced
 * after a drift.
 *
 * <p>Lessons that have won are <em>trusted</em>: from then on each takes its place as soon as it
 * has lost less than the champion over its own windows, after any window from a block's length on,
 * without winning anew. Two <em>guards</em> forecast on beside whatever serves, and are rolled back
 * to when they are better than that, in the same test without the long run: the champion that the
 * lessons won against, whose bets go on from lesson to lesson, so that many small steps in a wrong
 * direction add up; and the <em>predecessor</em>, in whose place the last lesson was put, which
 * sees one bad lesson among good ones. After the first promotion they are one and the same.
 */
final class Contest {
  private static final PromotionTestCodec CODEC = new PromotionTestCodec();

  private final StreamSettings stream;
  private final Rule rule;
  private final Rule ofGuards; // a rollback that comes late costs more than one too many
  private final int[] leads;
  private final double falsePromotionRate;
  private String candidate = ""; // SHA-256 of weights, here and below; empty for none
  private PromotionTest bets; // on all candidates against this champion; null without a candidate
  private String next = ""; // the candidate after it
  private long nextFrom; // first issue step that counts for that
  private boolean trusted; // whether lessons have won against a champion before
  private Guard guard; // whom lessons won against; null for none
  private Guard predecessor; // in whose place a trusted lesson was put; null when it is the guard
  private Guard winner; // of the two, when one has just won; not stored

  /** What is to be done after a window. */
  enum Decision {
    STAY,
    /** Lessons have won: the candidate serves, and the champion becomes its guard. */
    PROMOTE,
    /** Lessons are trusted: the candidate serves, and the champion is its predecessor. */
    FOLLOW,
    /** A guard has won: it serves again. */
    ROLL_BACK
  }

  Contest(StreamSettings stream, TuningSettings tuning) {
    check(stream, tuning);
    this.stream = stream;
    Rule present = Rule.of(tuning.falsePromotionRate(), Shadow.lastLead(stream), tuning.blocks());
    ofGuards = present;
    rule = present.inTheLongRun(tuning.longRun());
    leads = new Shadow(stream).leads();
    falsePromotionRate = tuning.falsePromotionRate();
  }

  /** That lessons can win at all. */
  static void check(StreamSettings stream, TuningSettings tuning) {
    int fewest = LongRun.fewestBlocks(tuning.falsePromotionRate());
    Check.that(
        !tuning.longRun() || tuning.blocks() >= fewest,
        "stream %s: blocks %d: with long_run and a false_promotion_rate of %s no lesson wins before"
            + " %d blocks; set blocks to several times that, or long_run: false",
        stream.name(),
        tuning.blocks(),
        tuning.falsePromotionRate(),
        fewest);
  }

  private PromotionTest newBets() {
    return new PromotionTest(rule, leads);
  }

  private PromotionTest betsOfAGuard() {
    return new PromotionTest(ofGuards, leads);
  }

  /** Something has drifted: which forecast was better before says less from now on. */
  void changeWorld() {
    if (bets != null) {
      bets.changeWorld();
    }
  }

  /** Those that are to forecast a window beside the champion. */
  List<String> contestants(long issue) {
    return named(takesOver(issue) ? next : candidate, nameOf(guard), nameOf(predecessor));
  }

  private boolean takesOver(long issue) {
    return !next.isEmpty() && issue >= nextFrom;
  }

  private static String nameOf(Guard guard) {
    return guard == null ? "" : guard.sha256();
  }

  private static List<String> named(String... all) {
    return Stream.of(all).filter(sha256 -> !sha256.isEmpty()).toList();
  }

  /** The one that is judged; empty when there is none. */
  String candidate() {
    return candidate;
  }

  /** The newest one; empty when there is none. */
  String newest() {
    return next.isEmpty() ? candidate : next;
  }

  /** The guard that has won. */
  String winner() {
    return winner.sha256();
  }

  boolean isTrusted() {
    return trusted;
  }

  /** What a bet on the lessons has grown to, over what promotes them; 0 without a candidate. */
  double progress() {
    PromotionTest asked = bets; // a reporter asks from another thread
    return asked == null ? 0 : Math.exp(Math.min(700, asked.logEvidence())) * falsePromotionRate;
  }

  /**
   * Whether there is room for another candidate.
   *
   * @param urgent whether the present one need not have had its turn
   */
  boolean takesAnother(boolean urgent) {
    return next.isEmpty() && (urgent || candidate.isEmpty() || bets.hasHadItsTurn());
  }

  /**
   * A new candidate.
   *
   * @param from first issue step that it is judged by
   */
  void enter(String sha256, long from) {
    next = sha256;
    nextFrom = from;
  }

  /** From the first window that counts for it on, the next candidate is the one that is judged. */
  void takeOver(long issue, String champion, EventLog log) {
    if (!takesOver(issue)) {
      return;
    }
    if (candidate.isEmpty()) {
      bets = newBets();
    } else {
      log.rejected(
          candidate, champion, "a newer lesson takes its place; the bets go on", evidence(bets));
      bets.renew();
    }
    candidate = next;
    next = "";
  }

  /**
   * Takes the losses of a window. A candidate that has lost goes; after worse ones lessons are
   * trusted no more.
   */
  Decision judge(long issue, String champion, Map<String, double[]> losses, EventLog log) {
    double[] champions = losses.get(champion);
    winner = null;
    for (Guard one : guards()) {
      if (one.hasWon(issue, champions, losses.get(one.sha256()))) {
        winner = one; // of two the predecessor, which knows more
      }
    }
    if (winner != null) {
      return Decision.ROLL_BACK;
    }
    if (candidate.isEmpty()) {
      return Decision.STAY;
    }
    return switch (bets.add(champions, losses.get(candidate))) {
      case BETTER -> Decision.PROMOTE;
      case OPEN -> trusted && bets.stands() ? Decision.FOLLOW : Decision.STAY;
      case WORSE -> {
        reject(
            "lessons are worse than the champion on the same windows, or this one failed",
            champion,
            log);
        trusted = false;
        yield Decision.STAY;
      }
      case UNDECIDED -> {
        reject("no difference that could be told", champion, log);
        yield Decision.STAY;
      }
    };
  }

  private void reject(String why, String champion, EventLog log) {
    log.rejected(candidate, champion, why, evidence(bets));
    end();
  }

  private void end() {
    candidate = "";
    bets = null;
  }

  /** What speaks for the candidates. */
  Map<String, Double> evidence() {
    return evidence(bets);
  }

  /** What speaks for the guard that has won. */
  Map<String, Double> evidenceOfWinner() {
    return evidence(winner.bets());
  }

  private Map<String, Double> evidence(PromotionTest test) {
    Map<String, Double> evidence = new LinkedHashMap<>();
    evidence.put("e_value", Math.exp(Math.min(700, test.logEvidence())));
    evidence.put("e_value_against", Math.exp(Math.min(700, test.logEvidenceAgainst())));
    evidence.put("relative_gain", test.gain());
    evidence.put("blocks", (double) test.blocks());
    evidence.put("own_relative_gain", test.ownGain());
    evidence.put("own_windows", (double) test.own());
    evidence.put("false_promotion_rate", falsePromotionRate);
    return evidence;
  }

  /** The candidate serves after it has won; the champion that it won against is the guard. */
  void promoted(String beaten, long from, EventLog log) {
    succeeded(beaten, log);
    guard = new Guard(beaten, from, this::betsOfAGuard);
    predecessor = null;
    trusted = true;
  }

  /**
   * The candidate serves. The guard stays beside it, too, and so do its bets.
   *
   * @param before the champion whose place it takes, which guards it, too
   * @param from first issue step that counts for the guards: later than any field that was known
   */
  void followed(String before, long from, EventLog log) {
    succeeded(before, log);
    guard.waitFor(from);
    predecessor = guard.is(before) ? null : new Guard(before, from, this::betsOfAGuard);
  }

  private void succeeded(String before, EventLog log) {
    if (!next.isEmpty()) {
      log.rejected(next, before, "it was made from the champion before");
    }
    end();
    next = "";
  }

  private List<Guard> guards() {
    return Stream.of(guard, predecessor).filter(Objects::nonNull).toList();
  }

  /** Weights that cannot be used take no part any more. */
  void drop(String sha256, String champion, EventLog log) {
    if (sha256.equals(candidate)) {
      log.rejected(candidate, champion, "its weights cannot be used");
      end();
    } else if (guard != null && guard.is(sha256)) {
      dismissGuards();
    } else if (predecessor != null && predecessor.is(sha256)) {
      predecessor = null;
    }
  }

  private void dismissGuards() {
    guard = null;
    predecessor = null;
    trusted = false; // as nothing guards it
  }

  /** Weights that serve are no candidate any more. */
  void release(String sha256) {
    if (sha256.equals(candidate)) {
      end();
    }
    if (sha256.equals(next)) {
      next = "";
    }
  }

  /**
   * Another champion: candidates go, and what was known beside the one before says nothing.
   *
   * @param before the one before
   * @param why candidates go
   */
  void beginAnew(String before, String why, EventLog log) {
    named(candidate, next).forEach(other -> log.rejected(other, before, why));
    end();
    next = "";
    dismissGuards();
  }

  /** Candidate and its bets, next one and its first step, trust, guard, predecessor. */
  void write(DataOutput out) throws IOException {
    Binary.text(candidate, out);
    if (!candidate.isEmpty()) {
      CODEC.write(bets, out);
    }
    Binary.text(next, out);
    out.writeLong(nextFrom);
    out.writeBoolean(trusted);
    Guard.write(guard, out);
    Guard.write(predecessor, out);
  }

  /**
   * @param version of {@link LearningCodec}, 2 or later: before 4 there is no predecessor
   */
  void read(int version, DataInput in) throws IOException {
    candidate = Binary.text(in);
    if (!candidate.isEmpty()) {
      bets = bets(in);
    }
    next = Binary.text(in);
    nextFrom = in.readLong();
    trusted = in.readBoolean();
    guard = Guard.read(in, this::betsOfAGuard);
    if (version > 3) {
      predecessor = Guard.read(in, this::betsOfAGuard);
    }
  }

  /** Bets by another rule or on other leads than today's begin anew. */
  private PromotionTest bets(DataInput in) throws IOException {
    PromotionTest stored = CODEC.read(in);
    PromotionTest today = newBets();
    return stored.isLike(today) ? stored : today;
  }

  /**
   * What version 1 of {@link LearningCodec} holds, of which the bets begin anew. The candidate
   * waits for its first window again, which it may have had.
   *
   * @param champion who serves; null for nobody
   */
  void readVersion1(DataInput in, Champion champion) throws IOException {
    next = Binary.text(in);
    if (!next.isEmpty()) {
      nextFrom = in.readLong();
      PromotionTestCodec.skipVersion1(in);
    }
    String guarding = Binary.text(in);
    if (!guarding.isEmpty()) {
      PromotionTestCodec.skipVersion1(in);
      long from = stream.step().indexOf(stream.anchor(), champion.effectiveFrom());
      guard = new Guard(guarding, from, this::betsOfAGuard);
    }
  }
}
