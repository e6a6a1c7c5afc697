package etesian.ops.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the page may ask; every answer is a value for JSON, or a field. */
final class Answers {
  static final String OBSERVED = "observed";

  private final PipelineSettings settings;
  private final Optional<String> notice;
  private final Store store;
  private final Mechanisms mechanisms;

  Answers(PipelineSettings settings, Optional<String> notice, Store store) {
    this.settings = settings;
    this.notice = notice;
    this.store = store;
    this.mechanisms = new Mechanisms(settings.weights());
  }

  /** A lead: its number, its valid time, whether that has been observed. */
  private record LeadInfo(int lead, Instant valid, boolean observed) {}

  private record IssueInfo(
      Instant issue,
      int revision,
      String model,
      String weights,
      boolean analysed,
      List<String> products,
      List<LeadInfo> leads) {}

  /** Rows from the north; {@code latitudes} only where they are uneven. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record GridInfo(
      int rows,
      int columns,
      double north,
      double west,
      double rowStep,
      double columnStep,
      boolean wraps,
      double[] latitudes) {
    static GridInfo of(Grid grid) {
      return new GridInfo(
          grid.rows(),
          grid.columns(),
          grid.northDegrees(),
          grid.westDegrees(),
          grid.rowStepDegrees(),
          grid.columnStepDegrees(),
          grid.wrapsAround(),
          grid.hasEvenRows() ? null : grid.latitudes());
    }
  }

  /** Everything but fields and scores: what there is to choose from. */
  Object state() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("version", store.version());
    state.put("job", settings.job());
    state.put("now", Instant.now());
    notice.ifPresent(text -> state.put("notice", text));
    state.put("trouble", store.trouble());
    state.put("bytes", store.bytes());
    state.put("turned_away", store.turnedAway());
    state.put("dead_letters", store.deadLetters());
    state.put("streams", store.streams().stream().map(this::stream).toList());
    return state;
  }

  private Map<String, Object> stream(StreamSettings stream) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("name", stream.name());
    info.put("dataset", stream.dataset());
    info.put("model", stream.model());
    info.put("step", stream.step().toString());
    info.put("horizon", stream.horizon());
    Champion champion = store.champions().get(stream.name());
    info.put("champion", champion == null ? null : champion.weightsSha256());
    info.put(
        "variables",
        stream.variables().stream()
            .map(
                variable ->
                    store.with(
                        new SeriesKey(stream.name(), variable.name()),
                        of -> series(variable.name(), variable.units(), of)))
            .toList());
    return info;
  }

  private static Map<String, Object> series(String name, String units, Series of) {
    Map<String, Object> info = new LinkedHashMap<>();
    Variable variable = of.variable();
    info.put("name", name);
    info.put("units", variable == null ? units : variable.units());
    info.put("long_name", variable == null ? "" : variable.longName());
    info.put("grid", of.grid() == null ? null : GridInfo.of(of.grid()));
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    List<IssueInfo> issues = new ArrayList<>();
    for (Map.Entry<Instant, Series.Issue> entry : of.issues.entrySet()) {
      Series.Issue issue = entry.getValue();
      List<LeadInfo> leads = new ArrayList<>();
      for (Map.Entry<Integer, Shown> lead : issue.leads.entrySet()) {
        Shown shown = lead.getValue();
        leads.add(
            new LeadInfo(lead.getKey(), shown.validAt(), of.observed.containsKey(shown.validAt())));
        if (!Float.isNaN(shown.range()[0])) {
          least = Math.min(least, shown.range()[0]);
          greatest = Math.max(greatest, shown.range()[1]);
        }
      }
      issues.add(
          new IssueInfo(
              entry.getKey(),
              issue.revision,
              issue.model,
              issue.weightsSha256,
              of.observed.containsKey(entry.getKey()),
              List.copyOf(issue.leads.firstEntry().getValue().fields().keySet()),
              leads));
    }
    info.put("range", least > greatest ? null : List.of(least, greatest));
    info.put("issues", issues);
    return info;
  }

  /** The field of a product at a lead, or at {@code time} what was observed. */
  Response field(Query query) {
    String product = query.text("product");
    float[] values =
        product.equals(OBSERVED)
            ? store.with(query.series(), of -> of.observed.get(query.time("time")))
            : store.with(query.series(), of -> forecast(of, query, product));
    return values == null
        ? Response.problem(404, "there is no such field, or no longer")
        : Response.values(values);
  }

  private static float[] forecast(Series of, Query query, String product) {
    Series.Issue issue = of.issues.get(query.time("issue"));
    Shown shown = issue == null ? null : issue.leads.get(query.number("lead"));
    return shown == null ? null : shown.fields().get(product);
  }

  /** A cell through time: every product at every lead, and what was observed. */
  Response point(Query query) {
    Object answer = store.with(query.series(), of -> point(of, query));
    return answer == null
        ? Response.problem(404, "there is no such forecast, or no longer")
        : Response.json(answer);
  }

  private static Object point(Series of, Query query) {
    Series.Issue issue = of.issues.get(query.time("issue"));
    if (issue == null) {
      return null;
    }
    int row = query.number("row");
    int column = query.number("column");
    if (row < 0 || row >= of.grid().rows() || column < 0 || column >= of.grid().columns()) {
      throw new IllegalArgumentException("row and column are outside of " + of.grid());
    }
    int cell = row * of.grid().columns() + column;
    List<Object> leads = new ArrayList<>();
    issue.leads.forEach(
        (lead, shown) -> {
          Map<String, Object> at = new LinkedHashMap<>();
          at.put("lead", lead);
          at.put("time", shown.validAt());
          shown.fields().forEach((product, values) -> at.put(product, finite(values[cell])));
          leads.add(at);
        });
    Map<Instant, Float> observed = new TreeMap<>();
    of.observed.forEach((time, values) -> observed.put(time, finite(values[cell])));
    return Map.of("leads", leads, "observed", observed);
  }

  private static Float finite(float value) {
    return Float.isFinite(value) ? value : null;
  }

  Object scores() {
    return store.scores();
  }

  /** Champions, what happened to models, and the mechanisms of those that have one. */
  Object models() {
    Map<String, Object> models = new LinkedHashMap<>();
    models.put("champions", store.champions().values());
    models.put("events", store.events());
    models.put("mechanisms", laws());
    return models;
  }

  /** Of all weights that serve, or made a forecast that is still kept. */
  private List<Mechanisms.Law> laws() {
    Map<String, String> streamOf = new LinkedHashMap<>();
    store.champions().values().forEach(c -> streamOf.put(c.weightsSha256(), c.stream()));
    for (StreamSettings stream : store.streams()) {
      stream
          .variables()
          .forEach(
              variable ->
                  store
                      .with(new SeriesKey(stream.name(), variable.name()), Series::weights)
                      .forEach(sha256 -> streamOf.put(sha256, stream.name())));
    }
    List<Mechanisms.Law> laws = new ArrayList<>();
    streamOf.forEach((sha256, stream) -> mechanisms.of(stream, sha256).ifPresent(laws::add));
    return laws;
  }

  /** The maps of the mechanism behind a forecast. */
  Response mechanism(Query query) {
    try {
      return Response.values(mechanisms.maps(store, query.series(), query.time("issue")));
    } catch (Mechanisms.Unavailable e) {
      return Response.problem(404, e.getMessage());
    }
  }

  Object deadLetters() {
    return Map.of("seen", store.deadLetters(), "newest", store.letters());
  }
}
