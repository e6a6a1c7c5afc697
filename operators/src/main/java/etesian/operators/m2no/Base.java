package etesian.operators.m2no;

/** The orthogonal polynomials that the multiwavelets are made of. */
public enum Base {
  LEGENDRE,
  CHEBYSHEV
}
