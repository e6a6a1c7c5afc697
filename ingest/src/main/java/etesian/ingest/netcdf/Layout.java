package etesian.ingest.netcdf;

import etesian.ingest.netcdf.FileVariable.FileDimension;
import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which dimension of a variable is time, level, expver, row and column. They come in any order;
 * those of length one and without meaning are ignored.
 */
final class Layout {
  private final FileVariable data;
  private final Map<Role, Integer> dimensionOf = new EnumMap<>(Role.class);
  private final Axes axes;
  private final CfTimes times;
  private final Optional<FileVariable> levels;

  private Layout(
      FileVariable data,
      Map<Role, Integer> dimensionOf,
      Axes axes,
      CfTimes times,
      Optional<FileVariable> levels) {
    this.data = data;
    this.dimensionOf.putAll(dimensionOf);
    this.axes = axes;
    this.times = times;
    this.levels = levels;
  }

  /**
   * @return empty when the variable is not one over time, latitude and longitude: a mask, a series
   *     at a point
   * @throws Refusal when it is, but cannot be fields
   */
  static Optional<Layout> of(FileVariable data, Coordinates coordinates)
      throws Refusal, IOException {
    Optional<Axes> axes = axes(data, coordinates);
    Optional<FileVariable> time = time(data, coordinates);
    if (axes.isEmpty() || time.isEmpty()) {
      return Optional.empty();
    }
    Map<Role, Integer> dimensionOf = new EnumMap<>(Role.class);
    List<FileDimension> dimensions = data.dimensions();
    for (int d = 0; d < dimensions.size(); d++) {
      FileDimension dimension = dimensions.get(d);
      Role role = coordinates.role(dimension);
      boolean hasPlace = role != Role.OTHER && role != Role.MEMBER;
      if (dimension.length() > 1 && (!hasPlace || dimensionOf.containsKey(role))) {
        throw new Refusal(
            Reason.UNSUPPORTED_LAYOUT,
            String.format(
                "%s has the dimension %s of length %d beside time, level, latitude and longitude;"
                    + " select one of them before publishing",
                data.fullName(), dimension.name(), dimension.length()));
      }
      if (hasPlace) {
        dimensionOf.putIfAbsent(role, d);
      }
    }
    Optional<FileVariable> levels =
        Optional.ofNullable(dimensionOf.get(Role.LEVEL))
            .map(dimensions::get)
            .filter(dimension -> dimension.length() > 1)
            .flatMap(coordinates::of);
    return Optional.of(new Layout(data, dimensionOf, axes.get(), CfTimes.read(time.get()), levels));
  }

  /**
   * The grid of a variable, empty when it is not over latitude and longitude.
   *
   * @throws Refusal when its cells lie on the earth, but on no regular grid
   */
  static Optional<Axes> axes(FileVariable data, Coordinates coordinates)
      throws Refusal, IOException {
    Optional<FileVariable> latitude = coordinate(data, coordinates, Role.LATITUDE);
    Optional<FileVariable> longitude = coordinate(data, coordinates, Role.LONGITUDE);
    if (latitude.isPresent() && longitude.isPresent()) {
      return Optional.of(Axes.read(latitude.get(), longitude.get()));
    }
    Optional<String> irregular = coordinates.irregular(data);
    if (irregular.isPresent()) {
      throw new Refusal(
          Reason.UNSUPPORTED_GRID,
          String.format(
              "%s: %s; regrid to a regular latitude-longitude grid",
              data.fullName(), irregular.get()));
    }
    return Optional.empty();
  }

  /** The time variable of the data, its time dimension's or a scalar one. */
  static Optional<FileVariable> time(FileVariable data, Coordinates coordinates) {
    return coordinate(data, coordinates, Role.TIME).or(coordinates::scalarTime);
  }

  Axes axes() {
    return axes;
  }

  CfTimes times() {
    return times;
  }

  /**
   * The levels when there are several.
   *
   * @throws Refusal when they cannot be told apart
   */
  Optional<Levels> levels() throws Refusal, IOException {
    return levels.isPresent() ? Optional.of(Levels.read(data, levels.get())) : Optional.empty();
  }

  int length(Role role) {
    Integer d = dimensionOf.get(role);
    return d == null ? 1 : data.dimensions().get(d).length();
  }

  /** All slices of the variable, at the places that {@link #slice} names. */
  Slices read() throws IOException {
    int rows = axes.grid().rows();
    int columns = axes.grid().columns();
    int[] sliceSteps = new int[data.rank()];
    int[] cellSteps = new int[data.rank()];
    step(sliceSteps, Role.LEVEL, slice(0, 1, 0));
    step(sliceSteps, Role.TIME, slice(1, 0, 0));
    step(sliceSteps, Role.EXPVER, slice(0, 0, 1));
    step(cellSteps, Role.LATITUDE, axes.southFirst() ? -columns : columns);
    step(cellSteps, Role.LONGITUDE, axes.eastFirst() ? -1 : 1);
    int firstCell =
        (axes.southFirst() ? (rows - 1) * columns : 0) + (axes.eastFirst() ? columns - 1 : 0);
    Slices slices =
        new Slices(new Unpacking(data), slices(), rows * columns, sliceSteps, cellSteps, firstCell);
    if (data.size() > 0) {
      data.blocks(slices);
    }
    return slices;
  }

  /** How many slices there are. */
  int slices() {
    return length(Role.LEVEL) * length(Role.TIME) * length(Role.EXPVER);
  }

  /** Where a slice is found among all of them. */
  int slice(int time, int level, int expver) {
    return (level * length(Role.TIME) + time) * length(Role.EXPVER) + expver;
  }

  private void step(int[] steps, Role role, int step) {
    Integer d = dimensionOf.get(role);
    if (d != null) {
      steps[d] = step;
    }
  }

  private static Optional<FileVariable> coordinate(
      FileVariable data, Coordinates coordinates, Role role) {
    return data.dimensions().stream()
        .filter(dimension -> coordinates.role(dimension) == role)
        .findFirst()
        .flatMap(coordinates::of);
  }
}
