package etesian.ops.bench;

import static java.lang.Integer.parseInt;

import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.fourier.Architecture;
import etesian.operators.fourier.Factorization;
import etesian.operators.fourier.Fno;
import etesian.operators.fourier.FnoLayer;
import etesian.operators.fourier.FnoSettings;
import etesian.operators.fourier.FnoSettingsBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The default FNO of NeuralOperator in two dimensions: one channel to one, four layers, from heap
 * to heap. Forward and backward is the gradient of the relative L2 loss by every parameter. Of a
 * peer, the published model traced for one grid and batch, the file name says which: {@code
 * fno_64_h32_m16_b1.pt}.
 */
final class FnoCases {
  private static final int LAYERS = 4;

  private static final String FIRST = "lifting.fcs.0.weight"; // parameter

  private FnoCases() {}

  /** One size of network and grid, as in the file name of a peer. */
  private record Size(Architecture architecture, int grid, int hidden, int modes, int batch) {
    private static final Pattern FILE =
        Pattern.compile("(t?fno)_(\\d+)_h(\\d+)_m(\\d+)_b(\\d+)\\.pt");

    /** What is timed without peers. */
    static final List<Size> USUAL =
        List.of(
            new Size(Architecture.FNO, 64, 32, 16, 1),
            new Size(Architecture.FNO, 64, 32, 16, 4),
            new Size(Architecture.FNO, 64, 64, 32, 1),
            new Size(Architecture.FNO, 128, 32, 16, 1),
            new Size(Architecture.FNO, 256, 32, 16, 1),
            new Size(Architecture.FNO, 256, 32, 16, 4),
            new Size(Architecture.TFNO, 64, 32, 16, 1),
            new Size(Architecture.TFNO, 256, 32, 16, 1));

    static Size of(Path peer) {
      String file = peer.getFileName().toString();
      Matcher matcher = FILE.matcher(file);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "%s: expected a name that tells the size, such as fno_64_h32_m16_b1.pt or"
                    .formatted(peer)
                + " tfno_256_h32_m16_b1.pt, as ops/bench/python/fno.py writes them");
      }
      return new Size(
          matcher.group(1).equals("tfno") ? Architecture.TFNO : Architecture.FNO,
          parseInt(matcher.group(2)),
          parseInt(matcher.group(3)),
          parseInt(matcher.group(4)),
          parseInt(matcher.group(5)));
    }

    String name() {
      String kind = architecture == Architecture.TFNO ? "tfno " : "";
      return "%s%dx%d hidden %d modes %d batch %d"
          .formatted(kind, grid, grid, hidden, modes, batch);
    }

    FnoSettings settings() {
      List<FnoLayer> layers =
          Collections.nCopies(LAYERS, FnoLayer.of(hidden, List.of(modes, modes)));
      FnoSettingsBuilder builder = FnoSettings.builder(architecture, 1, 1, layers);
      if (architecture == Architecture.TFNO) {
        builder.factorization(Factorization.TUCKER).rank(0.1);
      }
      return builder.build();
    }

    /** The parameters of the peer, so that both compute the same. */
    Fno operator(Path peer) throws IOException {
      if (peer == null) {
        return Fno.create(settings(), 1);
      }
      try (TracedModel traced = TracedModel.open(peer, FIRST)) {
        return Fno.load(new Weights(settings().metadata(), traced.tensors()));
      }
    }

    Tensor normal(long seed) {
      Random random = new Random(seed);
      float[] values = new float[batch * grid * grid];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return new Tensor(values, batch, 1, grid, grid);
    }
  }

  /**
   * @param peers whose sizes are timed; none for the usual ones
   */
  static List<Case> all(List<Path> peers) {
    List<Case> cases = new ArrayList<>();
    Map<Size, Path> sizes = new LinkedHashMap<>();
    Size.USUAL.stream().filter(size -> peers.isEmpty()).forEach(size -> sizes.put(size, null));
    peers.forEach(peer -> sizes.put(Size.of(peer), peer));
    for (Map.Entry<Size, Path> entry : sizes.entrySet()) {
      Size size = entry.getKey();
      Path peer = entry.getValue();
      cases.add(
          new TimedCase(
              size.name() + " forward",
              () -> forward(size, size.operator(peer)),
              peer == null ? null : () -> forward(size, peer)));
      cases.add(
          new TimedCase(
              size.name() + " forward+backward",
              () -> backward(size, size.operator(peer)),
              peer == null ? null : () -> backward(size, peer)));
    }
    return cases;
  }

  private static Work forward(Size size, Fno operator) {
    Tensor input = size.normal(1);
    Supplier<float[]> output = () -> operator.apply(input).values();
    return new Work(() -> operator.apply(input), output, 0, operator::close);
  }

  private static Work forward(Size size, Path peer) throws IOException {
    TracedModel traced = TracedModel.open(peer, FIRST);
    Tensor input = size.normal(1);
    Supplier<float[]> output = () -> traced.apply(input).values();
    return new Work(() -> traced.apply(input), output, 0, traced::close);
  }

  private static Work backward(Size size, Fno operator) {
    Tensor input = size.normal(1);
    return new Descent(scope -> operator.forward(scope, input), operator.parameters(), FIRST)
        .towards(size.normal(2), operator::close);
  }

  private static Work backward(Size size, Path peer) throws IOException {
    TracedModel traced = TracedModel.open(peer, FIRST);
    Tensor input = size.normal(1);
    return new Descent(scope -> traced.forward(scope, input), traced.parameters(), FIRST)
        .towards(size.normal(2), traced::close);
  }
}
