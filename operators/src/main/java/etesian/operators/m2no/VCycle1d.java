package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;

/**
 * The published 1-D block, a V-cycle whose smoothers each own a pair (S_j, A_j); reference length
 * R:
 *
 * <pre>
 *   smooth(f, u): for each j  r = f - A_j(u);  u = u + S_j(r);   result (last r, u)
 *   (r_0, u_0) = smooth_pre(f, 0), both moved to R
 *   (r_i, u_i) = smooth_i( restrict(r_{i-1}), restrict(u_{i-1}) ),      i = 1..L
 *   u_{i-1}    = N_{i-1}( u_{i-1} + prolongate(u_i) ),                  i = L..1
 *   result     = second of smooth_post(f, u),                           u = u_0 moved back
 * </pre>
 *
 * The residual r is the one before the last update, as published. A_pre acts on zeros, so only its
 * bias remains.
 */
final class VCycle1d implements Block {
  private final M2noSettings settings;
  private final Parameters parameters;
  private final Fold fold;
  private final Levels levels;
  private final String name;

  VCycle1d(M2noSettings settings, Parameters parameters, Fold fold, int index) {
    this.settings = settings;
    this.parameters = parameters;
    this.fold = fold;
    name = "conv_list." + index + ".";
    levels = new Levels(settings, parameters, fold, name);
  }

  @Override
  public NDArray of(NDArray f, Probe probe) {
    long length = f.getShape().get(2);
    long reference = settings.resolution().get(0);
    int count = settings.gridLevels().size();
    NDArray[] u = new NDArray[count + 1];
    NDArray r = f;
    if (settings.bias()) {
      NDArray bias = parameters.get(name + "pre_S.A.0.bias");
      r = Axes.channelsFirst(Axes.channelsLast(f).sub(bias));
    }
    u[0] = convolve("pre_S.S.0", r);
    probe.see(name + "pre_S", u[0]);
    r = levels.resize(r, reference);
    u[0] = levels.resize(u[0], reference);
    for (int i = 1; i <= count; i++) {
      NDArray f1 = fold.restrict(r);
      u[i] = fold.restrict(u[i - 1]);
      for (int j = 0; j < settings.gridLevels().get(i - 1); j++) {
        String smoother = "grid_list." + (i - 1) + ".";
        r = f1.sub(convolve(smoother + "A." + j, u[i]));
        u[i] = u[i].add(convolve(smoother + "S." + j, r));
      }
      probe.see(name + "grid_list." + (i - 1), u[i]);
    }
    NDArray corrected = levels.resize(levels.ascend(u, probe), length);
    NDArray residual = f.sub(convolve("post_S.A.0", corrected));
    return corrected.add(convolve("post_S.S.0", residual));
  }

  private NDArray convolve(String layer, NDArray x) {
    return parameters.convolution(name + layer, settings.padding()).of(x);
  }
}
