package etesian.ops.study;

import etesian.ingest.field.Field;
import etesian.operators.Weights;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.ChampionTimeline;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.Learning;
import etesian.pipeline.learn.Learning.Outcome;
import etesian.pipeline.learn.LearningLoop;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.Tutors;
import etesian.pipeline.learn.Workshop;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecaster.Carry;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import etesian.pipeline.tune.FirstWeights;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A series whose first 70 % train and whose last 30 % are streamed: root-mean-square errors of
 * references, of a frozen model and of the same one that learns. Issue and target times lie in the
 * last part, the same for all; at each issue time everybody knows the fields up to it and no other.
 * The frozen model is trained on the first part alone.
 */
public final class LearningStudy {
  private static final int CAUSAL_YEARS = 20;

  private final StreamSettings stream;
  private final Truth truth;
  private final int[] leads;
  private final WeightsStore store;
  private final Duration training;

  /**
   * @param leads to print
   * @param folder of the weights that are made
   * @param training wall time of the first training, at most
   */
  public LearningStudy(
      StreamSettings stream, List<Field> fields, int[] leads, Path folder, Duration training) {
    this(stream, new Truth(stream, fields), leads, new WeightsStore(folder), training);
  }

  /** Of a series that is split elsewhere, with weights that others see, too. */
  LearningStudy(
      StreamSettings stream, Truth truth, int[] leads, WeightsStore store, Duration training) {
    this.stream = stream;
    this.truth = truth;
    this.leads = leads;
    this.store = store;
    this.training = training;
  }

  /**
   * One line of the result.
   *
   * @param name who forecast
   * @param rmse by lead, in the unit of the variable
   * @param note what else is to be said; may be empty
   */
  public record Row(String name, double[] rmse, String note) {}

  /** References that are fitted within seconds. */
  public void references(Consumer<Row> out) {
    int history = stream.history();
    out.accept(new Row("persistence", truth.rmse(leads, history, this::persistence), ""));
    for (int years : new int[] {0, CAUSAL_YEARS}) {
      String climatology = years == 0 ? "training climatology" : years + "-year climatology";
      String note = years == 0 ? "" : "knows the last years at any time";
      out.accept(
          new Row(climatology + ", damped", new Damped(truth, leads, years).rmse(history), note));
      FastAndSlow modes = new FastAndSlow(truth, leads, years);
      out.accept(
          new Row(
              climatology + ", fast and slow",
              modes.rmse(history),
              (modes.numbers() + " " + note).strip()));
    }
    if (HourOfDay.applies(stream)) {
      out.accept(new Row("linear by hour", new HourOfDay(stream, truth, leads).rmse(history), ""));
    }
  }

  private List<float[]> persistence(int at) {
    List<float[]> same = new ArrayList<>();
    for (int i = 0; i < leads.length; i++) {
      same.add(truth.frame(at));
    }
    return same;
  }

  /** Trains on the first part, forecasts the last. */
  public String frozen(List<Field> fields, Consumer<Row> out) {
    String sha256 = train(fields);
    out.accept(new Row(stream.model() + ", frozen", frozen(sha256).rmse(0, truth.size()), ""));
    return sha256;
  }

  /** First weights of the first part. */
  String train(List<Field> fields) {
    Instant end = truth.time(truth.split());
    List<Field> past = fields.stream().filter(f -> f.frame().validAt().isBefore(end)).toList();
    Weights weights = new FirstWeights(training, (name, done, loss) -> {}).train(stream, past);
    return store.put(weights);
  }

  /** Weights that forecast the last part as they are. */
  Errors frozen(String sha256) {
    try (Models models = new Models()) {
      return truth.errors(leads, stream.history(), at -> models.forecast(sha256, at));
    }
  }

  /**
   * The same model learning on the stream.
   *
   * @param tested whether each change is judged by the sequential test, as a job does; else each
   *     lesson counts at once, which shows what the test costs and what it saves
   */
  public void learning(
      String name, boolean tested, String frozen, TuningSettings tuning, Consumer<Row> out) {
    out.accept(row(name, replay(tested, frozen, tuning)));
  }

