package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
import etesian.ingest.field.TimeStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The section {@code streams} of the settings. */
final class StreamParser {
  private static final Function<String, String> STREAM =
      Parsers.matching(
          "[a-z0-9][a-z0-9-]*",
          "lower-case letters, digits and hyphens only, as it becomes part of keys");
  private static final Function<String, String> DATASET =
      Parsers.matching(
          "[A-Za-z0-9._-]+",
          "letters, digits, dots, underscores and hyphens only, as it names a topic");

  private static final Function<String, String> VARIABLE =
      Parsers.matching("[^,]+", "without commas, as it becomes part of a list");

  private StreamParser() {}

  static List<StreamSettings> streams(SettingsReader in) {
    List<StreamSettings> streams = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (SettingsReader section : in.sections("streams")) {
      StreamSettings stream = stream(section);
      section.check(
          stream.name().isEmpty() || names.add(stream.name()),
          "name",
          "'%s' is taken",
          stream.name());
      PhysicsSettings.problem(stream)
          .ifPresent(problem -> section.check(false, "tuning.physics", "%s", problem));
      RecordSize.problem(stream)
          .ifPresent(problem -> section.check(false, largest(stream), "%s", problem));
      streams.add(stream);
    }
    return streams;
  }

  /** The key that makes a record of the stream too large. */
  private static String largest(StreamSettings stream) {
    if (stream.ensemble() != null) {
      return "ensemble";
    }
    return stream.regrid() == null ? "grid" : "regrid";
  }

  private static StreamSettings stream(SettingsReader in) {
    int history = in.positive("history", 1);
    int horizon = in.positive("horizon");
    String model = in.value("model", null, StreamParser::model);
    in.check(
        !"smnn".equals(model) || history >= 2,
        "history",
        "smnn starts from at least 2 fields, got %d",
        history);
    List<StreamVariable> variables = variables(in);
    in.check(
        !"smnn".equals(model) || variables.size() <= 1,
        "variables",
        "smnn forecasts one variable: give each a stream of its own, got %s",
        variables);
    Grid grid = in.section("grid").map(StreamParser::grid).orElse(null);
    Optional<SettingsReader> regrid = in.section("regrid");
    in.check(
        grid == null || regrid.isEmpty(),
        "grid",
        "fields are carried to the grid of 'regrid' from any other: leave 'grid' out");
    Regridding regridding = regrid.map(StreamParser::regridding).orElse(null);
    String name = in.value("name", null, STREAM);
    TimeStep step = in.value("step", null, StreamParser::step);
    return new StreamSettings(
        name == null ? "" : name,
        in.value("dataset", null, DATASET),
        variables,
        regridding == null ? grid : regridding.to(),
        regridding,
        step,
        history,
        horizon,
        in.positive("issue_every", 1),
        in.instant("anchor", Instant.EPOCH),
        in.instant("issue_from", StreamSettings.FROM_THE_FIRST),
        in.value("lateness", Duration.ZERO, StreamParser::lateness),
        model,
        verifyLeads(in, horizon),
        gaps(in),
        in.value("retention", horizon, text -> retention(text, step, horizon)),
        in.section("tuning").map(TuningSettings::read).orElse(TuningSettings.OFF),
        in.section("ensemble").map(section -> EnsembleSettings.read(section, model)).orElse(null),
        VerificationSettings.read(in, regridding == null ? grid : regridding.to()),
        NetworkSettings.read(in, model, regridding == null ? grid : regridding.to()));
  }

  /** Either a list, or the one variable in the keys of the stream itself. */
  private static List<StreamVariable> variables(SettingsReader in) {
    if (!in.has("variables")) {
      return List.of(variable(in, "variable"));
    }
    for (String key : List.of("variable", "units")) {
      in.check(!in.has(key), key, "each of 'variables' has its own: leave this one out");
    }
    List<StreamVariable> variables = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (SettingsReader section : in.sections("variables")) {
      StreamVariable variable = variable(section, "name");
      section.check(
          variable.name().isEmpty() || names.add(variable.name()),
          "name",
          "'%s' is there already",
          variable.name());
      variables.add(variable);
    }
    return variables;
  }

