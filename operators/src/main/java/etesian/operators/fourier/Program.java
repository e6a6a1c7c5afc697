package etesian.operators.fourier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import etesian.operators.torchscript.TorchScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code fno.py}, the network as a program of libtorch, for one size of the grid. */
final class Program implements AutoCloseable {
  private static final String SOURCE = TorchScript.resource(Program.class, "fno.py");

  /**
   * Points that go through the pointwise layers together: what fits a cache of the second level.
   */
  private static final int CHUNK = 4096;

  private final FnoSettings settings;
  private final boolean serving;
  private final NDManager owner;
  private final TorchScript script;
  private final Constants constants;
  private final long fewestPoints;
  private final List<Integer> windows = new ArrayList<>();
  private final List<Integer> limits = new ArrayList<>();

  /**
   * @param grid sizes of the axes of the input
   * @param parent the program lives on its device and dies with it, if not closed before
   * @param serving overwrites what nobody reads again; without gradients
   */
  Program(FnoSettings settings, int[] grid, DataType type, NDManager parent, boolean serving) {
    this.settings = settings;
    this.serving = serving;
    owner = parent.newSubManager();
    constants = new Constants(owner, type);
    int[][] sizes = sizes(grid);
    fewestPoints = Arrays.stream(sizes).mapToLong(Program::points).min().orElseThrow();
    try {
      script = TorchScript.compile(owner, SOURCE, attributes(grid, sizes));
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  private Map<String, Object> attributes(int[] grid, int[][] sizes) {
    int axes = settings.axes();
    int layers = settings.layers().size();
    List<Integer> plans = new ArrayList<>();
    List<Integer> resizes = new ArrayList<>();
    List<Integer> across = new ArrayList<>();
    List<Integer> acrossResizes = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      plans.add(plan(settings.layers().get(l), sizes[l], sizes[l + 1]));
      resizes.add(resize(settings.layers().get(l), sizes[l], sizes[l + 1]));
      Integer earlier = settings.across().get(l);
      across.add(earlier == null ? -1 : earlier);
      acrossResizes.add(
          earlier == null ? -1 : resize(settings.layers().get(l), sizes[earlier + 1], sizes[l]));
    }
    if (settings.coordinates()) {
      constants.coordinates(grid);
    }
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("axes", axes);
    attributes.put("layers", layers);
    attributes.put("nested", settings.architecture() == Architecture.UNO);
    attributes.put("sphere", settings.sphere());
    attributes.put("kernel", settings.separable() ? "separable" : text(settings.factorization()));
    attributes.put("order", growth());
    boolean local = settings.spectralSkip() == Skip.LINEAR && settings.skipKernel() > 1;
    attributes.put("spectral_skip", local ? "local" : text(settings.spectralSkip()));
    attributes.put("mlp_skip", text(settings.mlpSkip()));
    attributes.put("mlp", settings.mlp());
    attributes.put("preactivation", settings.preactivation());
    attributes.put("stabiliser", settings.stabiliser());
    attributes.put(
        "groups",
        switch (settings.norm()) {
          case NONE -> 0;
          case GROUP -> settings.groups();
          case INSTANCE, ADAPTIVE, BATCH -> -1;
        });
    attributes.put("batch_norm", settings.norm() == Norm.BATCH);
    attributes.put("adaptive", settings.norm() == Norm.ADAPTIVE);
    attributes.put("coordinates", settings.coordinates());
    attributes.put("padding", IntStream.range(0, axes).mapToObj(a -> pad(a, grid)).toList());
    attributes.put("crops", windows);
    attributes.put("unpadding", IntStream.range(0, axes).mapToObj(a -> unpad(a, grid)).toList());
    attributes.put("plans", plans);
    attributes.put("resizes", resizes);
    attributes.put("across", across);
    attributes.put("across_resizes", acrossResizes);
    attributes.put("by_spectrum", bySpectrum());
    attributes.put("complex_data", settings.complexData());
    attributes.put("residual", settings.residual());
    attributes.put("serving", serving);
    attributes.put("chunk", CHUNK);
    return attributes;
  }

  private static long points(int[] sizes) {
    return Arrays.stream(sizes).asLongStream().reduce(1, (a, b) -> a * b);
  }

  /** Of the smallest grid that a layer has. */
  long fewestPoints() {
    return fewestPoints;
  }

  /**
   * The stored modes that are in use on this grid: where they begin and end, for each layer and
   * each stored axis.
   */
  List<Integer> windows() {
    return windows;
  }

  /** As many modes as a layer's grid can show, for each layer and each stored axis. */
  List<Integer> limits() {
    return limits;
  }

  private int pad(int axis, int[] grid) {
    return (int) Math.rint(settings.padding().get(axis) * grid[axis]);
  }

  private int unpad(int axis, int[] grid) {
    double scale =
        settings.layers().stream().mapToDouble(l -> l.scale().get(axis)).reduce(1, (a, b) -> a * b);
    return (int) Math.rint(scale * pad(axis, grid));
  }

  /** Of the axes, padding included: before the first layer and after each. */
  private int[][] sizes(int[] grid) {
    int layers = settings.layers().size();
    int[][] sizes = new int[layers + 1][grid.length];
    for (int axis = 0; axis < grid.length; axis++) {
      sizes[0][axis] = grid[axis] + 2 * pad(axis, grid);
      double whole = 1;
      for (int l = 0; l < layers; l++) {
        double scale = settings.layers().get(l).scale().get(axis);
        whole *= scale;
        boolean end = l == layers - 1 && settings.architecture() == Architecture.UNO;
        double size = end ? sizes[0][axis] * whole : sizes[l][axis] * scale;
        sizes[l + 1][axis] = Math.max(1, (int) Math.rint(size));
      }
    }
    return sizes;
  }

  /** The transforms of a layer. */
  private int plan(FnoLayer layer, int[] from, int[] to) {
    if (settings.sphere()) {
      int degrees = layer.modes().get(0);
      windows.addAll(List.of(0, degrees));
      limits.add(settings.sphereGrid().degrees(from[0]));
      int orders = Math.min(layer.modes().get(1) / 2, from[1] / 2 + 1);
      return constants.harmonics(settings.sphereGrid(), from, to, degrees, Math.max(1, orders));
    }
    int[] kept = new int[from.length];
    for (int axis = 0; axis < from.length; axis++) {
      boolean last = axis == from.length - 1 && !settings.complexData();
      int limit = last ? from[axis] / 2 + 1 : from[axis];
      limits.add(limit);
      kept[axis] = Math.min(limit, settings.kept(layer, axis));
      int spare = layer.stored().get(axis) - kept[axis];
      int start = last ? 0 : spare / 2;
      windows.addAll(List.of(start, start + kept[axis]));
    }
    Placement placement = settings.placement();
    return constants.waves(from, to, kept, placement, settings.complexData());
  }

  /** How skips that pass a layer come to its output's grid; -1 when that is their own. */
  private int resize(FnoLayer layer, int[] from, int[] to) {
    if (Arrays.equals(from, to)) {
      return -1;
    }
    if (settings.sphere()) {
      int orders = Math.min(layer.modes().get(1), from[1] / 2 + 1);
      return constants.harmonics(settings.sphereGrid(), from, to, layer.modes().get(0), orders);
    }
    int axes = from.length;
    if (bySpectrum()) {
      return constants.resampling(from, to);
    }
    List<String> key = new ArrayList<>();
    double[][][] matrices = new double[axes][][];
    for (int axis = 0; axis < axes; axis++) {
      boolean periodic =
          settings.placement() == Placement.EXACT && settings.padding().get(axis) == 0;
      String how = periodic ? "waves" : axes == 1 ? "lines" : "cubics";
      key.add(how + " " + from[axis] + " " + to[axis]);
      matrices[axis] =
          switch (how) {
            case "waves" -> Resampling.periodic(from[axis], to[axis]);
            case "lines" -> Resampling.linear(from[axis], to[axis]);
            default -> Resampling.cubic(from[axis], to[axis]);
          };
    }
    return constants.resize(key, matrices);
  }

  private boolean bySpectrum() {
    return settings.sphere() || settings.placement() == Placement.LEGACY && settings.axes() == 3;
  }

  /** Axes of the spectrum, from the one on which a Tucker core grows least. */
  private List<Integer> growth() {
    FnoLayer first = settings.layers().get(0);
    int axes = first.stored().size();
    if (settings.factorization() != Factorization.TUCKER) {
      return IntStream.range(0, axes).boxed().toList();
    }
    List<Integer> sizes = new ArrayList<>(List.of(settings.inputOf(0), first.channels()));
    sizes.addAll(first.stored());
    long[] ranks = Ranks.tucker(sizes, settings.rank());
    return IntStream.range(0, axes)
        .boxed()
        .sorted(
            (a, b) ->
                Double.compare(
                    (double) first.stored().get(a) / ranks[2 + a],
                    (double) first.stored().get(b) / ranks[2 + b]))
        .toList();
  }

  /**
   * @param method of the program
   * @param x what the method works on
   * @param parameters by their names
   */
  NDArray call(NDManager scope, String method, NDArray x, Collection<NDArray> parameters) {
    List<NDArray> arguments = new ArrayList<>(List.of(x));
    arguments.addAll(parameters);
    arguments.addAll(constants.arrays());
    return script.call(scope, method, !serving, arguments).head();
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    script.close();
    owner.close();
  }
}
