package etesian.operators.fourier;

/** Over all points of a sample. */
public enum Norm {
  NONE,
  /** For groups of channels, with a weight and a bias for each channel. */
  GROUP,
  /** For every channel by itself, without weights. */
  INSTANCE
}
