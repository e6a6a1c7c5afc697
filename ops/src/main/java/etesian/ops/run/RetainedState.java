package etesian.ops.run;

import etesian.pipeline.storage.Folder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Optional;
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
  /** A job, its checkpoint, and what is in that. */
  private static final int DEPTH = 3;

  private RetainedState() {}

  /**
   * Settings of a job that keeps its checkpoints in a folder of its own and resumes from what is
   * there.
   */
  static Configuration in(Folder folder) {
    Configuration configuration =
        new Configuration()
            .set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.flinkPath().toString())
            .set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    newest(folder)
        .ifPresent(
            checkpoint ->
                configuration
                    .set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.flinkPath().toString())
                    // A stream that was taken out of the settings leaves state behind.
                    .set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true)
                    // Ours from now on: let go as soon as the next checkpoint is complete.
                    .set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM));
    return configuration;
  }

  /** The folder of the newest complete checkpoint of any run. */
  static Optional<Folder> newest(Folder folder) {
    try {
      return folder.walk(DEPTH).stream()
          .filter(file -> file.name().equals("_metadata"))
          .max(
              Comparator.comparing(Folder.Entry::writtenAt)
                  .thenComparing(RetainedState::number)) // object stores tell whole seconds
          .map(Folder.Entry::in);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the state folder " + folder + ": " + e, e);
    }
  }

  /** Of {@code chk-17}: numbers go on over restarts. */
  private static long number(Folder.Entry metadata) {
    String digits = metadata.in().toString().replaceAll("^.*/chk-(\\d{1,18})$", "$1");
    return digits.matches("\\d+") ? Long.parseLong(digits) : -1;
  }
}
