package etesian.pipeline.settings;

import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * @param device how the device is used
 * @param streams at least one
 */
public record PipelineSettings(
    String job,
    KafkaSettings kafka,
    Path weights,
    Path state,
    Duration checkpointInterval,
    DeviceSettings device,
    List<StreamSettings> streams) {

  public PipelineSettings {
    streams = List.copyOf(streams);
  }

  public PipelineSettings with(List<StreamSettings> others) {
    return new PipelineSettings(job, kafka, weights, state, checkpointInterval, device, others);
  }

  /** The same with brokers as clients reach them. */
  public PipelineSettings with(KafkaSettings other) {
    return new PipelineSettings(job, other, weights, state, checkpointInterval, device, streams);
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
    Duration interval = in.duration("checkpoint_interval", Duration.ofSeconds(10));
    KafkaSettings kafka = kafka(in, interval);
    DeviceSettings device = device(in);
    List<StreamSettings> streams = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (SettingsReader section : in.sections("streams")) {
      StreamSettings stream = stream(section);
      section.check(names.add(stream.name()), "name", "'%s' is taken", stream.name());
      streams.add(stream);
    }
    in.check(!streams.isEmpty(), "streams", "at least one stream is needed");
    PipelineSettings settings =
        new PipelineSettings(
            in.text("job", "etesian"),
            kafka,
            Path.of(in.text("weights", "weights")),
            Path.of(in.text("state", "state")).toAbsolutePath(),
            interval,
            device,
            streams);
    in.finish();
    return settings;
  }

  private static KafkaSettings kafka(SettingsReader in, Duration interval) {
    KafkaSettings defaults =
        new KafkaSettings(KafkaSettings.EMBEDDED, Map.of(), Duration.ofMinutes(10));
    return in.section("kafka")
        .map(
            section -> {
              Duration timeout =
                  section.duration("transaction_timeout", defaults.transactionTimeout());
              section.check(
                  timeout.compareTo(interval.multipliedBy(2)) > 0,
                  "transaction_timeout",
                  "%s must exceed checkpoint, interval (%s) and recovery together",
                  timeout,
                  interval);
              return new KafkaSettings(
                  section.text("brokers", defaults.brokers()),
                  section.entries("properties"),
                  timeout);
            })
        .orElse(defaults);
  }

  private static DeviceSettings device(SettingsReader in) {
    int cores = Runtime.getRuntime().availableProcessors();
    DeviceSettings defaults = new DeviceSettings(64, 32, 64L << 20, cores);
    return in.section("device")
        .map(
            section -> {
              DeviceSettings device =
                  new DeviceSettings(
                      section.integer("max_active", defaults.maxActive()),
                      section.integer("max_batch", defaults.maxBatch()),
                      (long) section.integer("waiting_mebibytes", 64) << 20,
                      section.integer("threads", defaults.threads()));
              section.check(device.maxActive() > 0, "max_active", "must be positive");
              section.check(device.maxBatch() > 0, "max_batch", "must be positive");
              section.check(device.threads() > 0, "threads", "must be positive");
              return device;
            })
        .orElse(defaults);
  }

  private static StreamSettings stream(SettingsReader in) {
    TimeStep step = in.value("step", null, TimeStep::parse);
    int history = in.integer("history", 1);
    int horizon = in.integer("horizon");
    int issueEvery = in.integer("issue_every", 1);
    String model = in.text("model");
    List<Integer> leads =
        in.integers(
            "verify_leads", IntStream.rangeClosed(1, Math.max(1, horizon)).boxed().toList());
    in.check(history > 0, "history", "must be positive, got %d", history);
    in.check(horizon > 0, "horizon", "must be positive, got %d", horizon);
    in.check(issueEvery > 0, "issue_every", "must be positive, got %d", issueEvery);
    in.check(
        model == null || Set.of("m2no", "smnn").contains(model),
        "model",
        "'%s' is not one of m2no, smnn",
        model);
    in.check(
        leads.stream().allMatch(lead -> lead >= 1 && lead <= horizon),
        "verify_leads",
        "%s: leads are 1 to the horizon, %d",
        leads,
        horizon);
    String name = in.text("name");
    in.check(
        name == null || name.matches("[a-z0-9][a-z0-9-]*"),
        "name",
        "'%s': lower-case letters, digits and hyphens only, as it becomes part of keys",
        name);
    return new StreamSettings(
        name == null ? "" : name,
        in.text("dataset"),
        in.text("variable"),
        in.text("units"),
        in.section("grid").map(PipelineSettings::grid).orElse(null),
        step,
        history,
        horizon,
        issueEvery,
        in.instant("anchor", Instant.EPOCH),
        in.instant("issue_from", StreamSettings.FROM_THE_FIRST),
        in.duration("lateness", Duration.ZERO),
        model,
        leads);
  }

  private static Grid grid(SettingsReader in) {
    int rows = in.integer("rows");
    int columns = in.integer("columns");
    double north = in.number("north");
    double west = in.number("west");
    double rowStep = in.number("row_step");
    double columnStep = in.number("column_step");
    boolean sound = rows > 0 && columns > 0 && rowStep > 0 && columnStep > 0;
    in.check(sound, "rows", "rows, columns and steps are positive");
    return sound ? new Grid(rows, columns, north, west, rowStep, columnStep) : null;
  }
}
