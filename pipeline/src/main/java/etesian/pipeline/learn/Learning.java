package etesian.pipeline.learn;

import etesian.ingest.field.Field;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.ChampionTimeline;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.VerifiedWindows.Gap;
import etesian.pipeline.learn.Workshop.Judged;
import etesian.pipeline.learn.Workshop.Taught;
import etesian.pipeline.model.Stack;
import etesian.pipeline.revision.Arrival;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a stream stands in learning, and every decision about it. It computes nothing itself: who
 * drives it asks for the next {@link #window}, lets the {@link #contestants} forecast it, tells how
 * wrong they were by {@link #judge}, and teaches when a {@link #lesson} is due:
 *
 * <pre>
 *   lesson, every n windows, or drift --&gt; candidate beside the champion, in the place of the one before
 *     --better: promoted, and lessons are trusted; the champion before stays beside what serves,
 *               and so does the one before each later lesson
 *               --better: rolled back, and lessons are trusted no more
 *     --not better, or given up: rejected; after worse ones lessons are trusted no more
 * </pre>
 *
 * <p>{@link VerifiedWindows} are what is remembered, {@link Succession} knows who serves, {@link
 * Contest} who challenges and how the bets stand, {@link DriftWatch} whether the world has changed,
 * {@link Timetable} when a lesson is due, and {@link Refusals} what cannot be used.
 *
 * <p>A champion that cannot be used is let go of, and whoever served before it goes on, as with the
 * forecasts. While learning keeps up, as it does in {@link LearningLoop}, everything follows from
 * the order of the fields and from the weights that lessons gave, and from no clock. One that falls
 * behind the fields decides later, with more of them in its buffer, and passes over windows that
 * have left it. Mutable, for one thread.
 */
public final class Learning {
  /**
   * Evidence of a refusal that is a gap between fields and nobody's fault: issue times in between,
   * of which no window is whole.
   */
  public static final String WINDOWS_MISSING = "windows_missing";

  private final StreamSettings stream;
  private final TuningSettings tuning;
  private final Refusals refusals = new Refusals();

  // What LearningCodec stores.
  final VerifiedWindows windows;
  final Succession succession;
  final Contest contest;
  final DriftWatch drift;
  final Timetable timetable;

  /**
   * @throws IllegalArgumentException as of {@link #check}
   */
  public Learning(StreamSettings stream, TuningSettings tuning) {
    this.stream = stream;
    this.tuning = tuning;
    windows = new VerifiedWindows(stream, tuning);
    succession = new Succession(stream.model());
    contest = new Contest(stream, tuning);
    drift = new DriftWatch(tuning);
    timetable = new Timetable(tuning);
  }

  /**
   * For a job that is put together: what it could not do is known before it runs.
   *
   * @throws IllegalArgumentException when the replay buffer is too small for fields of the stream,
   *     or no lesson could ever win
   */
  public static void check(StreamSettings stream, TuningSettings tuning) {
    VerifiedWindows.shape(stream, tuning);
    Contest.check(stream, tuning);
  }

  /**
   * What a decision came to.
   *
   * @param events for the audit log, in their order
   * @param champion the new one, when there is one
   */
  public record Outcome(List<ModelEvent> events, Optional<Champion> champion) {
    private static final Outcome NOTHING = new Outcome(List.of(), Optional.empty());

    public Outcome {
      events = List.copyOf(events);
    }
  }

  /**
   * A lesson that is due.
   *
   * @param champion to begin from
   * @param windows to learn from
   * @param number of the lesson
   */
  public record Due(String champion, List<Window> windows, int number) {}

  /**
   * What was announced before the job began: the newest champion counts, unless it is known to be
   * of no use, and those before it are there for when it fails.
   *
   * @param records in their order; of several with one issue time the last counts
   * @return as of {@link #crown}: that one was adopted can only be after a restart
   */
  public Outcome begin(List<Champion> records, Instant now) {
    Collection<Champion> known = ChampionTimeline.lastOfEachTime(records).values();
    Optional<Champion> newest = succession.newestOf(known);
    Outcome outcome = newest.map(one -> crown(one, now)).orElse(Outcome.NOTHING);
    succession.remember(known);
    return outcome;
  }

  /**
   * Who serves, known from the start or from outside: the newest one counts. One that was made
   * champion elsewhere, by hand, is adopted: candidates go, and a new contest begins against it. It
   * is not on probation, as somebody wanted it; when it cannot forecast, the one before it comes
   * back. One that could not forecast and is announced once more is tried again.
   *
   * <p>A promotion that was on its way when somebody named another champion gives way to it: that
   * one is named anew, to serve after the promotion.
   *
   * @return that it was adopted, and what became of candidates beside another champion; with a
   *     champion when the topic is to be told
   */
  public Outcome crown(Champion crowned, Instant now) {
    succession.tryAgain(crowned);
    if (!succession.isNew(crowned)) {
      return Outcome.NOTHING;
    }
    EventLog log = log(now);
    String before = succession.champion().map(Champion::weightsSha256).orElse(null);
    contest.release(crowned.weightsSha256());
    Optional<Champion> named = succession.adopt(crowned, windows.nextIssueTime());
    if (before != null) {
      Champion adopted = named.orElse(crowned);
      log.crowned(Kind.ADOPTED, adopted, before, adoption(crowned, adopted), Map.of());
    }
    beginAnew(before, "another champion was made meanwhile", log);
    return new Outcome(log.events(), named);
  }

  private static String adoption(Champion crowned, Champion adopted) {
    return adopted.effectiveFrom().equals(crowned.effectiveFrom())
        ? "made champion elsewhere; lessons begin from it"
        : "made champion elsewhere, from "
            + crowned.effectiveFrom()
            + " on, when another was promoted; it takes the place of that one; lessons begin from"
            + " it";
  }

  private void beginAnew(String before, String why, EventLog log) {
    contest.beginAnew(before, why, log);
    drift.beginAnew();
  }

  /**
   * Takes a field in. Windows issued before {@code issueFrom} of the stream are learned from and
   * never judged.
   *
   * @param all variables of a time, in the order of the stream
   * @return that fields have got stuck
   */
  public List<ModelEvent> observe(List<Field> all, Instant now) {
    int[] revisions = all.stream().mapToInt(Field::revision).toArray();
    return observe(all.get(0).frame().validAt(), Stack.of(all), revisions, now);
  }

  /**
   * Takes a field of a series without revisions in.
   *
   * @param values of all variables, in the order of the stream
   * @return that fields have got stuck
   */
  public List<ModelEvent> observe(Instant validAt, float[] values, Instant now) {
    return observe(validAt, values, new int[stream.variables().size()], now);
  }

  private List<ModelEvent> observe(Instant validAt, float[] values, int[] revisions, Instant now) {
    windows.observe(validAt, values, revisions);
    EventLog log = log(now);
    refusals.stuck(windows.stuck(), log);
    return log.events();
  }

  /**
   * Takes in what comes again of a time that is remembered: a better revision of a variable takes
   * the place of the one before ({@link Arrival}). Windows that were judged stay judged.
   *
   * @return whether its time is remembered; else it is one to {@link #observe}
   */
  public boolean revise(Field field) {
    return windows.revise(field);
  }

  /** The next window that is to be judged; empty until its targets are there. */
  public Optional<Window> window() {
    return succession.champion().flatMap(any -> windows.next());
  }

  /** SHA-256 of the weights that are to forecast the next window: the champion's first. */
  public Set<String> contestants() {
    Set<String> contestants = new LinkedHashSet<>();
    contestants.add(succession.weights());
    Optional<Instant> issueTime = window().map(Window::issueTime);
    contestants.addAll(contest.contestants(issueTime.map(windows::stepOf).orElse(Long.MIN_VALUE)));
    return contestants;
  }

  /**
   * Says how wrong the forecasts of {@link #window} were: who is better is decided, and weights
   * that cannot be used are let go of.
   */
  public Outcome judge(Window window, Judged found, Instant now) {
    EventLog log = log(now);
    refusals.unusable(found.failures(), log);
    Optional<Gap> gap = windows.judged(window);
    log.judged(window.issueTime());
    refusals.doubt(found.absurd(), log);
    gap.ifPresent(it -> log.refused(null, it.why(), it.evidence()));
    long issue = windows.stepOf(window.issueTime());
    String champion = succession.weights();
    contest.takeOver(issue, champion, log);
    boolean hasDrifted = drift.watch(champion, found, log);
    timetable.judged(hasDrifted);
    if (hasDrifted) {
      contest.changeWorld();
    }
    Optional<Champion> crowned =
        switch (contest.judge(issue, champion, found.losses(), log)) {
          case STAY -> Optional.empty();
          case PROMOTE -> Optional.of(promote(log));
          case FOLLOW -> Optional.of(follow(log));
          case ROLL_BACK -> Optional.of(rollBack(log));
        };
    found.failures().keySet().forEach(sha256 -> drop(sha256, log));
    return new Outcome(log.events(), crowned);
  }

  private Champion promote(EventLog log) {
    String beaten = succession.weights();
    Champion crowned =
        succeed("lessons are better than the champion on the same windows, this one too", log);
    contest.promoted(beaten, windows.newestTarget() + 1, log);
    drift.errorsBeginAnew();
    return crowned;
  }

  /** The errors are those of a model much like the last, and are watched on. */
  private Champion follow(EventLog log) {
    String before = succession.weights();
    Champion crowned =
        succeed(
            "lessons have won before and are trusted; this one lost less than the champion", log);
    contest.followed(before, windows.newestTarget() + 1, log);
    return crowned;
  }

  private Champion succeed(String why, EventLog log) {
    String before = succession.weights();
    Champion crowned = succession.crown(contest.candidate(), windows.nextIssueTime());
    log.crowned(Kind.PROMOTED, crowned, before, why, contest.evidence());
    return crowned;
  }

  private Champion rollBack(EventLog log) {
    String failed = succession.weights();
    Champion crowned = succession.crown(contest.winner(), windows.nextIssueTime());
    log.crowned(
        Kind.ROLLED_BACK,
        crowned,
        failed,
        "a champion before is better than the one that serves in its place",
        contest.evidenceOfWinner());
    beginAnew(failed, "it was made from weights rolled back", log);
    return crowned;
  }

  /**
   * Lets go of a candidate, of the guard, or of the champion itself, in whose place the newest one
   * before it serves on that has not failed, too. A champion without any stays.
   */
  private void drop(String sha256, EventLog log) {
    String champion = succession.weights();
    if (!sha256.equals(champion)) {
      contest.drop(sha256, champion, log);
    } else if (succession.fallBack()) {
      beginAnew(champion, "the champion beside it cannot be used", log);
    }
  }

  /** The lesson that is due now, if any; asked after each window. */
  public Optional<Due> lesson() {
    boolean canBegin =
        succession.champion().isPresent()
            && windows.newestJudged().isPresent()
            && windows.mayBe(tuning.atLeast());
    if (!canBegin || !timetable.isDue() || !contest.takesAnother(timetable.isUrgent())) {
      return Optional.empty();
    }
    List<Window> known = windows.toLearnFrom();
    return known.size() < tuning.atLeast()
        ? Optional.empty()
        : Optional.of(new Due(succession.weights(), known, timetable.lesson()));
  }

  /** Says what came of a lesson: a candidate, or why there is none. */
  public List<ModelEvent> taught(Due due, Taught taught, Instant now) {
    timetable.taught();
    EventLog log = log(now);
    String sha256 = taught.sha256();
    if (sha256 == null) {
      log.lesson(Kind.REFUSED, due, taught, taught.failure());
    } else if (!due.champion().equals(succession.weights())) {
      log.lesson(Kind.REFUSED, due, taught, "another champion was promoted meanwhile");
    } else if (sha256.equals(due.champion())) {
      log.lesson(Kind.REFUSED, due, taught, "the lesson changed nothing");
    } else if (sha256.equals(contest.candidate())) {
      log.lesson(Kind.REFUSED, due, taught, "the lesson came to what the last one did");
    } else {
      double count =
          taught.evidence().getOrDefault(Tutor.WINDOWS_TAUGHT, (double) due.windows().size());
      log.lesson(Kind.TRAINED, due, taught, "fine-tuned on " + (long) count + " windows");
      long from = windows.newestTarget();
      contest.enter(sha256, from);
      String judgedBy = "judged by windows issued from " + windows.timeOf(from) + " on";
      log.lesson(Kind.CANDIDATE, due, taught, judgedBy);
    }
    return log.events();
  }

  private EventLog log(Instant now) {
    String serving = succession.champion().map(Champion::weightsSha256).orElse(null);
    return new EventLog(stream, serving, windows.newestJudged().orElse(null), now);
  }

  /** The champion that serves; empty until one is known. */
  public Optional<Champion> champion() {
    return succession.champion();
  }

  /** Issue time of the newest window that was judged. */
  public Optional<Instant> newestJudged() {
    return windows.newestJudged();
  }

  /** SHA-256 of the newest candidate; empty when there is none. */
  public String candidate() {
    return contest.newest();
  }

  /** What a bet on the lessons has grown to, over what promotes them; 0 without a candidate. */
  public double evidence() {
    return contest.progress();
  }

  /** Whether lessons have won against a champion, and take their place without winning anew. */
  public boolean isTrusted() {
    return contest.isTrusted();
  }

  /** What the equation leaves over of the newest window's fields; NaN for none. */
  public double residual() {
    return drift.residual();
  }

  /** Whether the fields that are remembered have the variables and cells of the stream. */
  public boolean remembersItsStream() {
    return windows.areOfTheirStream();
  }

  /** Bytes of the fields that are remembered. */
  public long bytes() {
    return windows.bytes();
  }
}
