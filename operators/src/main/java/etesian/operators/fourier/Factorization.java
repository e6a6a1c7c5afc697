package etesian.operators.fourier;

/** How a spectral weight of shape (in, out, modes...) is stored. */
public enum Factorization {
  /** As it is. */
  DENSE,
  /** A core and one matrix for each axis. */
  TUCKER,
  /** A sum of products of one vector for each axis. */
  CP,
  /** A chain of three-way cores. */
  TT
}
