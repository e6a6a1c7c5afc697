package etesian.operators.m2no;

import etesian.operators.SettingsText;
import etesian.operators.WeightsException;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an M2NO is, apart from its parameters.
 *
 * @param dim spatial axes, 1 or 2
 * @param inChannels channels of the input
 * @param outChannels channels of the output
 * @param k scaling functions per axis, the order of the multiwavelets
 * @param c multiplicity; hidden channels are c k in 1-D and c k^2 in 2-D
 * @param numLayers number of multigrid blocks
 * @param gridLevels smoothing sweeps on each coarse level, finest first; at least one level
 * @param base polynomials of the filter
 * @param padding of the convolutions
 * @param packing which fine cells make a coarse one
 * @param cycle what a 2-D block restricts; {@code STATE} in 1-D, whose published block restricts
 *     both
 * @param details a high-pass branch: the complement of the restriction, mixed by a learned matrix
 *     that begins at zero, is added on the way up; Legendre only
 * @param norm on the way up
 * @param bias whether convolutions have one
 * @param activation between blocks
 * @param resolution reference size per axis, at which the V-cycle works
 * @param grid the grid that operators accept, and how it is padded before the network; in 1-D a
 *     grid of one row
 * @param residual the network gives an increment, added to the first outChannels input channels
 */
