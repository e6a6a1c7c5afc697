package etesian.pipeline.model;

import java.io.Serializable;
import java.io.UncheckedIOException;

/** Finds the model of given weights; called on the device thread. */
@FunctionalInterface
public interface ForecasterSource extends Serializable {
  /**
   * Before anything else, once for each task.
   *
   * @throws IllegalStateException when nothing can be computed in this process; says what to do
   */
  default void open() {}

  /**
   * Once for each hash that loads.
   *
   * @param weightsSha256 SHA-256 of the weights file, lower-case hexadecimal
   * @throws UncheckedIOException when the file cannot be read now; to be asked for again
   * @throws RuntimeException when it is damaged or not for this stream; says why
   */
  Forecaster load(String weightsSha256);
}
