package etesian.operators.m2no;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The whole map on off-heap arrays, with pointwise layers W and blocks of the multigrid cycle:
 *
 * <pre>
 *   u = W_in x + b_in
 *   u = block_l(u), then act(u) except after the last,   l = 1..n
 *   y = W_out act(W_h u + b_h) + b_out
 * </pre>
 */
final class Network {
  private final M2noSettings settings;
  private final Parameters parameters;
  private final List<Block> blocks;

  Network(M2noSettings settings, Parameters parameters, NDManager owner) {
    this.settings = settings;
    this.parameters = parameters;
    Fold fold = fold(settings.dim(), settings.base(), settings.k(), DataType.FLOAT32, owner);
    blocks =
        IntStream.range(0, settings.numLayers())
            .<Block>mapToObj(
                b ->
                    settings.dim() == 2
                        ? new VCycle2d(settings, parameters, fold, b)
                        : new VCycle1d(settings, parameters, fold, b))
            .toList();
  }

  /** The filter of a base, computed in float64 and rounded to the given type. */
  static Fold fold(int dim, Base base, int k, DataType type, NDManager owner) {
    double[][] filter =
        dim == 1 ? Multiwavelets.lowPass(base, k) : Multiwavelets.lowPass2d(base, k);
    double[] flat = Arrays.stream(filter).flatMapToDouble(Arrays::stream).toArray();
    NDArray h = owner.create(flat, new Shape(filter.length, filter[0].length)).toType(type, false);
    return new Fold(h, h.transpose());
  }

  /**
   * @param x shape (batch, inChannels, spatial axes)
   * @return shape (batch, outChannels, spatial axes)
   */
  NDArray of(NDArray x, Probe probe) {
    return Scope.keep(
        () -> {
          NDArray u = Axes.channelsFirst(linear(0, Axes.channelsLast(x)));
          for (int b = 0; b < blocks.size(); b++) {
            Block block = blocks.get(b);
            NDArray f = u;
            u = Scope.keep(() -> block.of(f, probe));
            f.close();
            probe.see((settings.dim() == 2 ? "blocks." : "conv_list.") + b, u);
            if (b < blocks.size() - 1) {
              u = settings.activation().of(u);
            }
          }
          NDArray hidden = settings.activation().of(linear(1, Axes.channelsLast(u)));
          return Axes.channelsFirst(linear(2, hidden));
        });
  }

  private NDArray linear(int index, NDArray x) {
    String name = settings.linear(index);
    return Linear.linear(x, parameters.get(name + ".weight"), parameters.get(name + ".bias"))
        .head();
  }
}
