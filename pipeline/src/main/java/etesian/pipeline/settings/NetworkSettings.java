package etesian.pipeline.settings;

import etesian.ingest.field.Grid;
import etesian.operators.fourier.SphereGrid;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How large the network of a stream is; what is left open follows from its grid.
 *
 * @param width channels inside; 0 leaves it open
 * @param layers that mix cells; 0 leaves them open
 * @param modes of rows and columns, on a grid of one row of its columns, and of {@link
 *     ModelKind#SFNO} its degrees alone; empty leaves them open
 * @param rank of a {@link ModelKind#TFNO}: about the share of parameters that it keeps; 0 leaves it
 *     open
 */
public record NetworkSettings(int width, int layers, List<Integer> modes, double rank)
    implements Serializable {

  /** All follows from the grid. */
  public static final NetworkSettings DEFAULT = new NetworkSettings(0, 0, List.of(), 0);

  /** Hidden channels of {@link ModelKind#M2NO} are a multiple of its scaling functions, 3 x 3. */
  public static final int M2NO_FUNCTIONS = 9;

  /** Rows may be so far from those of a quadrature, as a share of their distance. */
  private static final double TOLERANCE = 0.02;

  public NetworkSettings {
    modes = List.copyOf(modes);
  }

  /**
   * What speaks against a network of this size on a grid; empty when nothing does.
   *
   * @param grid null when it is not known yet
   */
  public Optional<String> problem(ModelKind kind, Grid grid) {
    return ofItself(kind).or(() -> grid == null ? Optional.empty() : onGrid(kind, grid));
  }

  private Optional<String> ofItself(ModelKind kind) {
    return switch (kind) {
      case SMNN ->
          when(!equals(DEFAULT), "smnn is a mechanism, not a network: leave 'network' out");
      case M2NO ->
          when(
                  !modes.isEmpty() || rank != 0,
                  "m2no has levels instead of modes and rank: leave these out")
              .or(
                  () ->
                      when(
                          width % M2NO_FUNCTIONS != 0,
                          "the width of m2no is a multiple of %d, got %d",
                          M2NO_FUNCTIONS,
                          width));
      default ->
          when(rank != 0 && kind != ModelKind.TFNO, "only tfno has a rank, not %s", kind)
              .or(
                  () ->
                      when(
                          kind == ModelKind.UNO && layers != 0 && layers < 3,
                          "uno has at least 3 layers, got %d",
                          layers));
    };
  }

  private Optional<String> onGrid(ModelKind kind, Grid grid) {
    return switch (kind) {
      case SMNN, M2NO -> Optional.empty();
      case SFNO -> onSphere(grid);
      case FNO, TFNO, UNO -> fitting(grid);
      case NSM ->
          when(
                  grid.rows() > 1 && grid.rows() < 4 || !grid.wrapsAround() && grid.columns() < 4,
                  "nsm needs 1 or at least 4 rows and, where columns do not go round the globe, at"
                      + " least 4 columns; the grid has %d x %d",
                  grid.rows(),
                  grid.columns())
              .or(() -> fitting(grid));
    };
  }

  private Optional<String> onSphere(Grid grid) {
    Optional<SphereGrid> sphere = sphere(grid);
    if (sphere.isEmpty()) {
      return Optional.of(
          ("sfno needs the whole globe: columns that go round and rows from pole to pole, on them,"
                  + " half a step or a step before them, or those of a Gaussian grid; got %s; take"
                  + " fno, or regrid")
              .formatted(grid));
    }
    int most = Math.min(sphere.get().degrees(grid.rows()), grid.columns() / 2);
    return when(
        modes.size() > 1 || modes.stream().anyMatch(degrees -> degrees > most),
        "modes %s: sfno has one number of modes, its degrees, of which %d x %d cells can tell %d"
            + " apart",
        modes,
        grid.rows(),
        grid.columns(),
        most);
  }

  private Optional<String> fitting(Grid grid) {
    List<Integer> cells =
        grid.rows() == 1 ? List.of(grid.columns()) : List.of(grid.rows(), grid.columns());
    if (modes.isEmpty()) {
      return Optional.empty();
    }
    boolean fit = modes.size() == cells.size();
    for (int axis = 0; fit && axis < cells.size(); axis++) {
      fit = modes.get(axis) <= cells.get(axis);
    }
    return when(
        !fit,
        "modes %s: expected one number for each axis of more than one cell, at most its cells, %s",
        modes,
        cells);
  }

  /** The quadrature that the rows of a global grid belong to; empty for others. */
  public static Optional<SphereGrid> sphere(Grid grid) {
    if (!grid.wrapsAround() || grid.rows() < 3 || grid.columns() < 4) {
      return Optional.empty();
    }
    double tolerance = TOLERANCE * (grid.latitude(0) - grid.latitude(1));
    return Arrays.stream(SphereGrid.values())
        .filter(sphere -> distance(sphere.latitudes(grid.rows()), grid) < tolerance)
        .findFirst();
  }

  private static double distance(double[] latitudes, Grid grid) {
    double largest = 0;
    for (int row = 0; row < latitudes.length; row++) {
      largest = Math.max(largest, Math.abs(latitudes[row] - grid.latitude(row)));
    }
    return largest;
  }

  private static Optional<String> when(boolean wrong, String problem, Object... arguments) {
    return wrong ? Optional.of(problem.formatted(arguments)) : Optional.empty();
  }

  static NetworkSettings read(SettingsReader in, String model, Grid grid) {
    NetworkSettings network =
        in.section("network")
            .map(
                section ->
                    new NetworkSettings(
                        section.value(
                            "width", DEFAULT.width(), text -> Parsers.between(text, 1, 4096)),
                        section.value(
                            "layers", DEFAULT.layers(), text -> Parsers.between(text, 1, 64)),
                        modes(section),
                        section.value(
                            "rank", DEFAULT.rank(), text -> Parsers.between(text, 1e-3, 1))))
            .orElse(DEFAULT);
    if (model == null) { // a problem of its own
      return network;
    }
    String where = in.has("network") ? "network" : "model";
    network
        .problem(ModelKind.of(model), grid)
        .ifPresent(problem -> in.check(false, where, "%s", problem));
    return network;
  }

  private static List<Integer> modes(SettingsReader in) {
    List<Integer> modes = in.integers("modes", List.of());
    in.check(modes.stream().allMatch(m -> m >= 2), "modes", "are at least 2 each, got %s", modes);
    return modes;
  }
}
