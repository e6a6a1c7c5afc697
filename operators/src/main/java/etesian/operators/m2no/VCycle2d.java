package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;

/**
 * The published 2-D block, shaped like a V-cycle for A u = f, with reference grid R:
 *
 * <pre>
 *   u_0 = S_pre(f), moved to R
 *   u_i = smooth_i( restrict(u_{i-1}) ),                     i = 1..L
 *     smooth(v): u = S_1(v);  u = u + S_j( v - A(u) ),  j = 2..g_i;   0 for g_i = 0
 *   u_{i-1} = N_{i-1}( u_{i-1} + prolongate(u_i) ),          i = L..1
 *   result  = u + S_post( f - A(u) ),                        u = u_0 moved back
 * </pre>
 *
 * It restricts the state, not the residual; the residuals that the published program also computes
 * are never read there, so they are left out here.
 */
final class VCycle2d implements Block {
  private final M2noSettings settings;
  private final Parameters parameters;
  private final Fold fold;
  private final Levels levels;
  private final String name;

  VCycle2d(M2noSettings settings, Parameters parameters, Fold fold, int index) {
    this.settings = settings;
    this.parameters = parameters;
    this.fold = fold;
    name = "blocks." + index + ".";
    levels = new Levels(settings, parameters, fold, name);
  }

  @Override
  public NDArray of(NDArray f, Probe probe) {
    long height = f.getShape().get(2);
    int count = settings.gridLevels().size();
    NDArray[] u = new NDArray[count + 1];
    NDArray pre = Scope.keep(() -> convolve("pre_S.smoothers.0", f));
    probe.see(name + "pre_S", pre);
    u[0] = levels.resize(pre, settings.resolution().get(0));
    for (int i = 1; i <= count; i++) {
      int level = i;
      u[i] = Scope.keep(() -> smooth(level, fold.restrict(u[level - 1])));
      probe.see(name + "grid_list." + (i - 1), u[i]);
    }
    NDArray corrected = levels.resize(levels.ascend(u, probe), height);
    return Scope.keep(
        () -> corrected.add(convolve("post_S.smoothers.0", f.sub(convolve("A", corrected)))));
  }

  private NDArray smooth(int level, NDArray v) {
    int sweeps = settings.gridLevels().get(level - 1);
    String smoother = "grid_list." + (level - 1) + ".smoothers.";
    if (sweeps == 0) {
      return v.zerosLike();
    }
    NDArray u = convolve(smoother + 0, v);
    for (int j = 1; j < sweeps; j++) {
      u = u.add(convolve(smoother + j, v.sub(convolve("A", u))));
    }
    return u;
  }

  private NDArray convolve(String layer, NDArray x) {
    return parameters.convolution(name + layer, settings.padding()).of(x);
  }
}
