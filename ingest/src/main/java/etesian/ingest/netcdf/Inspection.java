package etesian.ingest.netcdf;

import etesian.ingest.field.Grid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import ucar.nc2.Dimension;
import ucar.nc2.NetcdfFile;
import ucar.nc2.Variable;

/**
 * What is in a NetCDF file, also where no field can be made of it. Plain records, ready for JSON.
 *
 * @param file its name
 * @param format as the library calls it: {@code netCDF} (classic) or {@code netCDF-4}
 * @param variables the data variables in the order of the file; coordinates are not among them
 */
public record Inspection(String file, String format, List<VariableReport> variables) {

  /**
   * One data variable, unpacked in double.
   *
   * @param units as written, empty when absent
   * @param dims names of the dimensions, slowest first
   * @param shape lengths of the dimensions as stored
   * @param storedType as NumPy names it, before unpacking: {@code int16}, {@code float32}
   * @param missing number of missing values
   * @param min smallest value; null when all are missing, as {@code max} and {@code mean}
   * @param mean plain mean over the values that are not missing
   * @param firstValid first value in stored order that is not missing, null when there is none
   * @param lastValid the last one
   * @param grid null when there is none, for {@code gridReason}
   * @param gridReason null when there is a grid
   * @param times null when there is no time, or it cannot be decoded
   * @param revisions that occur: 0 provisional, 1 final
   */
  public record VariableReport(
      String name,
      String units,
      List<String> dims,
      List<Integer> shape,
      String storedType,
      long missing,
      Double min,
      Double max,
      Double mean,
      Cell firstValid,
      Cell lastValid,
      GridReport grid,
      String gridReason,
      TimesReport times,
      List<Integer> revisions) {}

  /**
   * @param index one number a dimension, in the order of {@code dims}
   */
  public record Cell(List<Integer> index, double value) {}

  /** As {@link Grid}; all in degrees. */
  public record GridReport(
      int rows, int columns, double north, double west, double rowStep, double columnStep) {}

  /**
   * Times decoded as labelled, {@code 1950-01-01 00:00:00}, UTC.
   *
   * @param calendar as labelled, null when the file names none
   * @param readAs null unless the reader overrules the label
   */
  public record TimesReport(int count, String first, String last, String calendar, ReadAs readAs) {}

  /** Times as the reader takes them where the label contradicts the data. */
  public record ReadAs(String calendar, String first, String last) {}

  /**
   * @throws Refusal when the file is not NetCDF or damaged
   */
  public static Inspection of(Path file) throws IOException, Refusal {
    return of(Files.readAllBytes(file), String.valueOf(file.getFileName()));
  }

  /**
   * @param name for messages
   * @throws Refusal when the bytes are not NetCDF or damaged
   */
  public static Inspection of(byte[] bytes, String name) throws Refusal {
    return OpenFile.with(bytes, name, Limits.DEFAULT, file -> of(file, name));
  }

  private static Inspection of(NetcdfFile file, String name) throws Refusal, IOException {
    Coordinates coordinates = new Coordinates(file);
    Limits.DEFAULT.check(coordinates.data(), name);
    List<VariableReport> variables = new ArrayList<>();
    for (Variable data : coordinates.data()) {
      variables.add(report(data, coordinates));
    }
    return new Inspection(name, file.getFileTypeId(), List.copyOf(variables));
  }

  private static VariableReport report(Variable data, Coordinates coordinates) throws IOException {
    GridReport grid = null;
    String gridReason = null;
    try {
      grid = Layout.axes(data, coordinates).map(Inspection::report).orElse(null);
      gridReason = grid == null ? "not over latitude and longitude" : null;
    } catch (Refusal refusal) {
      gridReason = refusal.getMessage();
    }
    Statistics statistics = Statistics.of(Values.read(data));
    boolean any = statistics.count() > 0;
    return new VariableReport(
        data.getFullName(),
        Attributes.text(data, "units"),
        data.getDimensions().stream().map(Inspection::name).toList(),
        Arrays.stream(data.getShape()).boxed().toList(),
        Values.storedType(data),
        statistics.missing(),
        any ? statistics.min() : null,
        any ? statistics.max() : null,
        any ? statistics.mean() : null,
        any ? cell(data, statistics.firstIndex(), statistics.firstValue()) : null,
        any ? cell(data, statistics.lastIndex(), statistics.lastValue()) : null,
        grid,
        gridReason,
        times(data, coordinates),
        revisions(coordinates));
  }

  private static String name(Dimension dimension) {
    return String.valueOf(dimension.getShortName());
  }

  private static GridReport report(Axes axes) {
    Grid grid = axes.grid();
    return new GridReport(
        grid.rows(),
        grid.columns(),
        grid.northDegrees(),
        grid.westDegrees(),
        grid.rowStepDegrees(),
        grid.columnStepDegrees());
  }

  private static Cell cell(Variable data, int position, double value) {
    Integer[] index = new Integer[data.getRank()];
    int rest = position;
    for (int d = data.getRank() - 1; d >= 0; d--) {
      index[d] = rest % data.getShape(d);
      rest /= data.getShape(d);
    }
    return new Cell(List.of(index), value);
  }

  private static TimesReport times(Variable data, Coordinates coordinates) throws IOException {
    Optional<Variable> time = Layout.time(data, coordinates);
    if (time.isEmpty() || time.get().getSize() == 0) {
      return null;
    }
    try {
      CfTimes times = CfTimes.read(time.get());
      int last = times.count() - 1;
      return new TimesReport(
          times.count(),
          times.labelled(0).toString(),
          times.labelled(last).toString(),
          times.label().isEmpty() ? null : times.label(),
          times.isOverruled()
              ? new ReadAs("standard", times.read(0).toString(), times.read(last).toString())
              : null);
    } catch (Refusal refusal) {
      return null; // times that cannot be decoded are no times; the reader says why
    }
  }

  private static List<Integer> revisions(Coordinates coordinates) throws IOException {
    Optional<Variable> expver = coordinates.expver();
    if (expver.isEmpty()) {
      return List.of(Revisions.FINAL);
    }
    TreeSet<Integer> distinct = new TreeSet<>();
    for (int revision : Revisions.of(expver.get())) {
      distinct.add(revision);
    }
    return List.copyOf(distinct);
  }
}
