package etesian.ingest.wire;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import etesian.ingest.netcdf.ClassicNetcdf;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * Fields of one valid time and grid as a CF NetCDF file (64-bit offset): a part of a granule that
 * is too large for one record. Reading it gives the same fields, bit by bit.
 *
 * <ul>
 *   <li>dimensions {@code time} (one), {@code latitude} (north first), {@code longitude}
 *   <li>{@code time}: seconds since 1970, UTC, to the millisecond, in the proleptic Gregorian
 *       calendar
 *   <li>the data variables by their own names, float as the reader made them, in their own units,
 *       NaN where missing
 *   <li>{@code expver} 5 when provisional, absent when final, as ERA5 has it
 * </ul>
 *
 * The same fields always give the same bytes, so that a part is known by its hash when it is made a
 * second time: no path, no version and no clock goes into it.
 */
public final class GranuleNetcdf {
  private static final int PROVISIONAL = 0;
  private static final int EXPVER_PROVISIONAL = 5;
  private static final long HEADER_BYTES = 2048;
  private static final long VARIABLE_BYTES = 1024;

  private GranuleNetcdf() {}

  /**
   * @param fields at least one; the same grid, valid time and revision, different variables
   */
  public static byte[] write(List<Field> fields) {
    Field first = fields.get(0);
    Grid grid = first.frame().grid();
    Instant validAt = first.frame().validAt();
    Set<String> taken = new HashSet<>();
    for (Field field : fields) {
      Check.that(
          field.frame().grid().equals(grid)
              && field.frame().validAt().equals(validAt)
              && field.revision() == first.revision(),
          "one granule, two frames: %s and %s",
          first,
          field);
      taken.add(field.frame().variable().name());
    }
    Check.that(taken.size() == fields.size(), "a variable comes twice in %s", fields);
    String time = free("time", taken);
    String latitude = free("latitude", taken);
    String longitude = free("longitude", taken);
    ClassicNetcdf file =
        new ClassicNetcdf()
            .dimension(time, 1)
            .dimension(latitude, grid.rows())
            .dimension(longitude, grid.columns())
            .attribute("Conventions", "CF-1.10");
    file.variable(time, new double[] {validAt.toEpochMilli() / 1000.0}, time)
        .attribute("standard_name", "time")
        .attribute("long_name", "valid time")
        .attribute("units", "seconds since 1970-01-01 00:00:00")
        .attribute("calendar", "proleptic_gregorian")
        .attribute("axis", "T");
    file.variable(latitude, axis(grid.rows(), grid::latitude), latitude)
        .attribute("standard_name", "latitude")
        .attribute("units", "degrees_north")
        .attribute("axis", "Y");
    file.variable(longitude, axis(grid.columns(), grid::longitude), longitude)
        .attribute("standard_name", "longitude")
        .attribute("units", "degrees_east")
        .attribute("axis", "X");
    if (first.revision() == PROVISIONAL) {
      file.variable(free("expver", taken), new int[] {EXPVER_PROVISIONAL}, time)
          .attribute("long_name", "experiment version: 5 is provisional");
    }
    for (Field field : fields) {
      Variable variable = field.frame().variable();
      ClassicNetcdf.DataVariable data =
          file.variable(variable.name(), field.toArray(), time, latitude, longitude)
              .attribute("_FillValue", Float.NaN);
      optional(data, "units", variable.units());
      optional(data, "long_name", variable.longName());
      optional(data, "standard_name", variable.standardName());
    }
    return file.toBytes();
  }

  /** Not less than {@link #write} makes of these fields, in bytes. */
  public static long sizeAtMost(List<Field> fields) {
    Grid grid = fields.get(0).frame().grid();
    long bytes = HEADER_BYTES + (long) Double.BYTES * (grid.rows() + grid.columns());
    for (Field field : fields) {
      Variable v = field.frame().variable();
      long characters =
          (long) v.name().length()
              + v.units().length()
              + v.longName().length()
              + v.standardName().length();
      bytes += VARIABLE_BYTES + 3 * characters + (long) Float.BYTES * grid.cells(); // UTF-8: 3
    }
    return bytes;
  }

  /** The name, lengthened until no data variable has it. */
  private static String free(String name, Set<String> taken) {
    String free = name;
    while (taken.contains(free)) {
      free += "_";
    }
    return free;
  }

  private static void optional(ClassicNetcdf.DataVariable data, String name, String value) {
    String text = value.replace("\0", "");
    if (!text.isEmpty()) {
      data.attribute(name, text);
    }
  }

  private static double[] axis(int length, IntToDoubleFunction coordinate) {
    double[] axis = new double[length];
    Arrays.setAll(axis, coordinate);
    return axis;
  }
}
