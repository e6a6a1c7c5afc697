package etesian.ops.sample;

import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import etesian.ingest.netcdf.ClassicNetcdf;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The two ways in which the Copernicus Climate Data Store lays out a NetCDF file. */
enum CopernicusLayout {
  /** Until 2024: {@code time} in hours since 1900, values packed into 16 bits. */
  LEGACY {
    @Override
    byte[] write(Grid grid, List<Instant> at, Map<Variable, List<float[]>> values) {
      ClassicNetcdf file = file("CF-1.6", grid, "time", at.size());
      int[] hours = new int[at.size()];
      for (int i = 0; i < hours.length; i++) {
        hours[i] = (int) Duration.between(HOURS_SINCE, at.get(i)).toHours();
      }
      file.variable("time", hours, "time")
          .attribute("units", "hours since 1900-01-01 00:00:00.0")
          .attribute("long_name", "time")
          .attribute("calendar", "gregorian");
      values.forEach((variable, fields) -> packed(file, variable, join(fields)));
      return file.toBytes();
    }

    private void packed(ClassicNetcdf file, Variable variable, float[] cells) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (float cell : cells) {
        if (!Float.isNaN(cell)) {
          least = Math.min(least, cell);
          most = Math.max(most, cell);
        }
      }
      double offset = most >= least ? (most + least) / 2 : 0;
      double scale = most > least ? (most - least) / (2.0 * LARGEST) : 1;
      short[] stored = new short[cells.length];
      for (int i = 0; i < cells.length; i++) {
        stored[i] =
            Float.isNaN(cells[i]) ? MISSING : (short) Math.round((cells[i] - offset) / scale);
      }
      describe(file.variable(variable.name(), stored, "time", "latitude", "longitude"), variable)
          .attribute("scale_factor", scale)
          .attribute("add_offset", offset)
          .attribute("_FillValue", MISSING)
          .attribute("missing_value", MISSING);
    }
  },

  /** Since 2024: {@code valid_time} in seconds since 1970, floats, NaN where missing. */
  PRESENT {
    @Override
    byte[] write(Grid grid, List<Instant> at, Map<Variable, List<float[]>> values) {
      ClassicNetcdf file = file("CF-1.7", grid, "valid_time", at.size());
      file.dimension("string4", EXPVER.length());
      file.variable("number", new int[] {0})
          .attribute("long_name", "ensemble member numerical id")
          .attribute("units", "1")
          .attribute("standard_name", "realization");
      // 64-bit integers in the original, which classic NetCDF lacks; doubles hold them exactly
      file.variable(
              "valid_time",
              at.stream().mapToDouble(Instant::getEpochSecond).toArray(),
              "valid_time")
          .attribute("long_name", "time")
          .attribute("standard_name", "time")
          .attribute("units", "seconds since 1970-01-01")
          .attribute("calendar", "proleptic_gregorian");
      file.variable("expver", EXPVER.repeat(at.size()).toCharArray(), "valid_time", "string4");
      values.forEach(
          (variable, fields) ->
              describe(
                      file.variable(
                          variable.name(), join(fields), "valid_time", "latitude", "longitude"),
                      variable)
                  .attribute("standard_name", "unknown")
                  .attribute("_FillValue", Float.NaN)
                  .attribute("coordinates", "number valid_time latitude longitude expver"));
      return file.toBytes();
    }
  };

  private static final Instant HOURS_SINCE = Instant.parse("1900-01-01T00:00:00Z");
  private static final short MISSING = -32767;
  private static final int LARGEST = 32766;
  private static final String EXPVER = "0001";

  /**
   * A file with one variable of shape (times, rows, columns) for each entry.
   *
   * @param at the valid times, ascending
   * @param values for each variable its fields, shape (rows, columns), NaN where missing
   */
  abstract byte[] write(Grid grid, List<Instant> at, Map<Variable, List<float[]>> values);

  private static ClassicNetcdf file(String conventions, Grid grid, String time, int times) {
    ClassicNetcdf file =
        new ClassicNetcdf()
            .dimension("longitude", grid.columns())
            .dimension("latitude", grid.rows())
            .dimension(time, times)
            .attribute("Conventions", conventions)
            .attribute("title", "SIMULATED fields, not observations and not a reanalysis")
            .attribute("source", "etesian simulated world")
            .attribute("institution", "none: made by a program for demonstration and tests");
    double[] longitudes = new double[grid.columns()];
    for (int column = 0; column < longitudes.length; column++) {
      longitudes[column] = grid.longitude(column);
    }
    double[] latitudes = new double[grid.rows()];
    for (int row = 0; row < latitudes.length; row++) {
      latitudes[row] = grid.latitude(row);
    }
    file.variable("longitude", longitudes, "longitude")
        .attribute("units", "degrees_east")
        .attribute("long_name", "longitude")
        .attribute("standard_name", "longitude");
    file.variable("latitude", latitudes, "latitude")
        .attribute("units", "degrees_north")
        .attribute("long_name", "latitude")
        .attribute("standard_name", "latitude");
    return file;
  }

  private static ClassicNetcdf.DataVariable describe(
      ClassicNetcdf.DataVariable stored, Variable variable) {
    return stored.attribute("units", variable.units()).attribute("long_name", variable.longName());
  }

  private static float[] join(List<float[]> fields) {
    int cells = fields.get(0).length;
    float[] all = new float[fields.size() * cells];
    for (int i = 0; i < fields.size(); i++) {
      System.arraycopy(fields.get(i), 0, all, i * cells, cells);
    }
    return all;
  }
}