  /**
   * A model that has been learning for longer: half of the first part trains it, it learns on the
   * other half as a job does, each change tested, and goes on over the last part, where it is
   * scored as the others are.
   *
   * @param fields of the whole series
   */
  public void rehearsed(String name, List<Field> fields, TuningSettings tuning, Consumer<Row> out) {
    Truth longer = new Truth(stream, fields, truth.split() / 2);
    LearningStudy rehearsal = new LearningStudy(stream, longer, leads, store, training);
    Replay replay = rehearsal.replay(true, rehearsal.train(fields), tuning);
    out.accept(row(name, replay));
  }

  private Row row(String name, Replay replay) {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    replay.events().forEach(noted -> counts.merge(noted.event().event(), 1, Integer::sum));
    return new Row(name, replay.errors().rmse(truth.split(), truth.size()), counts.toString());
  }

  /**
   * What a learning model went through.
   *
   * @param events in their order
   * @param champions who served which issue time
   */
  record Replay(Errors errors, List<Noted> events, ChampionTimeline champions) {}

  /**
   * An event.
   *
   * @param at position of the newest field when it happened
   */
  record Noted(int at, ModelEvent event) {}

  /** As {@link #learning}, issue time by issue time. */
  Replay replay(boolean tested, String frozen, TuningSettings tuning) {
    Instant split = truth.time(truth.split());
    Learning learning = new Learning(stream.withIssueFrom(split), tuning); // before it: trained on
    Champion first = new Champion(stream.name(), stream.model(), frozen, Champion.ALWAYS, null);
    ChampionTimeline timeline = new ChampionTimeline();
    timeline.add(first);
    learning.crown(first, Instant.EPOCH);
    for (int at = 0; at < truth.split(); at++) {
      learning.observe(truth.time(at), truth.frame(at), truth.time(at));
    }
    List<Noted> events = new ArrayList<>();
    try (Models models = new Models();
        Workshop workshop = new Workshop(stream, store, Tutors.of(stream, tuning, store))) {
      Errors errors =
          truth.errors(
              leads,
              stream.history(),
              at -> {
                learning
                    .observe(truth.time(at), truth.frame(at), truth.time(at))
                    .forEach(event -> events.add(new Noted(at, event)));
                for (Outcome outcome : LearningLoop.catchUp(learning, workshop, truth.time(at))) {
                  outcome.events().forEach(event -> events.add(new Noted(at, event)));
                  outcome.champion().ifPresent(timeline::add);
                }
                if (!tested && !learning.candidate().isEmpty()) {
                  Champion next = untested(learning, at);
                  learning.crown(next, truth.time(at));
                  timeline.add(next);
                }
                return models.forecast(
                    timeline.at(truth.time(at)).orElseThrow().weightsSha256(), at);
              });
      return new Replay(errors, events, timeline);
    }
  }

  private Champion untested(Learning learning, int at) {
    Instant from = stream.timeAfter(truth.time(at), 1);
    return learning.champion().orElseThrow().then(stream.model(), learning.candidate(), from);
  }

  /** The models in use, and their forecasts. */
  private final class Models implements AutoCloseable {
    private final Map<String, Forecaster> loaded = new HashMap<>();

    List<float[]> forecast(String sha256, int at) {
      Forecaster model =
          loaded.computeIfAbsent(sha256, s -> Forecasters.load(store.get(s), stream));
      List<float[]> frames = new ArrayList<>();
      for (int i = stream.history() - 1; i >= 0; i--) {
        int member = truth.after(at, -i);
        if (member < 0) {
          return null; // a gap in the history
        }
        frames.add(truth.frame(member));
      }
      List<float[]> forecast = new ArrayList<>();
      int last = leads[leads.length - 1];
      while (forecast.size() < last) {
        Carry carry =
            new Carry(
                List.copyOf(frames.subList(frames.size() - stream.history(), frames.size())),
                stream.timeAfter(truth.time(at), forecast.size()));
        List<float[]> next = model.advance(List.of(carry)).get(0);
        frames.addAll(next);
        forecast.addAll(next);
      }
      List<float[]> asked = new ArrayList<>();
      for (int lead : leads) {
        asked.add(forecast.get(lead - 1));
      }
      return asked;
    }

    @Override
    public void close() {
      loaded.values().forEach(Forecaster::close);
    }
  }
}
