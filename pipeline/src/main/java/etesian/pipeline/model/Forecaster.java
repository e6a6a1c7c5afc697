package etesian.pipeline.model;

import java.time.Instant;
import java.util.List;

/**
 * A model as the stream uses it: frames in the unit of the variable in, the next frames out. It
 * owns what is between: climatology, normalisation, the calendar channels, missing cells.
 *
 * <p>Used by one thread, the device's; {@link #close} frees its memory there.
 */
public interface Forecaster extends AutoCloseable {

  /** Frames that one call of {@link #advance} adds: 1, or the whole horizon. */
  int leadsPerAdvance();

  /**
   * @param batch independent rollouts; what else is in the batch changes results by rounding at
   *     most
   * @return for each of them {@link #leadsPerAdvance} frames, the next in time first; NaN where the
   *     newest frame is missing
   */
  List<List<float[]>> advance(List<Carry> batch);

  @Override
  void close();

  /**
   * What a rollout carries from one advance to the next.
   *
   * @param frames the history, frames of shape (rows, columns), oldest first, in the unit of the
   *     variable, NaN is missing; never written
   * @param newestAt valid time of the last of them
   */
  record Carry(List<float[]> frames, Instant newestAt) {}
}
