package etesian.operators.m2no;

/** What a 2-D block restricts to the coarse levels. */
public enum Cycle {
  /** Published: the state u itself. */
  STATE,
  /** The residual f - A(u), as a multigrid V-cycle does; one convolution more on every level. */
  RESIDUAL
}
