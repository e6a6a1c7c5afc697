package etesian.operators.fourier;

/** Which member of the family a network is; its name in a weights file in lower case. */
public enum Architecture {
  /** Fourier neural operator: layers of equal width. */
  FNO,
  /** The same with spectral weights in factors. */
  TFNO,
  /** U-shaped: layers with sizes and channels of their own, and skips across. */
  UNO,
  /** Spherical: harmonics of the sphere instead of waves on a torus. */
  SFNO
}
