package etesian.pipeline.learn;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.DriftDetector.Drift;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.PromotionTest.Rule;
import etesian.pipeline.learn.PromotionTest.Verdict;
import etesian.pipeline.learn.ReplayBuffer.Shape;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where a stream stands in learning, and every decision about it. It computes nothing itself: who
 * drives it asks for the next {@link #window}, lets the {@link #contestants} forecast it, tells how
 * wrong they were by {@link #judge}, and teaches when a {@link #lesson} is due:
 *
 * <pre>
 *   lesson, every n windows, or drift --&gt; candidate beside the champion, in the place of the one before
 *     --better: promoted, and lessons are trusted; the champion before stays beside what serves
 *               --better: rolled back, and lessons are trusted no more
 *     --not better, or given up: rejected; after worse ones lessons are trusted no more
 * </pre>
 *
 * <p>What is judged is the policy: there is one run of bets for a champion, in which the newest
 * lesson is the challenger at each window, and which goes on when the next lesson takes the place
 * of the last one ({@link PromotionTest#renew}). A candidate is judged by windows all of whose
 * targets are later than anything it learned from; until the first of them the candidate before it
 * goes on. A candidate that has not had a block's windows of its own is only replaced after a
 * drift.
 *
 * <p>Lessons that have won are <em>trusted</em>: from then on each takes its place as soon as it
 * has lost less than the champion over its own windows, after any window from a block's length on,
 * without winning anew. What guards this is the champion that the lessons won against. It forecasts
 * on beside whatever serves, and is rolled back to when it is better than that, in the same test.
 *
 * <p>A champion that cannot be used is let go of, and whoever served before it goes on, as with the
 * forecasts. While learning keeps up, as it does in {@link LearningLoop}, everything follows from
 * the order of the fields and from the weights that lessons gave, and from no clock. One that falls
 * behind the fields decides later, with more of them in its buffer, and passes over windows that
 * have left it. Mutable, for one thread.
 */
public final class Learning {
  private static final long NEVER = Long.MIN_VALUE;
  private static final int MOST_EARLIER = 16;

  private final StreamSettings stream;
  private final TuningSettings tuning;
  private final Shadow shadow;

  // What is not private below is what LearningCodec stores.
  ReplayBuffer buffer;
  DriftDetector errors = new DriftDetector(DriftDetector.Rule.DEFAULT);
  DriftDetector input = new DriftDetector(DriftDetector.Rule.DEFAULT);
  DriftDetector physics = new DriftDetector(DriftDetector.Rule.DEFAULT);
  private double residual = Double.NaN; // of the newest window, for people
  Champion champion; // null until one is known
  final NavigableMap<Instant, Champion> earlier = new TreeMap<>(); // for when it fails
  final Set<Champion> broken = new LinkedHashSet<>(); // those that have failed
  final Set<String> replaced = new LinkedHashSet<>(); // by this one, before they served
  private final Set<String> told = new HashSet<>(); // to be of no use; not stored, to be told anew
  private boolean doubting; // the window before held absurd values; not stored, likewise
  String candidate = "";
  String next = ""; // the candidate after it
  long nextFrom; // first issue step that counts for that
  PromotionTest contest; // of all candidates against this champion
  boolean trusted; // whether lessons have won against the champion before
  String before = ""; // that champion, beside what serves since
  PromotionTest probation;
  long probationFrom = NEVER; // first issue step that counts for that
  long newest = NEVER; // step of the newest field
  long judged = NEVER; // newest issue step that was judged
  int sinceLesson;
  int lessons;
  boolean drifted;

  /**
   * @throws IllegalArgumentException when the replay buffer is too small for fields of the stream
   */
  public Learning(StreamSettings stream, TuningSettings tuning) {
    check(stream, tuning);
    this.stream = stream;
    this.tuning = tuning;
    shadow = new Shadow(stream);
    buffer = new ReplayBuffer(shape(stream, tuning));
  }

  /**
   * For a job that is put together: what it could not do is known before it runs.
   *
   * @throws IllegalArgumentException when the replay buffer is too small for fields of the stream
   */
  public static void check(StreamSettings stream, TuningSettings tuning) {
    try {
      shape(stream, tuning).checkRoom(stream.variables().size() * stream.grid().cells());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("stream " + stream.name() + ": " + e.getMessage(), e);
    }
  }

  private static Shape shape(StreamSettings stream, TuningSettings tuning) {
    return new Shape(
        stream.step(),
        stream.anchor(),
        stream.history(),
        Shadow.targets(stream),
        (long) tuning.replayMebibytes() << 20,
        tuning.seed());
  }

  /**
   * What a decision came to.
   *
   * @param events for the audit log, in their order
   * @param champion the new one, when there is one
   */
  public record Outcome(List<ModelEvent> events, Optional<Champion> champion) {
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
   * @param known oldest first
   * @return that one was adopted, which can only be after a restart
   */
  public List<ModelEvent> begin(List<Champion> known, Instant now) {
    List<ModelEvent> events = new ArrayList<>();
    known.stream()
        .filter(one -> !broken.contains(alone(one)))
        .reduce((one, later) -> later)
        .ifPresent(newest -> events.addAll(crown(newest, now)));
    known.stream()
        .filter(one -> one.effectiveFrom().isBefore(champion.effectiveFrom()))
        .forEach(one -> earlier.putIfAbsent(one.effectiveFrom(), one));
    trim();
    return events;
  }

  /**
   * Who serves, known from the start or from outside: the newest one counts. One that was made
   * champion elsewhere, by hand, is adopted: candidates go, and a new contest begins against it. It
   * is not on probation, as somebody wanted it; when it cannot forecast, {@link #drop} brings the
   * one before it back. One that could not forecast and is announced once more is tried again.
   *
   * @return that it was adopted, and what became of candidates beside another champion
   */
  public List<ModelEvent> crown(Champion crowned, Instant now) {
    broken.remove(alone(crowned));
    if (champion != null && (isPast(crowned) || isOf(champion, crowned.weightsSha256()))) {
      return List.of();
    }
    List<ModelEvent> events = new ArrayList<>();
    if (champion != null) {
      events.add(
          event(
                  Kind.ADOPTED,
                  crowned.weightsSha256(),
                  crowned.effectiveFrom(),
                  "made champion elsewhere; lessons begin from it",
                  now)
              .withParent(champion.weightsSha256()));
      for (String other : List.of(candidate, next)) {
        if (!other.isEmpty() && !other.equals(crowned.weightsSha256())) {
          events.add(rejected(other, "another champion was made meanwhile", now));
        }
      }
    }
    replaced.clear();
    install(crowned);
    forget();
    return events;
  }

  private static boolean isOf(Champion champion, String sha256) {
    return champion.weightsSha256().equals(sha256);
  }

  /** Older than the champion; of the same issue time when it was replaced by it. */
  private boolean isPast(Champion crowned) {
    return crowned.effectiveFrom().isBefore(champion.effectiveFrom())
        || crowned.effectiveFrom().equals(champion.effectiveFrom())
            && replaced.contains(crowned.weightsSha256());
  }

  /** What tells it from others. */
  private static Champion alone(Champion one) {
    return new Champion(one.stream(), one.model(), one.weightsSha256(), one.effectiveFrom(), null);
  }

  private void install(Champion crowned) {
    if (champion != null) {
      earlier.put(champion.effectiveFrom(), champion);
    }
    crowned.before().forEach(one -> earlier.putIfAbsent(one.effectiveFrom(), one));
    earlier.tailMap(crowned.effectiveFrom(), true).clear();
    trim();
    champion = crowned;
  }

  private void trim() {
    while (earlier.size() > MOST_EARLIER) {
      earlier.pollFirstEntry();
    }
  }

  /** What was known of another champion. */
  private void forget() {
    trusted = false;
    endContest();
    next = "";
    before = "";
    probation = null;
    watchAnew();
  }

  /**
   * Errors are of another model, and the fields are seen against another normal. Not so after a
   * promotion: what a lesson takes for normal has moved with the fields, and a detector that began
   * anew with each would not see a slow drift; some of its alarms are the lesson's doing.
   */
  private void watchAnew() {
    errors.reset();
    input.reset();
    physics.reset();
  }

  /**
   * Takes a field in.
   *
   * @param values of all variables, in the order of the stream
   */
  public void observe(Instant validAt, float[] values) {
    if (buffer.add(validAt, values)) {
      newest = Math.max(newest, stream.step().indexOf(stream.anchor(), validAt));
    }
  }

  /** Takes a field of the past in, to learn from: windows up to it are not judged any more. */
  public void remember(Instant validAt, float[] values) {
    observe(validAt, values);
    judged = Math.max(judged, newest - lastLead());
  }

  /** The next window that is to be judged; empty until its targets are there. */
  public Optional<Window> window() {
    return champion == null ? Optional.empty() : buffer.firstAfter(judged, lastLead());
  }

  /** SHA-256 of the weights that are to forecast the next window: the champion's first. */
  public Set<String> contestants() {
    Set<String> contestants = new LinkedHashSet<>();
    contestants.add(champion.weightsSha256());
    Optional<Window> window = window();
    boolean takesOver = window.isPresent() && takesOver(stepOf(window.get().issueTime()));
    String challenger = takesOver ? next : candidate;
    if (!challenger.isEmpty()) {
      contestants.add(challenger);
    }
    if (!before.isEmpty()) {
      contestants.add(before);
    }
    return contestants;
  }

  /**
   * Says how wrong the forecasts of {@link #window} were.
   *
   * @param losses of each of the contestants by its hash; infinite for a forecast that failed, NaN
   *     for an observation that is missing, and of a champion that cannot be used: nothing is won
   *     against it
   * @param inputMean a statistic of the newest field with its season taken away; NaN for none
   * @param residual what the equation of the stream leaves over of the observed fields, as a share
   *     of their change; NaN for none
   */
  public Outcome judge(
      Window window, Map<String, double[]> losses, double inputMean, double residual, Instant now) {
    long issue = stepOf(window.issueTime());
    List<ModelEvent> events = new ArrayList<>();
    long last = judged;
    judged = issue;
    if (last != NEVER && issue - last > stream.history() + lastLead()) {
      events.add(refused(null, gap(last, issue), now));
    }
    sinceLesson++;
    double[] champions = losses.get(champion.weightsSha256());
    if (takesOver(issue)) {
      takeOver(events, now);
    }
    watch(champions, inputMean, events, now);
    watchPhysics(residual, events, now);
    Optional<Champion> crowned = Optional.empty();
    if (!before.isEmpty() && issue >= probationFrom) {
      Verdict verdict = probation.add(champions, losses.get(before));
      if (verdict == Verdict.BETTER) {
        crowned = Optional.of(rollBack(events, now));
      } else if (verdict != Verdict.OPEN) {
        probation = test(); // the world may still change back
      }
    }
    if (crowned.isEmpty() && !candidate.isEmpty()) {
      Verdict verdict = contest.add(champions, losses.get(candidate));
      if (verdict == Verdict.BETTER) {
        crowned = Optional.of(promote(events, now));
      } else if (trusted && verdict == Verdict.OPEN && contest.stands()) {
        crowned = Optional.of(follow(events, now));
      } else if (verdict != Verdict.OPEN) {
        reject(verdict, events, now);
      }
    }
    return new Outcome(events, crowned);
  }

  private String gap(long last, long issue) {
    return "no window is whole between "
        + stream.step().plus(stream.anchor(), last)
        + " and "
        + stream.step().plus(stream.anchor(), issue)
        + (issue <= buffer.edge() // the first window that is remembered at all
            ? ": learning fell behind, and its buffer no longer holds what lies there"
            : ": fields are missing; learning goes on after them");
  }

  private boolean takesOver(long issue) {
    return !next.isEmpty() && issue >= nextFrom;
  }

  private void takeOver(List<ModelEvent> events, Instant now) {
    if (candidate.isEmpty()) {
      contest = test();
    } else {
      events.add(
          rejected(candidate, "a newer lesson takes its place; the bets go on", now)
              .withEvidence(evidence(contest)));
      contest.renew();
    }
    candidate = next;
    next = "";
  }

  PromotionTest test() {
    return new PromotionTest(rule(), shadow.leads());
  }

  long stepOf(Instant time) {
    return time.equals(Champion.ALWAYS) ? NEVER : stream.step().indexOf(stream.anchor(), time);
  }

  /** Square errors have a long tail: their logarithm is watched, the mean over all of them. */
  private void watch(double[] champions, double inputMean, List<ModelEvent> events, Instant now) {
    double sum = 0;
    for (double loss : champions) {
      sum += Math.log(loss);
    }
    Drift ofErrors = errors.add(sum / champions.length);
    if (ofErrors != Drift.NONE) {
      drift("the errors of the champion have gone " + text(ofErrors), events, now);
    }
    Drift ofInput = input.add(inputMean);
    if (ofInput != Drift.NONE) {
      drift("the mean of the fields has gone " + text(ofInput), events, now);
    }
  }

  /**
   * Needs no target of a forecast: the observations themselves follow another law, or are wrong.
   */
  private void watchPhysics(double ratio, List<ModelEvent> events, Instant now) {
    residual = ratio;
    Drift drift = physics.add(Math.log(ratio));
    if (drift != Drift.NONE) {
      drift(
          String.format(
              "the residual of %s in the observed fields has gone %s",
              tuning.physics() == null ? "an equation" : tuning.physics().equation(), text(drift)),
          events,
          now);
    }
  }

  private static String text(Drift drift) {
    return drift == Drift.UP ? "up" : "down";
  }

  private void drift(String what, List<ModelEvent> events, Instant now) {
    drifted = true;
    events.add(event(Kind.DRIFT, champion.weightsSha256(), null, what, now));
  }

  private Champion promote(List<ModelEvent> events, Instant now) {
    String beaten = champion.weightsSha256();
    Champion crowned =
        succeed(
            "lessons are better than the champion on the same windows, this one too", events, now);
    before = beaten;
    probation = test();
    trusted = true;
    errors.reset(); // of another model
    return crowned;
  }

  /**
   * The champion that lessons have won against stays beside this one, too, and so do its bets; the
   * errors are those of a model much like the last, and are watched on.
   */
  private Champion follow(List<ModelEvent> events, Instant now) {
    return succeed(
        "lessons have won before and are trusted; this one lost less than the champion",
        events,
        now);
  }

  private Champion succeed(String why, List<ModelEvent> events, Instant now) {
    Champion crowned = champion.then(stream.model(), candidate, nextIssueTime());
    events.add(
        event(Kind.PROMOTED, candidate, crowned.effectiveFrom(), why, now)
            .withParent(champion.weightsSha256())
            .withEvidence(evidence(contest)));
    if (!next.isEmpty()) {
      events.add(rejected(next, "it was made from the champion before", now));
    }
    serve(crowned);
    probationFrom = judged + lastLead() + 1; // later than any field that was known
    return crowned;
  }

  private Champion rollBack(List<ModelEvent> events, Instant now) {
    Champion crowned = champion.then(stream.model(), before, nextIssueTime());
    events.add(
        event(
                Kind.ROLLED_BACK,
                before,
                crowned.effectiveFrom(),
                "the champion before is better than the one that took its place",
                now)
            .withParent(champion.weightsSha256())
            .withEvidence(evidence(probation)));
    for (String other : List.of(candidate, next)) {
      if (!other.isEmpty()) {
        events.add(rejected(other, "it was made from weights rolled back", now));
      }
    }
    before = "";
    probation = null;
    trusted = false;
    serve(crowned);
    watchAnew();
    return crowned;
  }

  private void serve(Champion crowned) {
    if (crowned.effectiveFrom().equals(champion.effectiveFrom())) {
      replaced.add(champion.weightsSha256());
    } else {
      replaced.clear();
    }
    install(crowned);
    endContest();
    next = "";
  }

  private void reject(Verdict verdict, List<ModelEvent> events, Instant now) {
    String why =
        verdict == Verdict.UNDECIDED
            ? "no difference that could be told"
            : "lessons are worse than the champion on the same windows, or this one failed";
    events.add(rejected(candidate, why, now).withEvidence(evidence(contest)));
    trusted &= verdict != Verdict.WORSE;
    endContest();
  }

  private ModelEvent rejected(String sha256, String why, Instant now) {
    return event(Kind.REJECTED, sha256, null, why, now).withParent(champion.weightsSha256());
  }

  private void endContest() {
    candidate = "";
    contest = null;
  }

  /**
   * No forecast has been issued there yet: of several promotions between two fields the last one
   * serves.
   */
  private Instant nextIssueTime() {
    Instant next = stream.step().plus(stream.anchor(), newest + 1);
    return next.isBefore(champion.effectiveFrom()) ? champion.effectiveFrom() : next;
  }

  private Rule rule() {
    return Rule.of(tuning.falsePromotionRate(), lastLead(), tuning.blocks());
  }

  /** Fields after the issue time that a window is judged by. */
  private int lastLead() {
    return Shadow.lastLead(stream);
  }

  /** The lesson that is due now, if any; asked after each window. */
  public Optional<Due> lesson() {
    boolean first = lessons == 0 && tuning.every() > 0;
    boolean drift = tuning.drift() && drifted;
    boolean asked = first || drift || tuning.every() > 0 && sinceLesson >= tuning.every();
    boolean busy = !candidate.isEmpty() && !contest.hasHadItsTurn();
    if (champion == null || judged == NEVER || !asked || !next.isEmpty() || busy && !drift) {
      return Optional.empty();
    }
    // What is known when a window is judged, however many fields have come since: what a lesson
    // learned from is never what its candidate is judged by.
    long known = judged + lastLead() - Shadow.targets(stream);
    Instant last = stream.step().plus(stream.anchor(), known);
    List<Window> windows =
        buffer.windows().stream().filter(w -> !w.issueTime().isAfter(last)).toList();
    return windows.size() < tuning.atLeast()
        ? Optional.empty()
        : Optional.of(new Due(champion.weightsSha256(), windows, lessons));
  }

  /**
   * What came of the lesson.
   *
   * @param sha256 of the file that the weights were written to; null when there are none
   * @param failure why there are none
   */
  public List<ModelEvent> taught(
      Due due, String sha256, String failure, Map<String, Double> evidence, Instant now) {
    sinceLesson = 0;
    drifted = false;
    lessons++;
    if (sha256 == null || !due.champion().equals(champion.weightsSha256())) {
      String why = sha256 == null ? failure : "another champion was promoted meanwhile";
      return List.of(
          event(Kind.REFUSED, sha256, null, why, now)
              .withParent(due.champion())
              .withEvidence(evidence));
    }
    if (sha256.equals(champion.weightsSha256())) {
      return List.of(
          event(Kind.REFUSED, sha256, null, "the lesson changed nothing", now)
              .withParent(due.champion())
              .withEvidence(evidence));
    }
    if (sha256.equals(candidate)) {
      return List.of(refused(sha256, "the lesson came to what the last one did", now));
    }
    next = sha256;
    nextFrom = judged + lastLead(); // the newest field that it may have learned from
    Instant from = stream.step().plus(stream.anchor(), nextFrom);
    double windows = evidence.getOrDefault(Tutor.WINDOWS_TAUGHT, (double) due.windows().size());
    return List.of(
        event(Kind.TRAINED, sha256, null, "fine-tuned on " + (long) windows + " windows", now)
            .withParent(due.champion())
            .withEvidence(evidence),
        event(Kind.CANDIDATE, sha256, null, "judged by windows issued from " + from + " on", now)
            .withParent(due.champion()));
  }

  /**
   * Weights that cannot be used, for instance of another architecture or grid.
   *
   * @param failures why, by hash; all those of a window
   * @return an event for each that was not told before
   */
  public List<ModelEvent> unusable(Map<String, String> failures, Instant now) {
    told.retainAll(failures.keySet());
    return failures.entrySet().stream()
        .filter(failure -> told.add(failure.getKey()))
        .map(failure -> refused(failure.getKey(), failure.getValue(), now))
        .toList();
  }

  /**
   * Values of the window that was judged that count as missing, as nobody can have seen them.
   *
   * @return an event unless the window before had some, too
   */
  public List<ModelEvent> doubt(int absurd, Instant now) {
    boolean first = absurd > 0 && !doubting;
    doubting = absurd > 0;
    return first
        ? List.of(
            refused(
                null,
                String.format(
                    "values that are further from normal than any instrument has seen count as"
                        + " missing, %d of this window: a fill value that is not declared, or"
                        + " another unit?",
                    absurd),
                now))
        : List.of();
  }

  private ModelEvent refused(String sha256, String why, Instant now) {
    return event(Kind.REFUSED, sha256, null, why, now);
  }

  /**
   * Lets go of a candidate, of the champion that guards, or of the champion itself, in whose place
   * the newest one before it serves on that has not failed, too. A champion without any stays.
   *
   * @return what became of candidates
   */
  public List<ModelEvent> drop(String sha256, Instant now) {
    List<ModelEvent> events = new ArrayList<>();
    if (isOf(champion, sha256)) {
      earlier.values().removeIf(one -> isOf(one, sha256) || broken.contains(alone(one)));
      if (!earlier.isEmpty()) {
        for (String other : List.of(candidate, next)) {
          if (!other.isEmpty()) {
            events.add(rejected(other, "the champion beside it cannot be used", now));
          }
        }
        broken.add(alone(champion));
        champion = earlier.pollLastEntry().getValue();
        replaced.clear();
        forget();
      }
    } else if (sha256.equals(candidate)) {
      events.add(rejected(candidate, "its weights cannot be used", now));
      endContest();
    } else if (sha256.equals(before)) {
      before = "";
      probation = null;
      trusted = false; // as nothing guards it
    }
    return events;
  }

  private Map<String, Double> evidence(PromotionTest test) {
    Map<String, Double> evidence = new LinkedHashMap<>();
    evidence.put("e_value", Math.exp(Math.min(700, test.logEvidence())));
    evidence.put("e_value_against", Math.exp(Math.min(700, test.logEvidenceAgainst())));
    evidence.put("relative_gain", test.gain());
    evidence.put("blocks", (double) test.blocks());
    evidence.put("own_relative_gain", test.ownGain());
    evidence.put("own_windows", (double) test.own());
    evidence.put("false_promotion_rate", tuning.falsePromotionRate());
    return evidence;
  }

  private ModelEvent event(
      Kind kind, String sha256, Instant effectiveFrom, String reason, Instant now) {
    Instant issueTime = judged == NEVER ? null : stream.step().plus(stream.anchor(), judged);
    return new ModelEvent(
        kind,
        now,
        stream.name(),
        stream.model(),
        sha256,
        effectiveFrom,
        null,
        issueTime,
        reason,
        Map.of());
  }

  /** The champion that serves; empty until one is known. */
  public Optional<Champion> champion() {
    return Optional.ofNullable(champion);
  }

  /** SHA-256 of the newest candidate; empty when there is none. */
  public String candidate() {
    return next.isEmpty() ? candidate : next;
  }

  /** What a bet on the lessons has grown to, over what promotes them; 0 without a candidate. */
  public double evidence() {
    PromotionTest bets = contest; // a reporter asks from another thread
    return bets == null
        ? 0
        : Math.exp(Math.min(700, bets.logEvidence())) * tuning.falsePromotionRate();
  }

  /** Whether lessons have won against a champion, and take their place without winning anew. */
  public boolean isTrusted() {
    return trusted;
  }

  /** What the equation leaves over of the newest window's fields; NaN for none. */
  public double residual() {
    return residual;
  }

  /** Whether the fields that are remembered have the variables and cells of the stream. */
  public boolean remembersItsStream() {
    return buffer.takes(stream.variables().size() * stream.grid().cells());
  }

  /** Bytes of the fields that are remembered. */
  public long bytes() {
    return buffer.bytes();
  }
}
