package etesian.operators.training;

import etesian.operators.SafeTensors;
import etesian.operators.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a run is kept, and how often. A write is atomic: a crash leaves the one before. */
final class CheckpointFile {
  private final Path file; // null: nowhere
  private final Duration every;
  private long writtenAt = System.nanoTime();

  CheckpointFile(Path file, Duration every) {
    this.file = file;
    this.every = every;
  }

  static CheckpointFile none() {
    return new CheckpointFile(null, Duration.ZERO);
  }

  Optional<Checkpoint> read() {
    if (file == null || !Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Checkpoint.of(SafeTensors.read(file)));
    } catch (WeightsException e) {
      throw failure(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint " + file + " cannot be read: " + e, e);
    }
  }

  void writeIfDue(Supplier<Checkpoint> state) {
    if (Duration.ofNanos(System.nanoTime() - writtenAt).compareTo(every) >= 0) {
      write(state);
    }
  }

  void write(Supplier<Checkpoint> state) {
    if (file == null) {
      return;
    }
    boolean interrupted = Thread.interrupted(); // else the channel would close at once
    try {
      SafeTensors.save(state.get().toWeights(), file);
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint " + file + " cannot be written: " + e, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    writtenAt = System.nanoTime();
  }

  /** What is wrong with the file, and what to do about it. */
  WeightsException failure(String what, Exception cause) {
    return new WeightsException(
        "checkpoint " + file + ": " + what + "; remove it to train from the beginning", cause);
  }
}
