package etesian.operators.fourier;

import etesian.operators.WeightsException;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What a network of the Fourier family is, apart from its parameters. It works on any grid.
 *
 * @param architecture which member of the family
 * @param inChannels channels of the input
 * @param outChannels channels of the output
 * @param hidden channels after the lifting
 * @param lifting channels inside the two layers of the lifting
 * @param projection channels inside the two layers of the projection
 * @param layers the spectral layers, at least one
 * @param across of a U-shape: a later layer (key) also sees the output of an earlier one
 * @param factorization of the spectral weights
 * @param rank of a factorisation: about the share of parameters that it keeps
 * @param separable the spectral weight is one number for each channel and mode, not a matrix
 * @param spectralSkip what passes by the spectral convolution
 * @param skipKernel odd width of {@link Skip#LINEAR} beside the spectral convolution; 1 is
 *     pointwise
 * @param mlpSkip what passes by the channel MLP
 * @param expansion hidden channels of the channel MLP relative to its output; 0 for no MLP
 * @param preactivation nonlinearity and norm before the spectral convolution, not behind it
 * @param stabiliser the spectral convolution sees tanh(x)
 * @param norm in every layer
 * @param groups of {@link Norm#GROUP}; for {@link Norm#ADAPTIVE} the numbers of an embedding
 * @param coordinates the position on each axis, from 0 to 1, is appended to the input
 * @param padding zeros on both sides of each axis, as a share of its size: where the axis does not
 *     go round
 * @param placement of frequencies between grids of different sizes
 * @param sphereGrid rows of the grid of an {@link Architecture#SFNO}; of no meaning for the others
 * @param residual the network gives an increment, added to the first outChannels input channels
 * @param complexData channels are complex: of the fields that cross the border of the network each
 *     first of two is a real part, the next its imaginary one. A layer of the network is then two,
 *     f + i g, which of a + i b make f(a) - g(b) + i (f(b) + g(a)), as published also where they
 *     are not linear; GELU and tanh are those of the parts
 */
@RecordBuilder
public record FnoSettings(
    Architecture architecture,
    int inChannels,
    int outChannels,
    int hidden,
    int lifting,
    int projection,
    List<FnoLayer> layers,
    Map<Integer, Integer> across,
    Factorization factorization,
    double rank,
    boolean separable,
    Skip spectralSkip,
    int skipKernel,
    Skip mlpSkip,
    double expansion,
    boolean preactivation,
    boolean stabiliser,
    Norm norm,
    int groups,
    boolean coordinates,
    List<Double> padding,
    Placement placement,
    SphereGrid sphereGrid,
    boolean residual,
    boolean complexData) {

  private static final int MOST_MODES = 16;
  private static final double PADDED = 0.125;

  public FnoSettings {
    layers = List.copyOf(layers);
    across = Collections.unmodifiableMap(new TreeMap<>(across));
    padding = List.copyOf(padding);
    check(!layers.isEmpty(), "at least one layer is needed");
    int axes = layers.get(0).modes().size();
    check(axes <= 3, axes + " axes, expected 1 to 3");
    boolean sphere = architecture == Architecture.SFNO;
    check(!sphere || axes == 2, "a sphere has 2 axes, not " + axes);
    for (FnoLayer layer : layers) {
      check(layer.modes().size() == axes, "layers of different numbers of axes: " + layers);
      check(layer.stored().size() == (sphere ? 1 : axes), "stored modes of " + layer);
      for (int axis = 0; axis < layer.stored().size(); axis++) {
        check(
            layer.kept(axis, complexData) <= layer.stored().get(axis),
            "more modes than stored: " + layer);
      }
    }
    check(
        inChannels > 0 && outChannels > 0 && hidden > 0 && lifting > 0 && projection > 0,
        String.format(
            "channels %d to %d, hidden %d, lifting %d, projection %d",
            inChannels, outChannels, hidden, lifting, projection));
    check(padding.size() == axes, "padding " + padding + ", expected " + axes + " shares");
    check(padding.stream().allMatch(q -> q >= 0 && q < 1), "padding " + padding);
    check(
        factorization == Factorization.DENSE || rank > 0,
        String.format("factorization %s with rank %s: a rank is positive", factorization, rank));
    check(skipKernel > 0 && skipKernel % 2 == 1, "skip kernel " + skipKernel + ", expected odd");
    check(expansion >= 0 && expansion <= 64, "expansion = " + expansion);
    check(norm != Norm.GROUP || groups > 0, "norm = group needs groups, got " + groups);
    check(
        norm != Norm.ADAPTIVE || groups > 0,
        "norm = adaptive needs the size of its embedding as groups, got " + groups);
    for (Map.Entry<Integer, Integer> skip : across.entrySet()) {
      check(
          skip.getValue() >= 0 && skip.getValue() < skip.getKey() && skip.getKey() < layers.size(),
          "across " + across + ": an earlier layer is seen by a later one");
    }
    for (int l = 0; l < layers.size(); l++) {
      checkLayer(l, layers, across, hidden, separable, spectralSkip, expansion > 0, mlpSkip);
      check(
          norm != Norm.GROUP || layers.get(l).channels() % groups == 0,
          groups + " groups do not divide " + layers.get(l).channels() + " channels");
    }
    check(
        !complexData || architecture == Architecture.FNO || architecture == Architecture.TFNO,
        "complex data for " + architecture + ", expected FNO or TFNO");
    check(
        !complexData || norm != Norm.BATCH && norm != Norm.ADAPTIVE,
        "norm = " + norm + " of complex data, expected none, group or instance");
    boolean keeps = architecture == Architecture.UNO || unscaled(layers);
    check(
        keeps || padding.stream().allMatch(q -> q == 0),
        "padding needs layers that keep the grid, or architecture = uno");
    check(
        !residual || outChannels <= inChannels && keeps,
        "a residual operator adds to its input, but has more output than input channels or another"
            + " grid");
  }

  private static boolean unscaled(List<FnoLayer> layers) {
    return layers.stream().allMatch(layer -> layer.scale().stream().allMatch(s -> s == 1));
  }

  private static void checkLayer(
      int l,
      List<FnoLayer> layers,
      Map<Integer, Integer> across,
      int hidden,
      boolean separable,
      Skip spectralSkip,
      boolean mlp,
      Skip mlpSkip) {
    int out = layers.get(l).channels();
    int in = input(l, layers, across, hidden);
    check(
        in == out
            || !separable
                && (spectralSkip == Skip.LINEAR || spectralSkip == Skip.NONE)
                && (!mlp || mlpSkip == Skip.LINEAR || mlpSkip == Skip.NONE),
        String.format(
            "layer %d leads from %d to %d channels: its skips must be linear or none, and its"
                + " weight not separable",
            l, in, out));
  }

  private static int input(int l, List<FnoLayer> layers, Map<Integer, Integer> across, int hidden) {
    int before = l == 0 ? hidden : layers.get(l - 1).channels();
    Integer earlier = across.get(l);
    return earlier == null ? before : before + layers.get(earlier).channels();
  }

  /** {@link #builder(Architecture, int, int, int, List)} with as many hidden channels as layers. */
  public static FnoSettingsBuilder builder(
      Architecture architecture, int inChannels, int outChannels, List<FnoLayer> layers) {
    check(!layers.isEmpty(), "at least one layer is needed");
    return builder(architecture, inChannels, outChannels, layers.get(0).channels(), layers);
  }

  /**
   * The published defaults of a network: nothing beside dense spectral layers, linear skips and a
   * channel MLP with gates, and twice the hidden channels inside lifting and projection.
   *
   * @param hidden channels after the lifting
   */
  public static FnoSettingsBuilder builder(
      Architecture architecture,
      int inChannels,
      int outChannels,
      int hidden,
      List<FnoLayer> layers) {
    check(!layers.isEmpty(), "at least one layer is needed");
    return FnoSettingsBuilder.builder()
        .architecture(architecture)
        .inChannels(inChannels)
        .outChannels(outChannels)
        .hidden(hidden)
        .lifting(2 * hidden)
        .projection(2 * hidden)
        .layers(layers)
        .across(Map.of())
        .factorization(Factorization.DENSE)
        .rank(1)
        .spectralSkip(Skip.LINEAR)
        .skipKernel(1)
        .mlpSkip(Skip.GATE)
        .expansion(0.5)
        .norm(Norm.NONE)
        .groups(1)
        .coordinates(true)
        .padding(Collections.nCopies(layers.get(0).modes().size(), 0.0))
        .placement(Placement.EXACT)
        .sphereGrid(SphereGrid.EQUIANGULAR);
  }

  /**
   * How large a network is.
   *
   * @param hidden channels of every layer
   * @param layers at least one; a UNO has at least three, of which all but the outer two work on
   *     half the grid
   * @param modes of each axis that has more than one cell; of a sphere its degrees alone
   * @param rank of a {@link Architecture#TFNO}, see {@link FnoSettings#rank}
   */
  public record Size(int hidden, int layers, List<Integer> modes, double rank) {
    public Size {
      modes = List.copyOf(modes);
    }

    /** A small network for a grid. Odd numbers of modes of rows, as those are symmetric. */
    public static Size of(Architecture architecture, int rows, int columns) {
      List<Integer> modes = new ArrayList<>();
      if (architecture == Architecture.SFNO) {
        modes.add(Math.max(1, Math.min(2 * MOST_MODES, Math.min((rows + 1) / 2, columns / 2))));
      } else {
        if (rows > 1) {
          modes.add(odd(Math.min(MOST_MODES, rows)));
        }
        modes.add(Math.min(MOST_MODES, columns));
      }
      return new Size(32, 4, modes, 0.1);
    }

    private static int odd(int n) {
      return n % 2 == 0 ? n - 1 : n;
    }
  }

  /**
   * The network of the usual size for a grid, see {@link #forGrid(Architecture, int, int, int, int,
   * boolean, Size)}.
   */
  public static FnoSettings forGrid(
      Architecture architecture,
      int inChannels,
      int outChannels,
      int rows,
      int columns,
      boolean wrap) {
    Size size = Size.of(architecture, rows, columns);
    return forGrid(architecture, inChannels, outChannels, rows, columns, wrap, size);
  }

  /**
   * A network for a latitude-longitude grid, row 0 northernmost. Rows do not go round, nor do
   * columns without {@code wrap}: they are padded. A grid of one row has one axis.
   *
   * @param wrap the columns go round the globe
   * @throws IllegalArgumentException a sphere is asked for and the columns do not go round
   */
  public static FnoSettings forGrid(
      Architecture architecture,
      int inChannels,
      int outChannels,
      int rows,
      int columns,
      boolean wrap,
      Size size) {
    if (architecture == Architecture.SFNO) {
      return forSphere(inChannels, outChannels, rows, columns, wrap, size);
    }
    List<Double> padding = new ArrayList<>(List.of(wrap ? 0 : PADDED));
    if (rows > 1) {
      padding.add(0, PADDED);
    }
    FnoSettingsBuilder builder =
        architecture == Architecture.UNO
            ? uShape(inChannels, outChannels, size)
            : builder(
                architecture,
                inChannels,
                outChannels,
                Collections.nCopies(size.layers, FnoLayer.of(size.hidden, size.modes)));
    if (architecture == Architecture.TFNO) {
      builder.factorization(Factorization.TUCKER).rank(size.rank);
    }
    return builder.padding(padding).build();
  }

  private static FnoSettingsBuilder uShape(int inChannels, int outChannels, Size size) {
    check(size.layers >= 3, "a uno has at least 3 layers, down, below and up, not " + size.layers);
    int axes = size.modes.size();
    List<Integer> coarse = size.modes.stream().map(m -> Math.max(1, m / 2)).toList();
    List<FnoLayer> layers = new ArrayList<>(List.of(FnoLayer.of(size.hidden, size.modes)));
    layers.add(FnoLayer.of(size.hidden, coarse, Collections.nCopies(axes, 0.5)));
    while (layers.size() < size.layers - 1) {
      layers.add(FnoLayer.of(size.hidden, coarse));
    }
    layers.add(FnoLayer.of(size.hidden, size.modes, Collections.nCopies(axes, 2.0)));
    Map<Integer, Integer> across = new TreeMap<>();
    for (int l = 0; l < size.layers / 2; l++) {
      across.put(size.layers - 1 - l, l);
    }
    return builder(Architecture.UNO, inChannels, outChannels, layers)
        .across(across)
        .mlpSkip(Skip.LINEAR);
  }

  private static FnoSettings forSphere(
      int inChannels, int outChannels, int rows, int columns, boolean wrap, Size size) {
    check(
        wrap && rows > 2,
        String.format(
            "sfno on %d x %d cells whose columns %s: spherical harmonics need the whole globe, take"
                + " fno for a region",
            rows, columns, wrap ? "go round" : "do not go round"));
    SphereGrid grid = rows % 2 == 0 ? SphereGrid.CELL_CENTRES : SphereGrid.EQUIANGULAR;
    List<FnoLayer> layers =
        Collections.nCopies(size.layers, FnoLayer.onSphere(size.hidden, size.modes.get(0)));
    return builder(Architecture.SFNO, inChannels, outChannels, layers).sphereGrid(grid).build();
  }

  /** The same, but predicting increments or not. */
  public FnoSettings withResidual(boolean residual) {
    return FnoSettingsBuilder.builder(this).residual(residual).build();
  }

  /** The same with other padding: none, for instance, where all axes go round. */
  public FnoSettings withPadding(List<Double> padding) {
    return FnoSettingsBuilder.builder(this).padding(padding).build();
  }

  /** The same on another grid of the sphere. */
  public FnoSettings withSphereGrid(SphereGrid grid) {
    return FnoSettingsBuilder.builder(this).sphereGrid(grid).build();
  }

  /** The same, but with so many modes of each axis in use, of those that are stored. */
  public FnoSettings withModes(List<Integer> modes) {
    return withLayers(
        layer -> new FnoLayer(layer.channels(), modes, layer.stored(), layer.scale()));
  }

  /** How often {@link #grown} changes anything, for each axis of the stored modes. */
  List<Integer> growths() {
    Integer[] most = new Integer[layers.get(0).stored().size()];
    Arrays.setAll(
        most,
        axis ->
            layers.stream()
                .mapToInt(layer -> layer.growths(complexData).get(axis))
                .max()
                .orElseThrow());
    return List.of(most);
  }

  /** The same after so many stages of growth of each axis, in every layer as its weight allows. */
  FnoSettings grown(List<Integer> stages) {
    return withLayers(layer -> layer.grown(stages, complexData));
  }

  private FnoSettings withLayers(UnaryOperator<FnoLayer> change) {
    return FnoSettingsBuilder.builder(this).layers(layers.stream().map(change).toList()).build();
  }

  /** Frequencies of a layer in use on an axis whose size allows them all. */
  int kept(FnoLayer layer, int axis) {
    return layer.kept(axis, complexData);
  }

  int axes() {
    return padding.size();
  }

  boolean sphere() {
    return architecture == Architecture.SFNO;
  }

  boolean mlp() {
    return expansion > 0;
  }

  /** Channels that a layer sees. */
  int inputOf(int layer) {
    return input(layer, layers, across, hidden);
  }

  /** Hidden channels of the channel MLP of a layer. */
  int mlpHidden(int layer) {
    return (int) Math.rint(layers.get(layer).channels() * expansion);
  }

  /** Everything as text; {@link #read} is the inverse. */
  public Map<String, String> metadata() {
    return FnoMetadata.write(this);
  }

  /**
   * @throws WeightsException a setting is missing or makes no sense
   */
  public static FnoSettings read(Map<String, String> metadata) {
    return FnoMetadata.read(metadata);
  }

  private static void check(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException("fno: " + problem);
    }
  }
}
