package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.function.Supplier;

/** Frees off-heap temporaries as soon as a step of the calculation is done. */
final class Scope {
  private Scope() {}

  /** The result of {@code step}; every other array that it made is closed. */
  static NDArray keep(Supplier<NDArray> step) {
    NDArray result;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      result = step.get();
      NDScope.unregister(result);
    }
    NDScope.register(result); // the enclosing scope, if any, frees it
    return result;
  }
}
