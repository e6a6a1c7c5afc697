package etesian.ingest.netcdf;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads NetCDF files of ERA5 (both Copernicus layouts), ERSST, OISST and what resembles them into
 * {@link Field}s; {@code docs/data.md} lists what is read and what is refused. Works in memory;
 * holds no state, so that threads may share it.
 */
public final class GranuleReader {
  private final Limits limits;
  private final boolean acceptModelCalendars;

  public GranuleReader() {
    this(Limits.DEFAULT);
  }

  public GranuleReader(Limits limits) {
    this(limits, false);
  }

  /**
   * @param acceptModelCalendars whether the dates of noleap, 360_day and all_leap calendars are
   *     taken as the same dates of this world; those that it does not have are left out
   */
  public GranuleReader(Limits limits, boolean acceptModelCalendars) {
    this.limits = limits;
    this.acceptModelCalendars = acceptModelCalendars;
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
    return read(ByteBuffer.wrap(bytes), name, origin);
  }

  static ByteBuffer mapped(Path file, Limits limits) throws IOException, Refusal {
    try (FileChannel channel = FileChannel.open(file)) {
      limits.checkBytes(channel.size(), String.valueOf(file.getFileName()));
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private Granule read(ByteBuffer bytes, String name, Origin origin) throws Refusal {
    if (!Signature.isZip(bytes)) {
      return OpenFile.with(bytes, name, limits, file -> read(file, name, origin));
    }
    List<Field> fields = new ArrayList<>();
    Set<String> notes = new LinkedHashSet<>();
    Refusal first = null;
    for (ZipMembers.Member member : ZipMembers.of(bytes, name, limits)) {
      try {
        Granule granule =
            OpenFile.with(
                member.bytes(), member.name(), limits, file -> read(file, member.name(), origin));
        fields.addAll(granule.fields());
        notes.addAll(granule.notes());
      } catch (Refusal refusal) {
        notes.add(refusal.getMessage());
        first = first == null ? refusal : first;
      }
    }
    return granule(name, fields, notes, first);
  }

  private Granule read(DataFile file, String name, Origin origin) throws Refusal, IOException {
    Coordinates coordinates = new Coordinates(file);
    List<Field> fields = new ArrayList<>();
    Set<String> notes = new LinkedHashSet<>();
    Refusal first = null;
    for (FileVariable data : coordinates.data()) {
      try {
        Optional<Layout> layout = Layout.of(data, coordinates);
        if (layout.isPresent()) {
          limits.checkFields(fields.size() + (long) layout.get().slices(), name);
          fields.addAll(fields(data, layout.get(), coordinates, origin, notes));
        } else {
          notes.add(coordinates.absent(data) + "; left out");
        }
      } catch (Refusal refusal) {
        notes.add(refusal.getMessage());
        first = first == null ? refusal : first;
      }
    }
    return granule(name, fields, notes, first);
  }

  private List<Field> fields(
      FileVariable data, Layout layout, Coordinates coordinates, Origin origin, Set<String> notes)
      throws IOException, Refusal {
    List<Optional<Instant>> times = layout.times().instants(acceptModelCalendars);
    layout.times().note().ifPresent(notes::add);
    int[] expver = coordinates.revisions();
    Slices slices = layout.read();
    String units = SeaLevelPressure.units(data, slices.sample(), notes);
    List<Variable> variables = variables(data, layout, units);
    List<Field> fields = new ArrayList<>();
    for (int level = 0; level < variables.size(); level++) {
      for (int time = 0; time < times.size(); time++) {
        if (times.get(time).isEmpty()) {
          notes.add(
              String.format(
                  "%s: %s is no date of this world; left out", data, layout.times().read(time)));
          continue;
        }
        Frame frame =
            new Frame(variables.get(level), layout.axes().grid(), times.get(time).orElseThrow());
        if (layout.length(Role.EXPVER) > 1) {
          fields.add(merged(frame, layout, slices, time, level, expver, origin));
        } else {
          float[] cells = slices.cells(layout.slice(time, level, 0));
          int revision = expver[expver.length == times.size() ? time : 0];
          fields.add(Field.taking(frame, revision, origin, cells));
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
      Frame frame, Layout layout, Slices slices, int time, int level, int[] expver, Origin origin) {
    Field best = null;
    for (int e = 0; e < layout.length(Role.EXPVER); e++) {
      int revision = e < expver.length ? expver[e] : Revisions.FINAL;
      float[] cells = slices.cells(layout.slice(time, level, e));
      Field candidate = Field.taking(frame, revision, origin, cells);
      boolean empty = candidate.missing() == frame.grid().cells();
      boolean bestIsEmpty = best == null || best.missing() == frame.grid().cells();
      boolean better =
          empty == bestIsEmpty ? best == null || revision > best.revision() : bestIsEmpty;
      best = better ? candidate : best;
    }
    return best;
  }

  /** One variable a level. */
  private static List<Variable> variables(FileVariable data, Layout layout, String units)
      throws IOException, Refusal {
    String standardName = Attributes.text(data, "standard_name");
    Variable plain =
        new Variable(
            data.fullName().replace('/', '_'), // a variable within a group
            units,
            Attributes.text(data, "long_name"),
            standardName.equals("unknown") ? "" : standardName); // as CDS fills it
    int count = layout.length(Role.LEVEL);
    if (count == 1) {
      return List.of(plain);
    }
    Levels levels = layout.levels().orElseThrow();
    List<Variable> variables = new ArrayList<>();
    for (String level : levels.names()) {
      variables.add(
          new Variable(
              plain.name() + "_" + level,
              plain.units(),
              (plain.longName() + " at " + level + " " + levels.units()).strip(),
              plain.standardName()));
    }
    return variables;
  }

  private static Granule granule(String name, List<Field> fields, Set<String> notes, Refusal first)
      throws Refusal {
    if (fields.isEmpty() && first != null) {
      throw new Refusal(first.reason(), name + ": " + first.getMessage(), first);
    }
    if (fields.isEmpty()) {
      String found = notes.isEmpty() ? "it has no data variable" : String.join("; ", notes);
      throw new Refusal(
          Reason.NO_FIELDS,
          name + " holds no variable over time, latitude and longitude: " + found);
    }
    fields.sort(
        Comparator.comparing((Field field) -> field.frame().variable().name())
            .thenComparing(field -> field.frame().validAt()));
    return new Granule(fields, List.copyOf(notes));
  }
}
