package etesian.pipeline.settings;

import etesian.ingest.claim.References;
import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
import etesian.ingest.field.TimeStep;
import etesian.ingest.netcdf.Limits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The whole of {@code etesian.yaml}; docs/settings.md lists the keys.
 *
 * @param job name of the job; part of the transactional ids, so it stays the same over restarts
 * @param kafka how to reach the brokers
 * @param weights folder of the weights files
 * @param state folder of the checkpoints that a restarted job goes on from
 * @param checkpointInterval between checkpoints: what a {@code read_committed} consumer waits
 * @param checkpointTimeout after which a checkpoint has failed
 * @param verifyStateMebibytes what verification may hold; see {@link VerificationState}
 * @param windowStateMebibytes what windows may hold; see {@link WindowState}
 * @param stateBackend where both are
 * @param device how the device is used
 * @param granules how they are read
 * @param sinks where forecasts go besides their topic
 * @param streams at least one
 */
public record PipelineSettings(
    String job,
    KafkaSettings kafka,
    Path weights,
    Path state,
    Duration checkpointInterval,
    Duration checkpointTimeout,
    int verifyStateMebibytes,
    int windowStateMebibytes,
    StateBackend stateBackend,
    DeviceSettings device,
    GranuleSettings granules,
    SinkSettings sinks,
    List<StreamSettings> streams) {
  private static final KafkaSettings KAFKA =
      new KafkaSettings(KafkaSettings.EMBEDDED, Map.of(), Duration.ofMinutes(10));
  private static final DeviceSettings DEVICE =
      new DeviceSettings(64, 32, 64L << 20, DeviceSettings.ALL_CORES);
  private static final int WINDOW_STATE_MEBIBYTES = 384;
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** From a kill to the next complete checkpoint; docs/benchmarks.md has the longest one seen. */
  private static final Duration RECOVERY = Duration.ofMinutes(2);

  private static final Duration SHORTEST_CHECKPOINT = Duration.ofMillis(10); // Flink takes no less

  private static final Function<String, String> JOB =
      matching(
          "[a-z0-9-]+", "lower-case letters, digits and hyphens only, as it becomes part of ids");
  private static final Function<String, String> STREAM =
      matching(
          "[a-z0-9][a-z0-9-]*",
          "lower-case letters, digits and hyphens only, as it becomes part of keys");
  private static final Function<String, String> DATASET =
      matching(
          "[A-Za-z0-9._-]+",
          "letters, digits, dots, underscores and hyphens only, as it names a topic");

  private static final Function<String, String> REGION =
      matching("[a-z0-9][a-z0-9_-]*", "lower-case letters, digits, hyphens and underscores only");
  private static final Function<String, String> VARIABLE =
      matching("[^,]+", "without commas, as it becomes part of a list");

  public PipelineSettings {
    streams = List.copyOf(streams);
  }

  /** With granules that are read by default, and no sinks but the topics. */
  public PipelineSettings(
      String job,
      KafkaSettings kafka,
      Path weights,
      Path state,
      Duration checkpointInterval,
      Duration checkpointTimeout,
      int verifyStateMebibytes,
      DeviceSettings device,
      List<StreamSettings> streams) {
    this(
        job,
        kafka,
        weights,
        state,
        checkpointInterval,
        checkpointTimeout,
        verifyStateMebibytes,
        WINDOW_STATE_MEBIBYTES,
        StateBackend.AUTO,
        device,
        GranuleSettings.DEFAULT,
        SinkSettings.NONE,
        streams);
  }

  /** Task slots that the job needs: learning has slots of its own. */
  public int slotsNeeded() {
    return streams.stream().anyMatch(stream -> stream.tuning().on()) ? 2 : 1;
  }

  public PipelineSettings with(List<StreamSettings> others) {
    return new PipelineSettings(
        job,
        kafka,
        weights,
        state,
        checkpointInterval,
        checkpointTimeout,
        verifyStateMebibytes,
        windowStateMebibytes,
        stateBackend,
        device,
        granules,
        sinks,
        others);
  }

  /** The same with state elsewhere. */
  public PipelineSettings with(StateBackend other) {
    return new PipelineSettings(
        job,
        kafka,
        weights,
        state,
        checkpointInterval,
        checkpointTimeout,
        verifyStateMebibytes,
        windowStateMebibytes,
        other,
        device,
        granules,
        sinks,
        streams);
  }

  /** The same with brokers as clients reach them. */
  public PipelineSettings with(KafkaSettings other) {
    return new PipelineSettings(
        job,
        other,
        weights,
        state,
        checkpointInterval,
        checkpointTimeout,
        verifyStateMebibytes,
        windowStateMebibytes,
        stateBackend,
        device,
        granules,
        sinks,
        streams);
  }

  /**
   * @throws SettingsException with everything that is wrong
   */
  public static PipelineSettings read(Path file) {
    try {
      return parse(Files.readString(file), System::getenv);
    } catch (NoSuchFileException e) {
      throw new SettingsException(
          List.of(
              "there is no "
                  + file.toAbsolutePath()
                  + "; docs/examples/etesian.yaml is one to begin with"));
    } catch (IOException e) {
      throw new SettingsException(List.of("cannot read " + file + ": " + e));
    }
  }

  static PipelineSettings parse(String yaml, Function<String, String> environment) {
    SettingsReader in = SettingsReader.of(yaml, environment);
    List<StreamSettings> streams = streams(in);
    PipelineSettings settings =
        new PipelineSettings(
            in.value("job", "etesian", JOB),
            in.section("kafka").map(PipelineSettings::kafka).orElse(KAFKA),
            Path.of(in.text("weights", "weights")),
            Path.of(in.text("state", "state")).toAbsolutePath(),
            in.value("checkpoint_interval", INTERVAL, PipelineSettings::checkpointTime),
            in.value("checkpoint_timeout", TIMEOUT, PipelineSettings::checkpointTime),
            in.positive("verify_state_mebibytes", 512),
            in.positive("window_state_mebibytes", WINDOW_STATE_MEBIBYTES),
            in.value("state_backend", StateBackend.AUTO, StateBackend::parse),
            in.section("device")
                .map(PipelineSettings::device)
                .orElse(DEVICE)
                .with(in.value("deterministic", false, PipelineSettings::yesOrNo)),
            in.section("granules").map(PipelineSettings::granules).orElse(GranuleSettings.DEFAULT),
            in.section("sinks").map(PipelineSettings::sinks).orElse(SinkSettings.NONE),
            streams);
    settings.checkTransactions(in);
    settings.checkState(in);
    in.finish();
    return settings;
  }

  private void checkTransactions(SettingsReader in) {
    Duration longest = checkpointTimeout.plus(checkpointInterval).plus(RECOVERY);
    in.check(
        kafka.transactionTimeout().compareTo(longest) >= 0,
        "kafka.transaction_timeout",
        "%s must be at least %s: checkpoint_timeout (%s), checkpoint_interval (%s) and %s for a"
            + " recovery; a transaction that the brokers end before is lost",
        kafka.transactionTimeout(),
        longest,
        checkpointTimeout,
        checkpointInterval,
        RECOVERY);
    in.check(
        granules.references().roots().isEmpty()
            || granules.references().timeout().compareTo(checkpointTimeout) < 0,
        "granules.references.timeout",
        "%s must be below checkpoint_timeout (%s): a checkpoint waits for the file that is read",
        granules.references().timeout(),
        checkpointTimeout);
  }

  private void checkState(SettingsReader in) {
    List<StreamSettings> sound = streams.stream().filter(s -> s.step() != null).toList();
    VerificationState.problem(sound, verifyStateMebibytes)
        .ifPresent(problem -> in.check(false, "verify_state_mebibytes", "%s", problem));
    WindowState.problem(sound, windowStateMebibytes)
        .ifPresent(problem -> in.check(false, "window_state_mebibytes", "%s", problem));
  }

  private static Duration checkpointTime(String text) {
    Duration time = Duration.parse(text);
    Check.that(
        time.compareTo(SHORTEST_CHECKPOINT) >= 0,
        "must be at least %s, got %s",
        SHORTEST_CHECKPOINT,
        time);
    return time;
  }

  private static KafkaSettings kafka(SettingsReader in) {
    return new KafkaSettings(
        in.text("brokers", KAFKA.brokers()),
        in.entries("properties"),
        in.duration("transaction_timeout", KAFKA.transactionTimeout()));
  }

  private static GranuleSettings granules(SettingsReader in) {
    return new GranuleSettings(
        in.section("references").map(PipelineSettings::references).orElse(ReferenceSettings.NONE),
        in.texts("model_calendars", List.of(), text -> text));
  }

  private static SinkSettings sinks(SettingsReader in) {
    SinkSettings sinks = new SinkSettings(sinkRoot(in, "netcdf"), sinkRoot(in, "zarr"));
    in.check(
        sinks.netcdf().isEmpty() || !sinks.netcdf().equals(sinks.zarr()),
        "zarr.root",
        "must not be that of netcdf");
    return sinks;
  }

  private static Optional<URI> sinkRoot(SettingsReader in, String sink) {
    return in.section(sink).map(section -> section.value("root", null, SinkSettings::root));
  }

  private static ReferenceSettings references(SettingsReader in) {
    ReferenceSettings none = ReferenceSettings.NONE;
    Duration timeout = in.duration("timeout", none.timeout());
    in.check(
        !timeout.isNegative() && !timeout.isZero(), "timeout", "must be positive, got %s", timeout);
    int maxBytes = in.positive("max_bytes", none.maxBytes());
    in.check(
        maxBytes <= Limits.DEFAULT.maxBytes(),
        "max_bytes",
        "the reader takes files up to %d bytes, got %d",
        Limits.DEFAULT.maxBytes(),
        maxBytes);
    List<URI> roots = in.texts("roots", List.of(), References::root);
    return new ReferenceSettings(roots, maxBytes, timeout);
  }

  private static DeviceSettings device(SettingsReader in) {
    return new DeviceSettings(
        in.positive("max_active", DEVICE.maxActive()),
        in.positive("max_batch", DEVICE.maxBatch()),
        (long) in.positive("waiting_mebibytes", 64) << 20,
        in.positive("threads", DeviceSettings.ALL_CORES),
        DEVICE.deterministic(),
        (long) in.positive("active_mebibytes", 512) << 20);
  }

  private static boolean yesOrNo(String text) {
    Check.that(Set.of("true", "false").contains(text), "'%s' is not one of true, false", text);
    return text.equals("true");
  }

  private static List<StreamSettings> streams(SettingsReader in) {
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
      if (stream.ensemble() != null) {
        RecordSize.problem(stream)
            .ifPresent(problem -> section.check(false, "ensemble", "%s", problem));
      }
      streams.add(stream);
    }
    return streams;
  }

  private static StreamSettings stream(SettingsReader in) {
    int history = in.positive("history", 1);
    int horizon = in.positive("horizon");
    String model = in.value("model", null, PipelineSettings::model);
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
    Grid grid = in.section("grid").map(PipelineSettings::grid).orElse(null);
    Optional<SettingsReader> regrid = in.section("regrid");
    in.check(
        grid == null || regrid.isEmpty(),
        "grid",
        "fields are carried to the grid of 'regrid' from any other: leave 'grid' out");
    Regridding regridding = regrid.map(PipelineSettings::regridding).orElse(null);
    String name = in.value("name", null, STREAM);
    TimeStep step = in.value("step", null, PipelineSettings::step);
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
        in.value("lateness", Duration.ZERO, PipelineSettings::lateness),
        model,
        verifyLeads(in, horizon),
        gaps(in),
        in.value("retention", horizon, text -> retention(text, step, horizon)),
        in.section("tuning").map(PipelineSettings::tuning).orElse(TuningSettings.OFF),
        in.section("ensemble").map(section -> ensemble(section, model)).orElse(null),
        verification(in, regridding == null ? grid : regridding.to()),
        network(in, model, regridding == null ? grid : regridding.to()));
  }

  private static VerificationSettings verification(SettingsReader in, Grid grid) {
    VerificationSettings settings =
        new VerificationSettings(
            in.has("regions") ? regions(in) : Map.of(), in.positive("verify_coarsen", 1));
    if (grid == null || settings.coarsen() < 1) { // known at start, or a problem of its own
      return settings;
    }
    try {
      settings.gridOf(grid);
      return settings;
    } catch (IllegalArgumentException e) {
      in.check(false, "verify_coarsen", "%s", e.getMessage());
      return new VerificationSettings(settings.regions(), 1);
    }
  }

  private static Map<String, Box> regions(SettingsReader in) {
    Map<String, Box> regions = new LinkedHashMap<>();
    for (SettingsReader section : in.sections("regions")) {
      String name = section.value("name", null, REGION);
      double west = section.number("west");
      double south = section.number("south");
      double east = section.number("east");
      double north = section.number("north");
      try {
        Box box = new Box(west, south, east, north);
        section.check(
            name == null
                || (!VerificationSettings.BELTS.containsKey(name)
                    && regions.put(name, box) == null),
            "name",
            "'%s' is taken",
            name);
      } catch (IllegalArgumentException e) {
        section.check(false, "south", "%s", e.getMessage());
      }
    }
    return regions;
  }

  private static TuningSettings tuning(SettingsReader in) {
    TuningSettings off = TuningSettings.OFF;
    return new TuningSettings(
        in.positive("every", 100),
        in.value("drift", true, PipelineSettings::yesOrNo),
        in.value("at_least", off.atLeast(), text -> between(text, 10, 1_000_000)),
        in.value("layers", off.layers(), PipelineSettings::layers),
        in.positive("rank", off.rank()),
        in.positive("steps", off.steps()),
        in.duration("budget", off.budget()),
        in.value("rate", off.learningRate(), text -> between(text, 1e-9, 1)),
        in.value("l2_sp", off.l2sp(), text -> between(text, 0.0, 1e9)),
        in.value("climatology_years", off.climatologyYears(), text -> between(text, 0, 1000)),
        in.value(
            "false_promotion_rate", off.falsePromotionRate(), text -> between(text, 1e-9, 0.5)),
        in.positive("blocks", off.blocks()),
        in.positive("replay_mebibytes", off.replayMebibytes()),
        in.positive("seed", (int) off.seed()),
        in.section("physics").map(PhysicsSettings::read).orElse(null));
  }

  private static TuningSettings.Layers layers(String text) {
    return switch (text) {
      case "all" -> TuningSettings.Layers.ALL;
      case "last" -> TuningSettings.Layers.LAST;
      case "low-rank" -> TuningSettings.Layers.LOW_RANK;
      default ->
          throw new IllegalArgumentException("'" + text + "' is not one of all, last, low-rank");
    };
  }

  private static int between(String text, int least, int most) {
    int value = Integer.parseInt(text);
    Check.that(value >= least && value <= most, "'%s' is not from %d to %d", text, least, most);
    return value;
  }

  private static double between(String text, double least, double most) {
    double value = Double.parseDouble(text);
    Check.that(value >= least && value <= most, "'%s' is not from %s to %s", text, least, most);
    return value;
  }

  private static EnsembleSettings ensemble(SettingsReader in, String model) {
    EnsembleSettings usual = EnsembleSettings.DEFAULT;
    EnsembleSettings ensemble =
        new EnsembleSettings(
            in.positive("members"),
            in.value("amplitude", usual.amplitude(), text -> between(text, 0.0, 3)),
            in.value("exponent", usual.exponent(), text -> between(text, 1.1, 10)),
            in.value(
                "length_kilometres", usual.lengthKilometres(), text -> between(text, 1.0, 40_000)),
            in.value("pairs", usual.pairs(), PipelineSettings::yesOrNo),
            in.value("lagged", usual.lagged(), text -> between(text, 0, 1000)),
            in.texts("quantiles", usual.quantiles(), Double::parseDouble),
            in.value("emit_members", usual.emitMembers(), PipelineSettings::yesOrNo),
            in.value("seed", usual.seed(), Long::parseLong));
    in.check(
        ensemble.members() != 1,
        "members",
        "an ensemble has at least 2; leave 'ensemble' out for one run");
    in.check(
        ensemble.members() == 0 || ensemble.perturbed() >= 0, // a problem of its own
        "lagged",
        "%d of %d members cannot begin earlier: one is the unperturbed one",
        ensemble.lagged(),
        ensemble.members());
    in.check(
        ensemble.lagged() == 0 || !"smnn".equals(model),
        "lagged",
        "smnn gives all leads at once and cannot run up to the issue time first: leave 'lagged'"
            + " out");
    in.check(
        areProbabilities(ensemble.quantiles()),
        "quantiles",
        "are probabilities from 0 to 1, ascending, got %s",
        ensemble.quantiles());
    return ensemble;
  }

  private static boolean areProbabilities(List<Double> numbers) {
    double before = -1;
    for (double number : numbers) {
      if (!(number > before && number >= 0 && number <= 1)) {
        return false;
      }
      before = number;
    }
    return true;
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

  /** A text that fits a pattern; the rule says why others do not. */
  private static Function<String, String> matching(String pattern, String rule) {
    return text -> {
      Check.that(text.matches(pattern), "'%s': %s", text, rule);
      return text;
    };
  }

  private static String model(String text) {
    return ModelKind.of(text).toString();
  }

  private static NetworkSettings network(SettingsReader in, String model, Grid grid) {
    NetworkSettings usual = NetworkSettings.DEFAULT;
    NetworkSettings network =
        in.section("network")
            .map(
                section ->
                    new NetworkSettings(
                        section.value("width", usual.width(), text -> between(text, 1, 4096)),
                        section.value("layers", usual.layers(), text -> between(text, 1, 64)),
                        modes(section),
                        section.value("rank", usual.rank(), text -> between(text, 1e-3, 1))))
            .orElse(usual);
    if (model == null) { // a problem of its own
      return network;
    }
    String where = in.has("network") ? "network" : "model";
    network
        .problem(ModelKind.of(model), grid)
        .ifPresent(problem -> in.check(false, where, "%s", problem));
    return network;
  }

  private static List<Integer> modes(SettingsReader in) {
    List<Integer> modes = in.integers("modes", List.of());
    in.check(modes.stream().allMatch(m -> m >= 2), "modes", "are at least 2 each, got %s", modes);
    return modes;
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
        in.value("method", Regrid.Method.CONSERVATIVE, PipelineSettings::regridMethod);
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
