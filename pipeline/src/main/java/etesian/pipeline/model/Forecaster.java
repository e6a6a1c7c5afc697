package etesian.pipeline.model;

import java.time.Instant;
import java.util.List;

/**
 * A model as the stream uses it: frames in the units of the variables in, the next frames out. It
 * owns what is between: climatology, normalisation, the calendar channels, missing cells.
 *
 * <p>Used by one thread, the device's; {@link #close} frees its memory there.
 */
public interface Forecaster extends AutoCloseable {

  /** Frames that one call of {@link #advance} adds: 1, or the whole horizon. */
  int leadsPerAdvance();

  /**
   * A frame as a forecast starts from it: with NaN for values that nobody can have seen, by what
   * the model takes for normal. For frames of observations; what the model forecast is its own.
   *
   * @param frame a {@link Stack}; never written
   * @return the same array where there are none
   */
  default float[] observed(float[] frame) {
    return frame;
  }

  /**
   * @param batch independent rollouts; what else is in the batch changes results by rounding at
   *     most
   * @return for each of them {@link #leadsPerAdvance} frames, the next in time first; NaN where the
   *     newest frame is missing
   */
  List<List<float[]>> advance(List<Carry> batch);

  /**
   * Deviations of the anomalies in the training years, shape (variables, rows, columns), in the
   * units of the variables: what the noise of an ensemble is measured by.
   *
   * @throws UnsupportedOperationException when the model does not know them
   */
  default float[] deviations() {
    throw new UnsupportedOperationException(
        "this model does not know the deviations of its anomalies, which an ensemble begins with;"
            + " leave 'ensemble' out");
  }

  @Override
  void close();

  /**
   * What a rollout carries from one advance to the next.
   *
   * @param frames the history, a {@link Stack} of shape (variables, rows, columns) each, oldest
   *     first, in the units of the variables, NaN is missing; never written
   * @param newestAt valid time of the last of them
   */
  record Carry(List<float[]> frames, Instant newestAt) {}
}
