package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;

/** Sees what a named part of the network gives, for comparison with a trace. */
interface Probe {
  Probe NONE = (name, value) -> {};

  /** Must not keep the value, which is closed soon. */
  void see(String name, NDArray value);
}
