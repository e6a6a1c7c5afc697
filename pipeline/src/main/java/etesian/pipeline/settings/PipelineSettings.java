package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import etesian.pipeline.storage.Folder;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * The whole of {@code etesian.yaml}; docs/settings.md lists the keys.
 *
 * @param job name of the job; part of the transactional ids, so it stays the same over restarts
 * @param kafka how to reach the brokers
 * @param weights where the weights files are
 * @param state where the checkpoints are that a restarted job goes on from
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
@RecordBuilder
public record PipelineSettings(
    String job,
    KafkaSettings kafka,
    Folder weights,
    Folder state,
    Duration checkpointInterval,
    Duration checkpointTimeout,
    int verifyStateMebibytes,
    int windowStateMebibytes,
    StateBackend stateBackend,
    DeviceSettings device,
    GranuleSettings granules,
    SinkSettings sinks,
    List<StreamSettings> streams)
    implements PipelineSettingsBuilder.With {
  private static final int WINDOW_STATE_MEBIBYTES = 384;
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** From a kill to the next complete checkpoint; docs/benchmarks.md has the longest one seen. */
  private static final Duration RECOVERY = Duration.ofMinutes(2);

  private static final Duration SHORTEST_CHECKPOINT = Duration.ofMillis(10); // Flink takes no less

  private static final Function<String, String> JOB =
      Parsers.matching(
          "[a-z0-9-]+", "lower-case letters, digits and hyphens only, as it becomes part of ids");

  public PipelineSettings {
    streams = List.copyOf(streams);
  }

  /** On a local disk, with granules of any time that bring their files, and no sinks but topics. */
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
        Folder.of(weights),
        Folder.of(state),
        checkpointInterval,
        checkpointTimeout,
        verifyStateMebibytes,
        WINDOW_STATE_MEBIBYTES,
        StateBackend.AUTO,
        device,
        GranuleSettings.SIMULATED,
        SinkSettings.NONE,
        streams);
  }

  /** Task slots that the job needs: learning has slots of its own. */
  public int slotsNeeded() {
    return streams.stream().anyMatch(stream -> stream.tuning().on()) ? 2 : 1;
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
    List<StreamSettings> streams = StreamParser.streams(in);
    PipelineSettings settings =
        new PipelineSettings(
            in.value("job", "etesian", JOB),
            in.section("kafka").map(KafkaSettings::read).orElse(KafkaSettings.DEFAULT),
            in.value("weights", Folder.of(Path.of("weights")), Folder::parse),
            in.value("state", Folder.of(Path.of("state")), Folder::parse),
            in.value("checkpoint_interval", INTERVAL, PipelineSettings::checkpointTime),
            in.value("checkpoint_timeout", TIMEOUT, PipelineSettings::checkpointTime),
            in.positive("verify_state_mebibytes", 512),
            in.positive("window_state_mebibytes", WINDOW_STATE_MEBIBYTES),
            in.value("state_backend", StateBackend.AUTO, StateBackend::parse),
            in.section("device")
                .map(DeviceSettings::read)
                .orElse(DeviceSettings.DEFAULT)
                .with(in.value("deterministic", false, Parsers::yesOrNo)),
            in.section("granules").map(GranuleSettings::read).orElse(GranuleSettings.DEFAULT),
            in.section("sinks").map(SinkSettings::read).orElse(SinkSettings.NONE),
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
}
