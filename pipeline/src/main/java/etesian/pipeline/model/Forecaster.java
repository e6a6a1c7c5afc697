package etesian.pipeline.model;

import etesian.ingest.field.Grid;
import java.time.Instant;
import java.util.List;

/**
 * A model as the stream uses it: frames in the unit of the variable in, the next frames out. It
 * owns what is between: climatology, normalisation, the calendar channels, missing cells.
 *
 * <p>Used by one thread, the device's; {@link #close} frees its memory there.
 */
public interface Forecaster extends AutoCloseable {

  /** Frames that {@link #advance} starts from. */
  int history();

  /** Frames that one call of {@link #advance} adds: 1, or the whole horizon. */
  int leadsPerAdvance();

  /** The grid of every frame. */
  Grid grid();

  /**
   * @param batch independent rollouts; results do not depend on what else is in the batch
   * @return for each of them {@link #leadsPerAdvance} frames, the next in time first; NaN where the
   *     newest frame is missing
   */
  List<List<float[]>> advance(List<Carry> batch);

  @Override
  void close();

  /**
   * What a rollout carries from one advance to the next.
   *
   * @param frames {@link #history} frames of shape (rows, columns), oldest first, in the unit of
   *     the variable, NaN is missing; never written
   * @param newestAt valid time of the last of them
   */
  record Carry(List<float[]> frames, Instant newestAt) {}
}
