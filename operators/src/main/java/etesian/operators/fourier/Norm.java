package etesian.operators.fourier;

/** Over all points of a sample. */
public enum Norm {
  NONE,
  /** For groups of channels, with a weight and a bias for each channel. */
  GROUP,
  /** For every channel by itself, without weights. */
  INSTANCE,
  /**
   * The same, with a scale and a shift for each channel that a small network derives from an
   * embedding, see {@link Fno#condition}.
   */
  ADAPTIVE
}
