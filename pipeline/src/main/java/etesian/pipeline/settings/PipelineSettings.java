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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
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
    DeviceSettings device,
    GranuleSettings granules,
    SinkSettings sinks,
    List<StreamSettings> streams) {
  private static final KafkaSettings KAFKA =
      new KafkaSettings(KafkaSettings.EMBEDDED, Map.of(), Duration.ofMinutes(10));
  private static final DeviceSettings DEVICE =
      new DeviceSettings(64, 32, 64L << 20, Runtime.getRuntime().availableProcessors());
  private static final int WINDOW_STATE_MEBIBYTES = 384;
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
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
        device,
        GranuleSettings.DEFAULT,
        SinkSettings.NONE,
        streams);
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
        device,
        granules,
        sinks,
        others);
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
            in.section("device").map(PipelineSettings::device).orElse(DEVICE),
            in.section("granules").map(PipelineSettings::granules).orElse(GranuleSettings.DEFAULT),
            in.section("sinks").map(PipelineSettings::sinks).orElse(SinkSettings.NONE),
            streams);
    settings.checkTransactions(in);
    settings.checkState(in);
    in.finish();
    return settings;
  }

  private void checkTransactions(SettingsReader in) {
    in.check(
        kafka.transactionTimeout().compareTo(checkpointTimeout.plus(checkpointInterval)) > 0,
        "kafka.transaction_timeout",
        "%s must exceed checkpoint_timeout (%s) and checkpoint_interval (%s) together",
        kafka.transactionTimeout(),
        checkpointTimeout,
        checkpointInterval);
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
        in.positive("threads", DEVICE.threads()));
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
        in.text("variable"),
        in.text("units"),
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
        in.value("retention", horizon, text -> retention(text, step, horizon)));
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
    Check.that(Set.of("m2no", "smnn").contains(text), "'%s' is not one of m2no, smnn", text);
    return text;
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
