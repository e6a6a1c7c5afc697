package etesian.ops.study;

import etesian.ingest.field.Field;
import etesian.ingest.field.TimeStep;
import etesian.ops.study.DriftWorld.Course;
import etesian.ops.study.DriftWorld.Law;
import etesian.ops.study.LearningStudy.Noted;
import etesian.ops.study.LearningStudy.Replay;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import etesian.pipeline.tune.FirstWeights;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What learning makes of a {@link DriftWorld} with planted changes: a stretch in which nothing
 * changes, then the mean drifts, then the memory of the anomalies trebles. S-MNN, trained before
 * the first of them, frozen and learning, beside an oracle: the same model trained on as many days
 * of another realisation of the law that holds, and told the drift of the mean exactly.
 */
public final class DriftStudy {
  private static final Duration LONG_ENOUGH = Duration.ofHours(1); // so that time decides nothing

  /** Leads that errors are told of, in days. */
  public static final int[] LEADS = {1, 4, 8};

  /**
   * As for real series in docs/learning.md, a lesson every two months; the buffer holds five years,
   * the newer half of them without a gap, so that two years can say what is normal.
   */
  public static final TuningSettings TUNING =
      TuningSettings.OFF.with(
          t ->
              t.every(60)
                  .drift(true)
                  .atLeast(120)
                  .rank(1)
                  .steps(100)
                  .budget(LONG_ENOUGH)
                  .learningRate(0.02)
                  .climatologyYears(2)
                  .falsePromotionRate(0.05)
                  .blocks(50)
                  .replayMebibytes(2));

  private static final double DRIFT = 1; // K, a deviation of the anomalies
  private static final int RAMP_DAYS = 90;
  private final Spans spans;
  private final StreamSettings stream;
  private final WeightsStore store;

  /**
   * How long everything lasts, in days.
   *
   * @param training before the stream begins
   * @param same days of the stream before the first change
   * @param drifted from the first change to the second
   * @param changed from the second change on
   * @param window over which errors are compared to say that skill has come back
   */
  public record Spans(int training, int same, int drifted, int changed, int window) {
    /** Six years, then a stream of ten; a window of two months. */
    public static final Spans FULL = new Spans(6 * 365, 2 * 365, 4 * 365, 4 * 365, 60);
  }

  /**
   * @param folder of the weights that are made
   */
  public DriftStudy(Spans spans, TuningSettings tuning, Path folder) {
    this.spans = spans;
    stream =
        new StreamSettings(
                "sst",
                "simulated",
                DriftWorld.SST.name(),
                DriftWorld.SST.units(),
                DriftWorld.GRID,
                TimeStep.parse("P1D"),
                16,
                LEADS[LEADS.length - 1],
                1,
                Instant.EPOCH,
                StreamSettings.FROM_THE_FIRST,
                Duration.ZERO,
                "smnn",
                List.of(1, 4))
            .withTuning(tuning);
    store = new WeightsStore(folder);
  }

  /**
   * What came of a stretch of time.
   *
   * @param name of what has changed at its beginning
   * @param frozen root-mean-square errors of the first weights, by lead [K]
   * @param kept of the champion at its beginning
   * @param learning of whoever was champion
   * @param untested of learning without the test
   * @param oracle of the oracle
   * @param drifts events of the detectors
   * @param promoted events
   * @param rejected events
   * @param rolledBack events
   * @param noticed days from its beginning to the first drift; NaN for never
   * @param answered days to the first promotion; NaN for never
   * @param recovered days until, over the last {@code window} days, learning was nearer to the
   *     oracle than to the champion at the beginning; NaN for never
   */
  public record Stretch(
      String name,
      double[] frozen,
      double[] kept,
      double[] learning,
      double[] untested,
      double[] oracle,
      int drifts,
      int promoted,
      int rejected,
      int rolledBack,
      double noticed,
      double answered,
      double recovered) {}

