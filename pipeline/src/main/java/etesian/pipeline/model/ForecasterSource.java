package etesian.pipeline.model;

import java.io.Serializable;

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
   * Once for each hash.
   *
   * @param weightsSha256 SHA-256 of the weights file, lower-case hexadecimal
   * @throws IllegalArgumentException when there is none, or it is not for this stream
   */
  Forecaster load(String weightsSha256);
}
