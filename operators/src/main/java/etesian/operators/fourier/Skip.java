package etesian.operators.fourier;

/** What passes by a layer. */
public enum Skip {
  NONE,
  IDENTITY,
  /** A factor for each channel ({@code soft-gating}). */
  GATE,
  /** A matrix of the channels, without bias. */
  LINEAR
}