  /** The world of a seed; three stretches. */
  public List<Stretch> run(long seed) {
    int first = spans.training() + spans.same();
    int second = first + spans.drifted();
    int end = second + spans.changed();
    List<Field> fields = DriftWorld.series(seed, end, course(first, second, true));
    LearningStudy study = study(fields);
    // The same anomalies without the drift: errors of a model here are those of one that is told.
    LearningStudy told = study(DriftWorld.series(seed, end, course(first, second, false)));

    String frozen = trained(fields.subList(0, spans.training()));
    Errors asTrained = study.frozen(frozen);
    Replay learning = study.replay(true, frozen, stream.tuning());
    Replay untested = study.replay(false, frozen, stream.tuning());
    Errors before = told.frozen(frozen);
    Errors after =
        told.frozen(trained(DriftWorld.series(~seed, spans.training(), course(0, 0, false))));
    List<Stretch> stretches = new ArrayList<>();
    stretches.add(
        stretch(
            "nothing", spans.training(), first, asTrained, asTrained, learning, untested, before));
    Errors kept = study.frozen(champion(learning, fields, first));
    stretches.add(stretch("mean", first, second, asTrained, kept, learning, untested, before));
    kept = study.frozen(champion(learning, fields, second));
    stretches.add(stretch("memory", second, end, asTrained, kept, learning, untested, after));
    return stretches;
  }

  private LearningStudy study(List<Field> fields) {
    Truth truth = new Truth(stream, fields, spans.training());
    return new LearningStudy(stream, truth, LEADS, store, LONG_ENOUGH);
  }

  private static Course course(int first, int second, boolean drifts) {
    return new Course() {
      @Override
      public Law law(int day) {
        return day < second ? Law.BEFORE : Law.AFTER;
      }

      @Override
      public double drift(int day) {
        double share = Math.max(0, Math.min(1, (double) (day - first) / RAMP_DAYS));
        return drifts ? DRIFT * share : 0;
      }
    };
  }

  /** Of the mechanism alone: learning on the stream would drop an encoder. */
  private String trained(List<Field> fields) {
    return store.put(
        new FirstWeights(LONG_ENOUGH, (name, done, loss) -> {})
            .withoutEncoder()
            .train(stream, fields));
  }

  private static String champion(Replay replay, List<Field> fields, int at) {
    Instant time = fields.get(at).frame().validAt();
    return replay.champions().at(time).orElseThrow().weightsSha256();
  }

  private Stretch stretch(
      String name,
      int from,
      int to,
      Errors frozen,
      Errors kept,
      Replay learning,
      Replay untested,
      Errors oracle) {
    List<Noted> events =
        learning.events().stream().filter(noted -> noted.at() >= from && noted.at() < to).toList();
    return new Stretch(
        name,
        frozen.rmse(from, to),
        kept.rmse(from, to),
        learning.errors().rmse(from, to),
        untested.errors().rmse(from, to),
        oracle.rmse(from, to),
        count(events, Kind.DRIFT),
        count(events, Kind.PROMOTED),
        count(events, Kind.REJECTED),
        count(events, Kind.ROLLED_BACK),
        first(events, Kind.DRIFT, from),
        first(events, Kind.PROMOTED, from),
        recovered(from, to, kept, learning.errors(), oracle));
  }

  private static int count(List<Noted> events, Kind kind) {
    return (int) events.stream().filter(noted -> noted.event().event() == kind).count();
  }

  private static double first(List<Noted> events, Kind kind, int from) {
    return events.stream()
        .filter(noted -> noted.event().event() == kind)
        .mapToDouble(noted -> noted.at() - from)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Only where there is something to recover: the oracle is ahead of the champion kept. */
  private double recovered(int from, int to, Errors kept, Errors learning, Errors oracle) {
    for (int at = from + spans.window(); at <= to; at++) {
      int since = at - spans.window();
      double least = loss(oracle, oracle, since, at);
      double most = loss(kept, oracle, since, at);
      if (most > least && loss(learning, oracle, since, at) <= (most + least) / 2) {
        return at - from;
      }
    }
    return Double.NaN;
  }

  /** Mean square errors in units of the oracle's, so that all leads weigh alike. */
  private static double loss(Errors errors, Errors oracle, int from, int to) {
    double[] mse = errors.mse(from, to);
    double[] scale = oracle.mse(from, to);
    double sum = 0;
    for (int lead = 0; lead < mse.length; lead++) {
      sum += mse[lead] / scale[lead];
    }
    return sum;
  }
}
