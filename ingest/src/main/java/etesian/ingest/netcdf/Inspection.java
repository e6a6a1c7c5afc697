package etesian.ingest.netcdf;

import etesian.ingest.field.Grid;
import etesian.ingest.field.Units;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What is in a NetCDF file, also where no field can be made of it. Plain records, ready for JSON.
 *
 * @param file its name
 * @param format {@code NetCDF-3 classic}, {@code NetCDF-3 64-bit offset}, {@code NetCDF CDF-5} or
 *     {@code NetCDF-4}; {@code ZIP of} one of them for an archive
 * @param variables the data variables in the order of the file; coordinates are not among them
 * @param notes why members of an archive are left out
 */
public record Inspection(
    String file, String format, List<VariableReport> variables, List<String> notes) {

  /**
   * One data variable, unpacked in double.
   *
   * @param units as written, empty when absent
   * @param canonicalUnits in the one spelling that producers share
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
   * @param leftOut why the reader makes no fields of it, null when it does
   */
  public record VariableReport(
      String name,
      String units,
      String canonicalUnits,
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
      List<Integer> revisions,
      String leftOut) {}

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
    return of(
        GranuleReader.mapped(file, Limits.DEFAULT),
        String.valueOf(file.getFileName()),
        Limits.DEFAULT);
  }

  /**
   * @param name for messages
   * @throws Refusal when the bytes are not NetCDF or damaged
   */
  public static Inspection of(byte[] bytes, String name) throws Refusal {
    return of(ByteBuffer.wrap(bytes), name, Limits.DEFAULT);
  }

  static Inspection of(ByteBuffer bytes, String name, Limits limits) throws Refusal {
    if (!Signature.isZip(bytes)) {
      return OpenFile.with(bytes, name, limits, file -> of(file, name));
    }
    String format = "nothing";
    List<VariableReport> variables = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Refusal first = null;
    for (ZipMembers.Member member : ZipMembers.of(bytes, name, limits)) {
      try {
        Inspection inside =
            OpenFile.with(member.bytes(), member.name(), limits, file -> of(file, member.name()));
        format = inside.format();
        variables.addAll(inside.variables());
      } catch (Refusal refusal) {
        notes.add(refusal.getMessage());
        first = first == null ? refusal : first;
      }
    }
    if (first != null && variables.isEmpty()) {
      throw first;
    }
    return new Inspection(name, "ZIP of " + format, List.copyOf(variables), List.copyOf(notes));
  }

  private static Inspection of(DataFile file, String name) throws Refusal, IOException {
    Coordinates coordinates = new Coordinates(file);
    List<VariableReport> variables = new ArrayList<>();
    for (FileVariable data : coordinates.data()) {
      variables.add(report(data, coordinates));
    }
    return new Inspection(name, file.format(), List.copyOf(variables), List.of());
  }

  private static VariableReport report(FileVariable data, Coordinates coordinates)
      throws IOException {
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
        data.fullName(),
        Attributes.text(data, "units"),
        Units.canonical(Attributes.text(data, "units")),
        data.dimensions().stream().map(FileVariable.FileDimension::name).toList(),
        Arrays.stream(data.shape()).boxed().toList(),
        data.storedType().toString(),
        statistics.missing(),
        any ? statistics.min() : null,
        any ? statistics.max() : null,
        any ? statistics.mean() : null,
        any ? cell(data, statistics.firstIndex(), statistics.firstValue()) : null,
        any ? cell(data, statistics.lastIndex(), statistics.lastValue()) : null,
        grid,
        gridReason,
        times(data, coordinates),
        revisions(coordinates),
        leftOut(data, coordinates));
  }

  private static String leftOut(FileVariable data, Coordinates coordinates) throws IOException {
    try {
      Optional<Layout> layout = Layout.of(data, coordinates);
      if (layout.isEmpty()) {
        return coordinates.absent(data);
      }
      layout.get().times().instants(false);
      layout.get().levels();
      return null;
    } catch (Refusal refusal) {
      return refusal.getMessage();
    }
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

  private static Cell cell(FileVariable data, int position, double value) {
    Integer[] index = new Integer[data.rank()];
    int rest = position;
    for (int d = data.rank() - 1; d >= 0; d--) {
      int length = data.dimensions().get(d).length();
      index[d] = rest % length;
      rest /= length;
    }
    return new Cell(List.of(index), value);
  }

  private static TimesReport times(FileVariable data, Coordinates coordinates) throws IOException {
    Optional<FileVariable> time = Layout.time(data, coordinates);
    if (time.isEmpty() || time.get().size() == 0) {
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
      return null; // times that cannot be decoded are no times; leftOut says why
    }
  }

  private static List<Integer> revisions(Coordinates coordinates) throws IOException {
    TreeSet<Integer> distinct = new TreeSet<>();
    for (int revision : coordinates.revisions()) {
      distinct.add(revision);
    }
    return List.copyOf(distinct);
  }
}
