package etesian.ops.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;

/**
 * Checkpoints that outlive their process: a job that is started again goes on from the newest one,
 * with its windows, running rollouts and references.
 */
final class RetainedState {
  private RetainedState() {}

  /**
   * Settings of a job that keeps its checkpoints in a folder of its own and resumes from what is
   * there.
   */
  static Configuration in(Path folder) {
    Configuration configuration =
        new Configuration()
            .set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString())
            .set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    newest(folder)
        .ifPresent(
            checkpoint ->
                configuration
                    .set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.toUri().toString())
                    // A stream that was taken out of the settings leaves state behind.
                    .set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true)
                    // Ours from now on: let go as soon as the next checkpoint is complete.
                    .set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM));
    return configuration;
  }

  /** The folder of the newest complete checkpoint of any run. */
  static Optional<Path> newest(Path folder) {
    try (Stream<Path> all = Files.find(folder, 3, (path, a) -> path.endsWith("_metadata"))) {
      return all.max(Comparator.comparing(RetainedState::writtenAt)).map(Path::getParent);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the state folder " + folder, e);
    }
  }

  private static long writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
