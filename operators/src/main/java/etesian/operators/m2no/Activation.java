package etesian.operators.m2no;

/** The nonlinearity between blocks. */
public enum Activation {
  /** x times the normal distribution function of x (by erf, not its tanh approximation). */
  GELU,
  RELU,
  TANH
}