@RecordBuilder
public record M2noSettings(
    int dim,
    int inChannels,
    int outChannels,
    int k,
    int c,
    int numLayers,
    List<Integer> gridLevels,
    Base base,
    Padding padding,
    Packing packing,
    Cycle cycle,
    boolean details,
    Norm norm,
    boolean bias,
    Activation activation,
    List<Integer> resolution,
    GridPadding grid,
    boolean residual)
    implements M2noSettingsBuilder.With {

  public M2noSettings {
    gridLevels = List.copyOf(gridLevels);
    resolution = List.copyOf(resolution);
    check(dim == 1 || dim == 2, "dim = " + dim + ", expected 1 or 2");
    check(resolution.size() == dim, "resolution " + resolution + ", expected " + dim + " sizes");
    check(dim == 2 || grid.rows() == 1, "a 1-D operator needs a grid of one row, got " + grid);
    check(inChannels > 0 && outChannels > 0, "channels " + inChannels + " to " + outChannels);
    check(
        k > 0 && c > 0 && numLayers > 0, "k = " + k + ", c = " + c + ", num_layers = " + numLayers);
    check(!gridLevels.isEmpty(), "at least one coarse level is needed");
    int fewest = dim == 1 ? 1 : 0;
    check(
        gridLevels.stream().allMatch(g -> g >= fewest),
        "sweeps per level " + gridLevels + ", expected at least " + fewest);
    int multiple = 1 << gridLevels.size();
    check(
        resolution.stream().allMatch(r -> r > 0 && r % multiple == 0),
        "resolution " + resolution + " cannot be halved " + gridLevels.size() + " times");
    int rows = grid.paddedRows();
    int columns = grid.paddedColumns();
    int height = dim == 1 ? 1 : resolution.get(0);
    int width = resolution.get(dim - 1);
    check(
        reach(dim == 1 ? columns : rows, dim == 1 ? width : height)
            && (dim == 1 || (long) rows * width == (long) columns * height),
        String.format(
            "a padded grid of %d x %d cannot be halved or doubled to the resolution %s",
            rows, columns, resolution));
    check(dim == 2 || cycle == Cycle.STATE, "cycle = residual is for 2-D operators");
    check(
        !details || base == Base.LEGENDRE,
        "details need base = legendre, whose filter is orthonormal");
    check(
        !residual || outChannels <= inChannels,
        "a residual operator adds to its input, but has more output than input channels: "
            + outChannels
            + " > "
            + inChannels);
  }

  /**
   * A small network for a grid: Legendre, folds of patches, the true residual and details, which
   * learned best of what was compared (docs/benchmarks.md); no normalisation, one sweep per level,
   * up to three levels as the grid allows, padded where it is not divisible.
   *
   * @param wrap the columns go round the globe: the convolutions and the padding wrap them
   */
  public static M2noSettings forGrid(
      int inChannels, int outChannels, int rows, int columns, boolean wrap) {
    return forGrid(inChannels, outChannels, rows, columns, wrap, Poles.NONE, Set.of());
  }

  /**
   * The same for a grid that may reach over the poles, see {@link GridPadding}.
   *
   * @param antisymmetric input channels that change their sign over a pole
   */
  public static M2noSettings forGrid(
      int inChannels,
      int outChannels,
      int rows,
      int columns,
      boolean wrap,
      Poles poles,
      Set<Integer> antisymmetric) {
    int levels = 1;
    while (levels < 3 && Math.min(rows, columns) >= 4 << levels + 1) {
      levels++;
    }
    GridPadding grid = new GridPadding(rows, columns, wrap, 1 << levels, poles, antisymmetric);
    Padding beyond = wrap ? Padding.GLOBE : Padding.REPLICATE;
    return new M2noSettings(
        2,
        inChannels,
        outChannels,
        3,
        2,
        2,
        Collections.nCopies(levels, 1),
        Base.LEGENDRE,
        poles == Poles.NONE ? beyond : Padding.SPHERE,
        Packing.TENSOR,
        Cycle.RESIDUAL,
        true,
        Norm.NONE,
        true,
        Activation.GELU,
        List.of(grid.paddedRows(), grid.paddedColumns()),
        grid,
        false);
  }

  /** The same with another width: c k^2 hidden channels. */
  public M2noSettings withWidth(int otherK, int otherC) {
    return with(s -> s.k(otherK).c(otherC));
  }

  /** The same with another way between the levels. */
  public M2noSettings withLevels(
      Packing otherPacking, Cycle otherCycle, boolean otherDetails, Norm otherNorm) {
    return with(
        s -> s.packing(otherPacking).cycle(otherCycle).details(otherDetails).norm(otherNorm));
  }

  /** Hidden channels. */
  public int channels() {
    return dim == 1 ? c * k : c * k * k;
  }

  /** Name of the pointwise layers: 0 input, 1 hidden, 2 output. */
  String linear(int index) {
    return dim == 1
        ? List.of("L_in", "L_hidden", "L_out").get(index)
        : List.of("input_proj", "hidden_proj", "output_proj").get(index);
  }

  /** Everything as text; {@link #read} is the inverse. */
  public Map<String, String> metadata() {
    return new SettingsText("m2no")
        .put("dim", dim)
        .put("in_channels", inChannels)
        .put("out_channels", outChannels)
        .put("k", k)
        .put("c", c)
        .put("num_layers", numLayers)
        .put("grid_levels", gridLevels)
        .put("base", base)
        .put("padding_mode", padding)
        .put("packing", packing)
        .put("cycle", cycle)
        .put("details", details)
        .put("norm", norm)
        .put("bias", bias)
        .put("activation", activation)
        .put("resolution", resolution)
        .put("grid.rows", grid.rows())
        .put("grid.columns", grid.columns())
        .put("grid.wrap", grid.wrap())
        .put("grid.multiple", grid.multiple())
        .put("grid.poles", grid.poles())
        .put("grid.antisymmetric", grid.antisymmetric().stream().sorted().toList())
        .put("residual", residual)
        .metadata();
  }

  /**
   * @throws WeightsException a setting is missing or makes no sense
   */
  public static M2noSettings read(Map<String, String> metadata) {
    SettingsText in = new SettingsText(metadata);
    try {
      return new M2noSettings(
          in.integer("dim"),
          in.integer("in_channels"),
          in.integer("out_channels"),
          in.integer("k"),
          in.integer("c"),
          in.integer("num_layers"),
          in.integers("grid_levels"),
          in.choice("base", Base.class),
          in.choice("padding_mode", Padding.class),
          in.choice("packing", Packing.class, Packing.RESHAPE),
          in.choice("cycle", Cycle.class, Cycle.STATE),
          in.bool("details", false),
          norm(in),
          in.bool("bias", null),
          in.choice("activation", Activation.class),
          in.integers("resolution"),
          grid(in),
          in.bool("residual", false));
    } catch (WeightsException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new WeightsException("m2no settings in the metadata: " + e.getMessage(), e);
    }
  }

  /** Without it the grid is the resolution, as in the published program. */
  private static GridPadding grid(SettingsText in) {
    List<Integer> resolution = in.integers("resolution");
    return new GridPadding(
        in.integer("grid.rows", resolution.size() == 1 ? 1 : resolution.get(0)),
        in.integer("grid.columns", resolution.get(resolution.size() - 1)),
        in.bool("grid.wrap", false),
        in.integer("grid.multiple", 1),
        in.choice("grid.poles", Poles.class, Poles.NONE),
        Set.copyOf(in.integers("grid.antisymmetric", List.of())));
  }

  /** The published setting is a flag. */
  private static Norm norm(SettingsText in) {
    return in.value(
        "norm",
        "true, false or one of " + SettingsText.names(Norm.class),
        null,
        text ->
            Arrays.stream(Norm.values())
                .filter(norm -> norm.name().equalsIgnoreCase(text))
                .findAny()
                .orElseGet(() -> SettingsText.bool(text) ? Norm.LAYER : Norm.NONE));
  }

  /** Whether a and b differ by doubling alone. */
  private static boolean reach(int a, int b) {
    int larger = Math.max(a, b);
    int smaller = Math.min(a, b);
    return larger % smaller == 0 && Integer.bitCount(larger / smaller) == 1;
  }

  private static void check(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
