package etesian.ingest.netcdf;

import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ucar.nc2.Dimension;
import ucar.nc2.Variable;

/**
 * Where in the stored order of a variable the value of a time, level, expver, row and column lies.
 * Dimensions come in any order; those of length one and without meaning are ignored.
 */
final class Layout {
  /** A dimension of the data: its length and the distance of neighbours in stored order. */
  private record Extent(Dimension dimension, int length, int stride) {}

  private static final Extent NONE = new Extent(null, 1, 0);

  private final Map<Role, Extent> extents = new EnumMap<>(Role.class);
  private final Axes axes;
  private final CfTimes times;
  private final Optional<Variable> levels;

  private Layout(Map<Role, Extent> extents, Axes axes, CfTimes times, Optional<Variable> levels) {
    this.extents.putAll(extents);
    this.axes = axes;
    this.times = times;
    this.levels = levels;
  }

  /**
   * @return empty when the variable is not one over time, latitude and longitude: a mask, a series
   *     at a point
   * @throws Refusal when it is, but cannot be fields
   */
  static Optional<Layout> of(Variable data, Coordinates coordinates) throws Refusal, IOException {
    Optional<Axes> axes = axes(data, coordinates);
    Optional<Variable> time = time(data, coordinates);
    if (axes.isEmpty() || time.isEmpty()) {
      return Optional.empty();
    }
    Map<Role, Extent> extents = new EnumMap<>(Role.class);
    int stride = 1;
    List<Dimension> dimensions = data.getDimensions();
    for (int d = dimensions.size() - 1; d >= 0; d--) {
      Dimension dimension = dimensions.get(d);
      Role role = coordinates.role(dimension);
      Extent extent = new Extent(dimension, dimension.getLength(), stride);
      boolean hasPlace = role != Role.OTHER && role != Role.MEMBER;
      if (extent.length > 1 && (!hasPlace || extents.containsKey(role))) {
        throw new Refusal(
            Reason.UNSUPPORTED_LAYOUT,
            String.format(
                "%s has the dimension %s of length %d beside time, level, latitude and longitude;"
                    + " select one of them before publishing",
                data.getFullName(), dimension.getShortName(), extent.length));
      }
      if (hasPlace) {
        extents.putIfAbsent(role, extent);
      }
      stride *= extent.length;
    }
    Optional<Variable> levels =
        Optional.ofNullable(extents.get(Role.LEVEL))
            .filter(extent -> extent.length > 1)
            .flatMap(extent -> coordinates.of(extent.dimension));
    return Optional.of(new Layout(extents, axes.get(), CfTimes.read(time.get()), levels));
  }

  /**
   * The grid of a variable, empty when it is not over latitude and longitude.
   *
   * @throws Refusal when its cells lie on the earth, but on no regular grid
   */
  static Optional<Axes> axes(Variable data, Coordinates coordinates) throws Refusal, IOException {
    Optional<Variable> latitude = coordinate(data, coordinates, Role.LATITUDE);
    Optional<Variable> longitude = coordinate(data, coordinates, Role.LONGITUDE);
    if (latitude.isPresent() && longitude.isPresent()) {
      return Optional.of(Axes.read(latitude.get(), longitude.get()));
    }
    Optional<String> irregular = coordinates.irregular(data);
    if (irregular.isPresent()) {
      throw new Refusal(
          Reason.UNSUPPORTED_GRID,
          String.format(
              "%s: %s; regrid to a regular latitude-longitude grid",
              data.getFullName(), irregular.get()));
    }
    return Optional.empty();
  }

  /** The time variable of the data, its time dimension's or a scalar one. */
  static Optional<Variable> time(Variable data, Coordinates coordinates) {
    return coordinate(data, coordinates, Role.TIME).or(coordinates::scalarTime);
  }

  Axes axes() {
    return axes;
  }

  CfTimes times() {
    return times;
  }

  /** The level coordinate when there are several levels. */
  Optional<Variable> levels() {
    return levels;
  }

  int length(Role role) {
    return extent(role).length;
  }

  /** Where a slice begins; its cells follow by {@link #cells}. */
  int begin(int time, int level, int expver) {
    return time * extent(Role.TIME).stride
        + level * extent(Role.LEVEL).stride
        + expver * extent(Role.EXPVER).stride;
  }

  /** One slice, row 0 in the north, columns eastwards; NaN is missing. */
  float[] cells(Values values, int begin) {
    int rows = axes.grid().rows();
    int columns = axes.grid().columns();
    int rowStride = extent(Role.LATITUDE).stride;
    int columnStride = extent(Role.LONGITUDE).stride;
    float[] cells = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      int storedRow = axes.southFirst() ? rows - 1 - row : row;
      int from = begin + storedRow * rowStride;
      for (int column = 0; column < columns; column++) {
        int storedColumn = axes.eastFirst() ? columns - 1 - column : column;
        float value = (float) values.at(from + storedColumn * columnStride);
        cells[row * columns + column] = Float.isInfinite(value) ? Float.NaN : value;
      }
    }
    return cells;
  }

  private Extent extent(Role role) {
    return extents.getOrDefault(role, NONE);
  }

  private static Optional<Variable> coordinate(Variable data, Coordinates coordinates, Role role) {
    return data.getDimensions().stream()
        .filter(dimension -> coordinates.role(dimension) == role)
        .findFirst()
        .flatMap(coordinates::of);
  }
}
