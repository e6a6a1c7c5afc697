package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.Champion.ChampionCodec;
import etesian.pipeline.learn.DriftDetector.Drift;
import etesian.pipeline.learn.DriftDetector.DriftDetectorCodec;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.PromotionTest.PromotionTestCodec;
import etesian.pipeline.learn.PromotionTest.Rule;
import etesian.pipeline.learn.PromotionTest.Verdict;
import etesian.pipeline.learn.ReplayBuffer.ReplayBufferCodec;
import etesian.pipeline.learn.ReplayBuffer.Shape;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 *   champion alone --every n windows, or drift--&gt; lesson --&gt; candidate beside the champion
 *     --better: promoted; the champion before stays beside it until the next one --better: rolled back
 *     --not better, or given up: rejected
 * </pre>
 *
 * <p>A candidate is judged by windows all of whose targets are later than anything it learned from.
 * Everything follows from the order of the fields and from the weights that lessons gave, nothing
 * from a clock but the time in the events. Mutable, for one thread.
 */
public final class Learning {
  private static final long NEVER = Long.MIN_VALUE;

  private final StreamSettings stream;
  private final TuningSettings tuning;
  private final Shadow shadow;
  private ReplayBuffer buffer;
  private DriftDetector errors = new DriftDetector(DriftDetector.Rule.DEFAULT);
  private DriftDetector input = new DriftDetector(DriftDetector.Rule.DEFAULT);
  private Champion champion; // null until one is known
  private String candidate = "";
  private long judgedFrom; // first issue step that counts for the candidate
  private PromotionTest contest;
  private String before = ""; // the champion before, on probation
  private PromotionTest probation;
  private long newest = NEVER; // step of the newest field
  private long judged = NEVER; // newest issue step that was judged
  private int sinceLesson;
  private int lessons;
  private boolean drifted;