  private static StreamVariable variable(SettingsReader in, String nameKey) {
    String name = in.value(nameKey, null, VARIABLE);
    String units = in.value("units", null, VARIABLE);
    return new StreamVariable(name == null ? "" : name, units == null ? "" : units);
  }

  private static GapPolicy gaps(SettingsReader in) {
    int maxGap = in.positive("max_gap", 1);
    return in.value("gaps", GapPolicy.WAIT, text -> gaps(text, maxGap));
  }

  private static GapPolicy gaps(String text, int maxGap) {
    return switch (text) {
      case "wait" -> GapPolicy.WAIT;
      case "hold" -> new GapPolicy.Hold(maxGap);
      case "skip" -> GapPolicy.SKIP;
      default ->
          throw new IllegalArgumentException("'" + text + "' is not one of wait, hold, skip");
    };
  }

  /** Steps; the default when the step itself is a problem. */
  private static int retention(String text, TimeStep step, int otherwise) {
    return step == null ? otherwise : Retention.steps(text, step);
  }

  private static List<Integer> verifyLeads(SettingsReader in, int horizon) {
    List<Integer> all = IntStream.rangeClosed(1, horizon).boxed().toList();
    List<Integer> leads = in.integers("verify_leads", all);
    boolean sound = leads.stream().allMatch(lead -> lead >= 1 && lead <= horizon);
    in.check(
        sound || horizon == 0, // a horizon that is missing is a problem of its own
        "verify_leads",
        "%s: leads are 1 to the horizon, %d",
        leads,
        horizon);
    return sound ? leads.stream().distinct().toList() : List.of();
  }

  private static String model(String text) {
    return ModelKind.of(text).toString();
  }

  private static TimeStep step(String text) {
    TimeStep step = TimeStep.parse(text);
    if (step instanceof TimeStep.Fixed fixed) {
      Duration length = fixed.length();
      Check.that(
          length.getSeconds() >= 1 && length.getNano() % 1_000_000 == 0,
          "must be a second or longer, in whole milliseconds, got %s",
          text);
    }
    return step;
  }

  private static Duration lateness(String text) {
    Duration lateness = Duration.parse(text);
    Check.that(!lateness.isNegative(), "must not be negative, got %s", text);
    return lateness;
  }

  private static Regridding regridding(SettingsReader in) {
    Regrid.Method method =
        in.value("method", Regrid.Method.CONSERVATIVE, StreamParser::regridMethod);
    Grid to = grid(in);
    return to == null ? null : new Regridding(to, method);
  }

  private static Regrid.Method regridMethod(String text) {
    return switch (text) {
      case "conservative" -> Regrid.Method.CONSERVATIVE;
      case "bilinear" -> Regrid.Method.BILINEAR;
      default ->
          throw new IllegalArgumentException("'" + text + "' is not one of conservative, bilinear");
    };
  }

  private static Grid grid(SettingsReader in) {
    int rows = in.positive("rows");
    int columns = in.positive("columns");
    double north = in.number("north");
    double west = in.number("west");
    double rowStep = in.number("row_step");
    double columnStep = in.number("column_step");
    in.check(!(Math.abs(north) > 90), "north", "is a latitude, -90 to 90, got %s", north);
    in.check(!(rowStep <= 0), "row_step", "must be positive, got %s", rowStep);
    in.check(!(columnStep <= 0), "column_step", "must be positive, got %s", columnStep);
    boolean sound = rows > 0 && columns > 0 && rowStep > 0 && columnStep > 0;
    return sound ? new Grid(rows, columns, north, west, rowStep, columnStep) : null;
  }
}
