package etesian.pipeline.model;

import java.io.Serializable;

/** Finds the model of given weights; called on the device thread, once for each hash. */
@FunctionalInterface
public interface ForecasterSource extends Serializable {
  /**
   * @param weightsSha256 SHA-256 of the weights file, lower-case hexadecimal
   * @throws IllegalArgumentException when there is none, or it is not for this stream
   */
  Forecaster load(String weightsSha256);
}
