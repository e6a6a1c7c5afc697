package etesian.operators.m2no;

/** How activations are normalised on the way up. */
public enum Norm {
  NONE,
  /** Published: over channels and cells, with a weight for each: tied to the resolution. */
  LAYER,
  /** Over channels and cells, with a weight for each channel: for every resolution. */
  CHANNEL
}
