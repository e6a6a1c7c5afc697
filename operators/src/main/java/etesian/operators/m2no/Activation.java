package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;

/** The nonlinearity between blocks. */
public enum Activation {
  /** x times the normal distribution function of x (by erf, not its tanh approximation). */
  GELU,
  RELU,
  TANH;

  NDArray of(NDArray x) {
    return switch (this) {
      case GELU -> ai.djl.nn.Activation.gelu(x);
      case RELU -> ai.djl.nn.Activation.relu(x);
      case TANH -> ai.djl.nn.Activation.tanh(x);
    };
  }
}
