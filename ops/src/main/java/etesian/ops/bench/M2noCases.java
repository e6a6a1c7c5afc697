package etesian.ops.bench;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * M2NO with the settings of the published ERA5 run: 3 channels to 1, 32 hidden ones, two blocks,
 * one sweep on each of five levels, layer norm, circular; batch 1. From heap to heap, as it is
 * used. Forward and backward is the gradient of the relative L2 loss by every parameter.
 */
final class M2noCases {
  private static final int[] SIZES = {64, 256, 512};
  private static final int INPUTS = 3;

  private static final String FIRST = "input_proj.weight"; // parameter

  private M2noCases() {}

  static List<Case> all(List<Path> peers) {
    Map<Integer, Path> bySize = TracedModel.bySize(peers);
    List<Case> cases = new ArrayList<>();
    for (int size : SIZES) {
      Path peer = bySize.get(size);
      String grid = size + "x" + size;
      cases.add(
          new TimedCase(
              grid + " forward",
              () -> forward(operator(size, peer), size),
              peer == null ? null : () -> forward(peer, size)));
      cases.add(
          new TimedCase(
              grid + " bfloat16 forward",
              () -> forward(reduced(size, peer), size),
              peer == null ? null : () -> forward(peer, size)));
      cases.add(
          new TimedCase(
              grid + " forward+backward",
              () -> backward(operator(size, peer), size),
              peer == null ? null : () -> backward(peer, size)));
    }
    return cases;
  }

  /** The parameters of the peer, so that both compute the same. */
  private static M2no operator(int size, Path peer) throws IOException {
    if (peer == null) {
      return M2no.create(era5(size), 1);
    }
    try (TracedModel traced = TracedModel.open(peer)) {
      return M2no.load(new Weights(era5(size).metadata(), traced.tensors()));
    }
  }

  private static M2no reduced(int size, Path peer) throws IOException {
    try (M2no exact = operator(size, peer)) {
      return M2no.load(exact.weights(), M2no.Precision.BFLOAT16);
    }
  }

  /** In the words of a weights file. */
  static M2noSettings era5(int size) {
    Map<String, String> text = new LinkedHashMap<>();
    text.put("dim", "2");
    text.put("in_channels", Integer.toString(INPUTS));
    text.put("out_channels", "1");
    text.put("k", "4");
    text.put("c", "2");
    text.put("num_layers", "2");
    text.put("grid_levels", "1,1,1,1,1");
    text.put("base", "legendre");
    text.put("padding_mode", "circular");
    text.put("norm", "true");
    text.put("bias", "true");
    text.put("activation", "gelu");
    text.put("resolution", size + "," + size);
    text.put("grid.rows", Integer.toString(size));
    text.put("grid.columns", Integer.toString(size));
    text.put("grid.wrap", "true");
    text.put("grid.multiple", "1");
    text.put("residual", "false");
    Map<String, String> metadata = new LinkedHashMap<>();
    text.forEach((key, value) -> metadata.put("architecture." + key, value));
    return M2noSettings.read(metadata);
  }

  private static Work forward(M2no operator, int size) {
    Tensor input = normal(INPUTS, size);
    Supplier<float[]> output = () -> operator.apply(input).values();
    return new Work(() -> operator.apply(input), output, 0, operator::close);
  }

  private static Work forward(Path peer, int size) throws IOException {
    TracedModel traced = TracedModel.open(peer);
    Tensor input = channelsLast(normal(INPUTS, size));
    Supplier<float[]> output = () -> traced.apply(input).values();
    return new Work(() -> traced.apply(input), output, 0, traced::close);
  }

  private static Work backward(M2no operator, int size) {
    Tensor input = normal(INPUTS, size);
    return new Descent(scope -> operator.forward(scope, input), operator.parameters(), FIRST)
        .towards(normal(1, size), operator::close);
  }

  private static Work backward(Path peer, int size) throws IOException {
    TracedModel traced = TracedModel.open(peer);
    Tensor input = channelsLast(normal(INPUTS, size));
    return new Descent(scope -> traced.forward(scope, input), traced.parameters(), FIRST)
        .towards(channelsLast(normal(1, size)), traced::close);
  }

  private static Tensor normal(int channels, int size) {
    Random random = new Random(channels);
    float[] values = new float[channels * size * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(values, 1, channels, size, size);
  }

  private static Tensor channelsLast(Tensor tensor) {
    int channels = (int) tensor.shape()[1];
    int cells = tensor.values().length / channels;
    float[] values = new float[tensor.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i % cells * channels + i / cells] = tensor.values()[i];
    }
    return new Tensor(values, 1, tensor.shape()[2], tensor.shape()[3], channels);
  }
}
