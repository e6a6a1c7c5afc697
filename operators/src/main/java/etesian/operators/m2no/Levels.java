package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;

/** What the blocks of both dimensions share: moving between levels, and merging on the way up. */
final class Levels {
  private static final float EPSILON = 1e-5f;

  private final String block;
  private final Parameters parameters;
  private final Fold fold;
  private final int count;
  private final boolean norm;

  Levels(M2noSettings settings, Parameters parameters, Fold fold, String block) {
    this.block = block;
    this.parameters = parameters;
    this.fold = fold;
    count = settings.gridLevels().size();
    norm = settings.norm();
  }

  /** Restricts or prolongates until the first spatial axis has this length. */
  NDArray resize(NDArray x, long length) {
    NDArray u = x;
    while (u.getShape().get(2) > length) {
      u = fold.restrict(u);
    }
    while (u.getShape().get(2) < length) {
      u = fold.prolongate(u);
    }
    return u;
  }

  /**
   * The way up: for i = L..1, u_{i-1} = N_{i-1}( u_{i-1} + prolongate(u_i) ), with a layer
   * normalisation N over all channels and cells, or none.
   *
   * @param u per level 0..L; closed where replaced
   * @return u_0
   */
  NDArray ascend(NDArray[] u, Probe probe) {
    for (int i = count; i >= 1; i--) {
      NDArray fine = u[i - 1];
      NDArray coarse = u[i];
      String name = block + "norm_list." + (i - 1);
      u[i - 1] = Scope.keep(() -> normalise(name, fine.add(fold.prolongate(coarse))));
      probe.see(name, u[i - 1]);
      fine.close();
      coarse.close();
    }
    return u[0];
  }

  private NDArray normalise(String name, NDArray x) {
    if (!norm) {
      return x;
    }
    Shape shape = x.getShape().slice(1);
    return LayerNorm.layerNorm(
            x, shape, parameters.get(name + ".weight"), parameters.get(name + ".bias"), EPSILON)
        .head();
  }
}
