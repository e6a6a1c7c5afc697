package etesian.operators.spectral;

import etesian.operators.SettingsText;
import etesian.operators.WeightsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a neural spectral method is, apart from its parameters.
 *
 * @param network how modes are mixed
 * @param basis of the prediction; with {@link Mollifier#INITIAL} its first axis is time, the others
 *     are space
 * @param modes of the network on every axis: its size, whatever the grid
 * @param parameterModes of the parameter function on the axes of space
 * @param inChannels of the parameter function
 * @param outChannels of the prediction
 * @param hidden channels inside; four times as many next to both ends
 * @param depth mixing layers
 * @param activation between layers
 * @param mollifier conditions that every prediction obeys
 * @param scale factor of the network's output; published: 1e-3
 * @param rows of the grid of {@link Nsm#apply}; 1 for one axis of space
 * @param columns of the grid
 * @param times at which {@link Nsm#apply} gives the prediction: k / times for k = 1 to times; 1
 *     without an axis of time
 * @param residual {@link Nsm#apply} adds the first outChannels input channels to the prediction:
 *     the network gives an increment, and what its modes cannot show is kept
 */
public record NsmSettings(
    Network network,
    Basis basis,
    List<Integer> modes,
    List<Integer> parameterModes,
    int inChannels,
    int outChannels,
    int hidden,
    int depth,
    Activation activation,
    Mollifier mollifier,
    double scale,
    int rows,
    int columns,
    int times,
    boolean residual) {

  /** How a layer mixes modes and channels. */
  public enum Network {
    /** The channels of each mode by a matrix of its own: a neural spectral method. */
    NSM,
    /** All modes by one full matrix, the same for each channel; Fanaskov and Oseledets, 2023. */
    SNO
  }

  /** The nonlinearity: of NSM on values, of SNO on coefficients. */
  public enum Activation {
    RELU,
    GELU,
    TANH
  }

  public NsmSettings {
    modes = List.copyOf(modes);
    parameterModes = List.copyOf(parameterModes);
    int space = basis.dimensions() - (mollifier == Mollifier.INITIAL ? 1 : 0);
    check(space == 1 || space == 2, "basis " + basis + ", expected one or two axes of space");
    check(modes.size() == basis.dimensions(), "modes " + modes + " of the basis " + basis);
    check(
        parameterModes.size() == space,
        "parameter modes " + parameterModes + ", expected one for each of " + space + " axes");
    checkModes(basis.axes(), modes);
    checkModes(
        basis.axes().subList(basis.dimensions() - space, basis.dimensions()), parameterModes);
    check(
        inChannels > 0 && outChannels > 0 && hidden > 0 && depth >= 0,
        String.format(
            "channels %d to %d, hidden %d, depth %d", inChannels, outChannels, hidden, depth));
    check(
        mollifier != Mollifier.INITIAL || inChannels == outChannels,
        "an initial state has the channels of the prediction, not " + inChannels);
    check(scale > 0, "scale = " + scale + ", expected above 0");
    check(
        rows > 0 && columns > 0 && (space == 2 || rows == 1),
        "a grid of " + rows + " x " + columns + " for " + space + " axes of space");
    check(
        times == 1 || times > 1 && mollifier == Mollifier.INITIAL,
        times + " times, more than one needs an initial state");
    check(
        !residual || mollifier != Mollifier.INITIAL && outChannels <= inChannels,
        "an increment is added to its input once: not to an initial state, nor to fewer channels");
  }

  /**
   * A network of increments from field to field on a grid, row 0 northernmost: Fourier along
   * columns that go round, Chebyshev along all others, whose {@link Axis#uniform cells} reach from
   * end to end. Grids of one row have one axis.
   *
   * @param modes of rows and columns; no more than there are
   * @throws IllegalArgumentException an axis has too few cells for its basis
   */
  public static NsmSettings forGrid(
      int inChannels,
      int outChannels,
      int rows,
      int columns,
      boolean wrap,
      int hidden,
      int depth,
      List<Integer> modes) {
    List<Axis> axes = new ArrayList<>(List.of(wrap ? Axis.FOURIER : Axis.CHEBYSHEV));
    if (rows > 1) {
      axes.add(0, Axis.CHEBYSHEV);
    }
    return increments(inChannels, outChannels, rows, columns, axes, hidden, depth, modes);
  }

  /** The same on a torus. */
  public static NsmSettings forTorus(
      int inChannels, int outChannels, int rows, int columns, int hidden, int depth, int modes) {
    List<Axis> axes = List.of(Axis.FOURIER, Axis.FOURIER);
    return increments(
        inChannels, outChannels, rows, columns, axes, hidden, depth, List.of(modes, modes));
  }

  private static NsmSettings increments(
      int inChannels,
      int outChannels,
      int rows,
      int columns,
      List<Axis> axes,
      int hidden,
      int depth,
      List<Integer> modes) {
    return new NsmSettings(
        Network.NSM,
        new Basis(axes),
        modes,
        modes,
        inChannels,
        outChannels,
        hidden,
        depth,
        Activation.GELU,
        Mollifier.NONE,
        1,
        rows,
        columns,
        1,
        true);
  }

  private static void checkModes(List<Axis> axes, List<Integer> modes) {
    for (int axis = 0; axis < modes.size(); axis++) {
      check(modes.get(axis) >= axes.get(axis).fewest(), modes + " modes of " + new Basis(axes));
    }
  }

  /** Of space, in the order rows, columns; one or two. */
  public List<Axis> space() {
    return basis.axes().subList(basis.dimensions() - parameterModes.size(), basis.dimensions());
  }

  /** Whether the first axis is time. */
  public boolean evolves() {
    return mollifier == Mollifier.INITIAL;
  }

  /** Names and shapes of the parameters, in order of use. */
  Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    long h = hidden;
    dense(shapes, 0, inChannels + basis.dimensions(), 4 * h);
    dense(shapes, 1, 4 * h, h);
    for (int layer = 0; layer < depth; layer++) {
      long[] sizes = modes.stream().mapToLong(n -> n).toArray();
      if (network == Network.NSM) {
        long[] kernel = Arrays.copyOf(sizes, sizes.length + 2);
        kernel[sizes.length] = h;
        kernel[sizes.length + 1] = h;
        shapes.put("SpectralConv_" + layer + "/W", kernel);
      } else {
        long[] kernel = Arrays.copyOf(sizes, 2 * sizes.length);
        System.arraycopy(sizes, 0, kernel, sizes.length, sizes.length);
        shapes.put("DenseGeneral_" + layer + "/kernel", kernel);
        shapes.put("DenseGeneral_" + layer + "/bias", sizes);
      }
      dense(shapes, layer + 2, h, h);
    }
    dense(shapes, depth + 2, h, h);
    dense(shapes, depth + 3, h, 4 * h);
    dense(shapes, depth + 4, 4 * h, outChannels);
    return shapes;
  }

  private static void dense(Map<String, long[]> shapes, int index, long in, long out) {
    shapes.put(dense(index) + "kernel", new long[] {in, out});
    shapes.put(dense(index) + "bias", new long[] {out});
  }

  /** What the names of the parameters of a dense layer begin with. */
  static String dense(int index) {
    return "Dense_" + index + "/";
  }

  /** Everything as text; {@link #read} is the inverse. */
  public Map<String, String> metadata() {
    SettingsText out =
        new SettingsText("nsm")
            .put("network", network)
            .put("basis", basis)
            .put("modes", modes)
            .put("parameter_modes", parameterModes)
            .put("in_channels", inChannels)
            .put("out_channels", outChannels)
            .put("hidden", hidden)
            .put("depth", depth)
            .put("activation", activation)
            .put("mollifier", mollifier)
            .put("scale", scale)
            .put("grid.rows", rows)
            .put("grid.columns", columns)
            .put("times", times);
    if (residual) { // weights of before know nothing of it
      out.put("residual", true);
    }
    return out.metadata();
  }

  /**
   * @throws WeightsException a setting is missing or makes no sense
   */
  public static NsmSettings read(Map<String, String> metadata) {
    SettingsText in = new SettingsText(metadata);
    try {
      return new NsmSettings(
          in.choice("network", Network.class),
          in.value("basis", "letters F and C", null, Basis::of),
          in.integers("modes"),
          in.integers("parameter_modes"),
          in.integer("in_channels"),
          in.integer("out_channels"),
          in.integer("hidden"),
          in.integer("depth"),
          in.choice("activation", Activation.class),
          in.choice("mollifier", Mollifier.class),
          in.value("scale", "a number", null, Double::valueOf),
          in.integer("grid.rows"),
          in.integer("grid.columns"),
          in.integer("times"),
          in.bool("residual", false));
    } catch (WeightsException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new WeightsException("nsm settings in the metadata: " + e.getMessage(), e);
    }
  }

  private static void check(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException("nsm: " + problem);
    }
  }
}