  public Learning(StreamSettings stream, TuningSettings tuning) {
    this.stream = stream;
    this.tuning = tuning;
    shadow = new Shadow(stream);
    buffer =
        new ReplayBuffer(
            new Shape(
                stream.step(),
                stream.anchor(),
                stream.history(),
                Shadow.targets(stream),
                (long) tuning.replayMebibytes() << 20,
                tuning.seed()));
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
   * Who serves, known from the start or from outside: the newest one counts.
   *
   * @return what became of a candidate, if one was beside another champion
   */
  public List<ModelEvent> crown(Champion crowned, Instant now) {
    if (champion != null
        && (crowned.effectiveFrom().isBefore(champion.effectiveFrom())
            || crowned.weightsSha256().equals(champion.weightsSha256()))) {
      return List.of();
    }
    List<ModelEvent> events = new ArrayList<>();
    if (champion != null && !candidate.isEmpty()) {
      events.add(
          event(Kind.REJECTED, candidate, null, "another champion was promoted meanwhile", now)
              .withParent(champion.weightsSha256()));
    }
    champion = crowned;
    endContest();
    before = "";
    probation = null;
    return events;
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
    judged = Math.max(judged, newest - Shadow.targets(stream));
  }

  /** The next window that is to be judged; empty until its targets are there. */
  public Optional<Window> window() {
    return champion == null ? Optional.empty() : buffer.firstAfter(judged);
  }

  /** SHA-256 of the weights that are to forecast the next window: the champion's first. */
  public Set<String> contestants() {
    Set<String> contestants = new LinkedHashSet<>();
    contestants.add(champion.weightsSha256());
    if (!candidate.isEmpty()) {
      contestants.add(candidate);
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
   *     for an observation that is missing
   * @param inputMean a statistic of the newest field with its season taken away; NaN for none
   */
  public Outcome judge(Window window, Map<String, double[]> losses, double inputMean, Instant now) {
    long issue = stream.step().indexOf(stream.anchor(), window.issueTime());
    judged = issue;
    sinceLesson++;
    double[] champions = losses.get(champion.weightsSha256());
    List<ModelEvent> events = new ArrayList<>();
    watch(champions, inputMean, events, now);
    Optional<Champion> next = Optional.empty();
    if (!before.isEmpty() && issue >= stepOf(champion.effectiveFrom())) {
      Verdict verdict = probation.add(champions, losses.get(before));
      if (verdict == Verdict.BETTER) {
        next = Optional.of(rollBack(events, now));
      } else if (verdict != Verdict.OPEN) {
        probation = new PromotionTest(rule(), shadow.losses()); // the world may still change back
      }
    }
    if (next.isEmpty() && !candidate.isEmpty() && issue >= judgedFrom) {
      Verdict verdict = contest.add(champions, losses.get(candidate));
      if (verdict == Verdict.BETTER) {
        next = Optional.of(promote(events, now));
      } else if (verdict != Verdict.OPEN) {
        reject(verdict, events, now);
      }
    }
    return new Outcome(events, next);
  }

  private long stepOf(Instant time) {
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

  private static String text(Drift drift) {
    return drift == Drift.UP ? "up" : "down";
  }

  private void drift(String what, List<ModelEvent> events, Instant now) {
    drifted = true;
    events.add(event(Kind.DRIFT, champion.weightsSha256(), null, what, now));
  }

  private Champion promote(List<ModelEvent> events, Instant now) {
    Champion next = champion.then(stream.model(), candidate, nextIssueTime());
    events.add(
        event(
                Kind.PROMOTED,
                candidate,
                next.effectiveFrom(),
                "better than the champion on the same windows",
                now)
            .withParent(champion.weightsSha256())
            .withEvidence(evidence(contest)));
    before = champion.weightsSha256();
    probation = new PromotionTest(rule(), shadow.losses());
    champion = next;
    endContest();
    errors.reset(); // of another model
    return next;
  }

  private Champion rollBack(List<ModelEvent> events, Instant now) {
    Champion next = champion.then(stream.model(), before, nextIssueTime());
    events.add(
        event(
                Kind.ROLLED_BACK,
                before,
                next.effectiveFrom(),
                "the champion before is better than the one that took its place",
                now)
            .withParent(champion.weightsSha256())
            .withEvidence(evidence(probation)));
    if (!candidate.isEmpty()) {
      events.add(
          event(Kind.REJECTED, candidate, null, "it was made from weights rolled back", now)
              .withParent(champion.weightsSha256()));
    }
    champion = next;
    before = "";
    probation = null;
    endContest();
    errors.reset();
    return next;
  }

  private void reject(Verdict verdict, List<ModelEvent> events, Instant now) {
    String why =
        verdict == Verdict.UNDECIDED
            ? "no difference that could be told"
            : "worse than the champion on the same windows, or failed to forecast";
    events.add(
        event(Kind.REJECTED, candidate, null, why, now)
            .withParent(champion.weightsSha256())
            .withEvidence(evidence(contest)));
    endContest();
  }

  private void endContest() {
    candidate = "";
    contest = null;
  }

  /** No forecast has been issued there yet. */
  private Instant nextIssueTime() {
    Instant next = stream.step().plus(stream.anchor(), newest + 1);
    return next.isAfter(champion.effectiveFrom())
        ? next
        : stream.timeAfter(champion.effectiveFrom(), 1);
  }

  private Rule rule() {
    int last = stream.verifyLeads().stream().mapToInt(Integer::intValue).max().orElse(1);
    return Rule.of(tuning.falsePromotionRate(), last, tuning.blocks());
  }

  /** The lesson that is due now, if any; asked after each window. */
  public Optional<Due> lesson() {
    boolean asked =
        tuning.every() > 0 && sinceLesson >= tuning.every() || tuning.drift() && drifted;
    if (champion == null || !candidate.isEmpty() || !asked) {
      return Optional.empty();
    }
    Instant last = stream.step().plus(stream.anchor(), judged);
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
    candidate = sha256;
    contest = new PromotionTest(rule(), shadow.losses());
    judgedFrom = judged + Shadow.targets(stream);
    Instant from = stream.step().plus(stream.anchor(), judgedFrom);
    return List.of(
        event(Kind.TRAINED, sha256, null, "fine-tuned on " + due.windows().size() + " windows", now)
            .withParent(due.champion())
            .withEvidence(evidence),
        event(Kind.CANDIDATE, sha256, null, "judged by windows issued from " + from + " on", now)
            .withParent(due.champion()));
  }

  /** Weights that cannot be used, for instance of another architecture or grid. */
  public ModelEvent refused(String sha256, String why, Instant now) {
    return event(Kind.REFUSED, sha256, null, why, now);
  }

  /** Lets go of a candidate or of a champion on probation that cannot forecast. */
  public void drop(String sha256) {
    if (sha256.equals(candidate)) {
      endContest();
    } else if (sha256.equals(before)) {
      before = "";
      probation = null;
    }
  }

  private Map<String, Double> evidence(PromotionTest test) {
    Map<String, Double> evidence = new LinkedHashMap<>();
    evidence.put("e_value", Math.exp(Math.min(700, test.logEvidence())));
    evidence.put("e_value_against", Math.exp(Math.min(700, test.logEvidenceAgainst())));
    evidence.put("relative_gain", test.gain());
    evidence.put("blocks", (double) test.blocks());
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

  /** SHA-256 of the candidate; empty when there is none. */
  public String candidate() {
    return candidate;
  }

  /** Bytes of the fields that are remembered. */
  public long bytes() {
    return buffer.bytes();
  }

  /**
   * Where learning stands, for one stream and its settings.
   *
   * <p>Version 1: buffer, detectors, champion, candidate, champion before, counters.
   */
  public static final class LearningCodec implements Codec<Learning> {
    private static final long serialVersionUID = 1L;
    private static final ReplayBufferCodec BUFFER = new ReplayBufferCodec();
    private static final DriftDetectorCodec DRIFT = new DriftDetectorCodec();
    private static final PromotionTestCodec TEST = new PromotionTestCodec();
    private static final ChampionCodec CHAMPION = new ChampionCodec();

    private final StreamSettings stream;
    private final TuningSettings tuning;

    public LearningCodec(StreamSettings stream, TuningSettings tuning) {
      this.stream = stream;
      this.tuning = tuning;
    }

    @Override
    public void write(Learning learning, DataOutput out) throws IOException {
      out.writeByte(1);
      BUFFER.write(learning.buffer, out);
      DRIFT.write(learning.errors, out);
      DRIFT.write(learning.input, out);
      out.writeBoolean(learning.champion != null);
      if (learning.champion != null) {
        CHAMPION.write(learning.champion, out);
      }
      Binary.text(learning.candidate, out);
      if (!learning.candidate.isEmpty()) {
        out.writeLong(learning.judgedFrom);
        TEST.write(learning.contest, out);
      }
      Binary.text(learning.before, out);
      if (!learning.before.isEmpty()) {
        TEST.write(learning.probation, out);
      }
      out.writeLong(learning.newest);
      out.writeLong(learning.judged);
      out.writeInt(learning.sinceLesson);
      out.writeInt(learning.lessons);
      out.writeBoolean(learning.drifted);
    }

    @Override
    public Learning read(DataInput in) throws IOException {
      Binary.version(in, 1, "the learning of a stream");
      Learning learning = new Learning(stream, tuning);
      ReplayBuffer stored = BUFFER.read(in);
      Check.that(
          stored.isOf(learning.buffer),
          "stream %s: what was remembered has another shape than the settings ask for; history,"
              + " horizon, verified leads, replay_mebibytes and seed stay, or the stream gets"
              + " another name",
          stream.name());
      learning.buffer = stored;
      learning.errors = DRIFT.read(in);
      learning.input = DRIFT.read(in);
      learning.champion = in.readBoolean() ? CHAMPION.read(in) : null;
      learning.candidate = Binary.text(in);
      if (!learning.candidate.isEmpty()) {
        learning.judgedFrom = in.readLong();
        learning.contest = TEST.read(in);
      }
      learning.before = Binary.text(in);
      if (!learning.before.isEmpty()) {
        learning.probation = TEST.read(in);
      }
      learning.newest = in.readLong();
      learning.judged = in.readLong();
      learning.sinceLesson = in.readInt();
      learning.lessons = in.readInt();
      learning.drifted = in.readBoolean();
      return learning;
    }
  }
}
