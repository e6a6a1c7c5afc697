package etesian.operators.fourier;

/** Where frequencies go when a layer changes the size of the grid. */
public enum Placement {
  /** Each to its own place; what the new grid cannot show is dropped. */
  EXACT,
  /**
   * As published: negative frequencies of all axes but the last keep their index in memory, so that
   * they become positive on a larger grid and are lost on a smaller one. Skips are resampled by
   * cubic splines that know no periodic axis. For weights that were trained so.
   */
  LEGACY
}
