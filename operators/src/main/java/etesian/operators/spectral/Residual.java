package etesian.operators.spectral;

/**
 * What a differential equation leaves over, as coefficients: zero for a solution. Known from the
 * prediction and its parameter function alone, so training on it needs no solutions.
 */
@FunctionalInterface
public interface Residual {

  /**
   * @param u the prediction
   * @param phi its parameter function (source or initial state) in the same basis
   * @return differentiable in u
   */
  Expansion of(Expansion u, Expansion phi);
}
