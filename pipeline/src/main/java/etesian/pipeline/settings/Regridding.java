package etesian.pipeline.settings;

import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
import java.io.Serial;
import java.io.Serializable;
import java.util.Objects;

/**
 * That a stream carries its fields to a grid of its own, from whatever grid they come on. The
 * weights of the last grid seen are kept, as the fields of a dataset are on one.
 */
public final class Regridding implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private final Grid to;
  private final Regrid.Method method;
  private transient volatile Regrid last;

  public Regridding(Grid to, Regrid.Method method) {
    this.to = Objects.requireNonNull(to);
    this.method = Objects.requireNonNull(method);
  }

  public Grid to() {
    return to;
  }

  public Regrid.Method method() {
    return method;
  }

  /** The weights from a grid. */
  Regrid from(Grid grid) {
    Regrid known = last; // another thread may set it meanwhile: what is returned stays right
    if (known == null || !known.from().equals(grid)) {
      known = Regrid.of(method, grid, to);
      last = known;
    }
    return known;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Regridding r && to.equals(r.to) && method == r.method;
  }

  @Override
  public int hashCode() {
    return Objects.hash(to, method.name());
  }

  @Override
  public String toString() {
    return method + " to " + to;
  }
}
