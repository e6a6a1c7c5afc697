package etesian.operators.spectral;

/**
 * Poisson's equation, any axes:
 *
 * <pre>  - Lap u = phi,    R = phi + Lap u  </pre>
 *
 * The second derivatives are two first ones, as published: for an even number of Fourier modes the
 * highest cosine does not count. Conditions at the boundary are the {@link Mollifier}'s.
 */
public record Poisson() implements Residual {
  @Override
  public Expansion of(Expansion u, Expansion phi) {
    Expansion sum = phi;
    for (int axis = 0; axis < u.basis().dimensions(); axis++) {
      sum = sum.plus(u.derivative(axis, 1).derivative(axis, 1));
    }
    return sum;
  }
}
