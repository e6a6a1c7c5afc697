package etesian.operators.spectral;

/** How a residual multiplies functions. */
public enum Product {
  /** With the modes of both factors together: exact. */
  ALIAS_FREE {
    @Override
    Expansion of(Expansion a, Expansion b) {
      return a.times(b);
    }
  },
  /** At the points of the prediction, as published: cheaper, high modes fold back. */
  COLLOCATED {
    @Override
    Expansion of(Expansion a, Expansion b) {
      return a.collocated(b);
    }
  };

  abstract Expansion of(Expansion a, Expansion b);
}
