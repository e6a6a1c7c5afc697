package etesian.ingest.netcdf;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import ucar.nc2.NetcdfFile;

/**
 * Reads NetCDF-3 and NetCDF-4 files of ERA5 (both Copernicus layouts), ERSST, OISST and what
 * resembles them into {@link Field}s; {@code docs/data.md} lists what is read and what is refused.
 * Works in memory; holds no state, so that threads may share it.
 */
public final class GranuleReader {
  private final Limits limits;

  public GranuleReader() {
    this(Limits.DEFAULT);
  }

  public GranuleReader(Limits limits) {
    this.limits = limits;
  }

  /**
   * Every variable over time, latitude and longitude as fields; a variable on several levels gives
   * one field variable a level ({@code t_500}), a variable of one level keeps its name.
   *
   * @param bytes the whole file, not changed
   * @param name for messages
   * @param origin given to each field
   * @throws Refusal when the file holds no field that can be read; nothing else is thrown for bad
   *     input
   */
  public Granule read(byte[] bytes, String name, Origin origin) throws Refusal {
    return OpenFile.with(bytes, name, limits, file -> read(file, name, origin));
  }

  private Granule read(NetcdfFile file, String name, Origin origin) throws Refusal, IOException {
    Coordinates coordinates = new Coordinates(file);
    limits.check(coordinates.data(), name);
    List<Field> fields = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Refusal firstRefusal = null;
    for (ucar.nc2.Variable data : coordinates.data()) {
      try {
        Optional<Layout> layout = Layout.of(data, coordinates);
        if (layout.isEmpty()) {
          notes.add(data.getFullName() + " is not over time, latitude and longitude; left out");
          continue;
        }
        List<Instant> times = layout.get().times().instants();
        layout.get().times().note().filter(note -> !notes.contains(note)).ifPresent(notes::add);
        fields.addAll(fields(data, layout.get(), times, coordinates, origin));
      } catch (Refusal refusal) {
        notes.add(refusal.getMessage());
        firstRefusal = firstRefusal == null ? refusal : firstRefusal;
      }
    }
    if (fields.isEmpty()) {
      throw refusal(name, notes, firstRefusal);
    }
    fields.sort(
        Comparator.comparing((Field field) -> field.frame().variable().name())
            .thenComparing(field -> field.frame().validAt()));
    return new Granule(fields, notes);
  }

  private static List<Field> fields(
      ucar.nc2.Variable data,
      Layout layout,
      List<Instant> times,
      Coordinates coordinates,
      Origin origin)
      throws IOException {
    Values values = Values.read(data);
    List<Variable> variables = variables(data, layout);
    int[] expver = {Revisions.FINAL};
    Optional<ucar.nc2.Variable> expverVariable = coordinates.expver();
    if (expverVariable.isPresent()) {
      expver = Revisions.of(expverVariable.get());
    }
    boolean expverIsDimension = layout.length(Role.EXPVER) > 1;
    List<Field> fields = new ArrayList<>();
    for (int level = 0; level < variables.size(); level++) {
      for (int time = 0; time < times.size(); time++) {
        Frame frame = new Frame(variables.get(level), layout.axes().grid(), times.get(time));
        if (expverIsDimension) {
          fields.add(merged(frame, layout, values, time, level, expver, origin));
        } else {
          float[] cells = layout.cells(values, layout.begin(time, level, 0));
          int revision = expver[expver.length == times.size() ? time : 0];
          fields.add(new Field(frame, revision, origin, cells));
        }
      }
    }
    return fields;
  }

  /**
   * Final and provisional values side by side: each time is filled in one of them. The final one is
   * taken where it holds anything.
   */
  private static Field merged(
      Frame frame, Layout layout, Values values, int time, int level, int[] expver, Origin origin) {
    Field best = null;
    for (int e = 0; e < layout.length(Role.EXPVER); e++) {
      int revision = e < expver.length ? expver[e] : Revisions.FINAL;
      Field candidate =
          new Field(frame, revision, origin, layout.cells(values, layout.begin(time, level, e)));
      boolean empty = candidate.missing() == frame.grid().cells();
      boolean bestIsEmpty = best == null || best.missing() == frame.grid().cells();
      boolean better =
          empty == bestIsEmpty ? best == null || revision > best.revision() : bestIsEmpty;
      best = better ? candidate : best;
    }
    return best;
  }

  /** One variable a level. */
  private static List<Variable> variables(ucar.nc2.Variable data, Layout layout)
      throws IOException {
    String standardName = Attributes.text(data, "standard_name");
    Variable plain =
        new Variable(
            data.getFullName().replace('/', '_'), // a variable within a group
            Attributes.text(data, "units"),
            Attributes.text(data, "long_name"),
            standardName.equals("unknown") ? "" : standardName); // as CDS fills it
    int count = layout.length(Role.LEVEL);
    if (count == 1) {
      return List.of(plain);
    }
    ucar.nc2.Variable levels = layout.levels().orElseThrow();
    boolean pascals = Attributes.text(levels, "units").equals("Pa");
    double[] values = Values.read(levels).toArray();
    String units = pascals ? "hPa" : Attributes.text(levels, "units");
    List<Variable> variables = new ArrayList<>();
    for (double value : values) {
      String level = plainNumber(pascals ? value / 100 : value);
      variables.add(
          new Variable(
              plain.name() + "_" + level,
              plain.units(),
              (plain.longName() + " at " + level + " " + units).strip(),
              plain.standardName()));
    }
    return variables;
  }

  private static String plainNumber(double value) {
    return new BigDecimal(value, MathContext.DECIMAL32).stripTrailingZeros().toPlainString();
  }

  private static Refusal refusal(String name, List<String> notes, Refusal first) {
    if (first != null) {
      return new Refusal(first.reason(), name + ": " + first.getMessage(), first);
    }
    String found = notes.isEmpty() ? "it has no data variable" : String.join("; ", notes);
    return new Refusal(
        Reason.NO_FIELDS, name + " holds no variable over time, latitude and longitude: " + found);
  }
}
