package etesian.ops.bench;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Regrid;
import etesian.ingest.field.Variable;
import etesian.ingest.netcdf.ClassicNetcdf;
import etesian.ops.sample.SimulatedAtmosphere;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An hourly series of NetCDF files with {@code t2m, u10} and {@code v10}, packed into 16 bits as
 * the Climate Data Store did until 2024: the simulated atmosphere, bilinear in space and linear in
 * time between its six-hourly steps.
 */
final class StreamGranules {
  /** One degree, with rows on the poles. */
  static final Grid GLOBE = new Grid(181, 360, 90, 0, 1, 1);

  static final Duration STEP = Duration.ofHours(1);
  static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  static final List<Variable> VARIABLES =
      List.of(SimulatedAtmosphere.T2M, SimulatedAtmosphere.U10, SimulatedAtmosphere.V10);

  private static final Instant HOURS_SINCE = Instant.parse("1900-01-01T00:00:00Z");
  private static final short MISSING = -32767;
  private static final int LARGEST = 32766;
  private static final Origin NOWHERE = new Origin("simulated", "simulated");

  private final Grid grid;
  private final Regrid regrid; // null on the grid of the simulation
  private final SimulatedAtmosphere atmosphere = new SimulatedAtmosphere(1, START);
  private Map<Variable, float[]> before;
  private Map<Variable, float[]> after;
  private Instant next = START;

  /**
   * @param grid that of the simulation, or one around the globe
   */
  StreamGranules(Grid grid) {
    this.grid = grid;
    Grid simulated = SimulatedAtmosphere.GRID;
    this.regrid = grid.equals(simulated) ? null : Regrid.bilinear(simulated, grid);
    before = onGrid(atmosphere.next());
    after = onGrid(atmosphere.next());
  }

  /** Valid time of what the next call will give. */
  Instant nextAt() {
    return next;
  }

  /** The fields of the next hour, each of shape (rows, columns). */
  Map<Variable, float[]> nextFields() {
    long seconds = Duration.between(START, next).toSeconds() % SimulatedAtmosphere.STEP.toSeconds();
    if (seconds == 0 && next.isAfter(START)) {
      before = after;
      after = onGrid(atmosphere.next());
    }
    float share = (float) seconds / SimulatedAtmosphere.STEP.toSeconds();
    Map<Variable, float[]> fields = new LinkedHashMap<>();
    for (Variable variable : VARIABLES) {
      fields.put(variable, between(before.get(variable), after.get(variable), share));
    }
    next = next.plus(STEP);
    return fields;
  }

  /** The file of the next hour. */
  byte[] next() {
    Instant at = next;
    ClassicNetcdf file =
        new ClassicNetcdf()
            .dimension("longitude", grid.columns())
            .dimension("latitude", grid.rows())
            .dimension("time", 1)
            .attribute("Conventions", "CF-1.6")
            .attribute("title", "SIMULATED fields, not observations and not a reanalysis");
    double[] longitudes = new double[grid.columns()];
    for (int column = 0; column < longitudes.length; column++) {
      longitudes[column] = grid.longitude(column);
    }
    file.variable("longitude", longitudes, "longitude")
        .attribute("units", "degrees_east")
        .attribute("standard_name", "longitude");
    file.variable("latitude", grid.latitudes(), "latitude")
        .attribute("units", "degrees_north")
        .attribute("standard_name", "latitude");
    file.variable("time", new int[] {(int) Duration.between(HOURS_SINCE, at).toHours()}, "time")
        .attribute("units", "hours since 1900-01-01 00:00:00.0")
        .attribute("calendar", "gregorian");
    nextFields().forEach((variable, field) -> packed(file, variable, field));
    return file.toBytes();
  }

  private static void packed(ClassicNetcdf file, Variable variable, float[] field) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (float value : field) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    double offset = (most + least) / 2;
    double scale = Math.max(most - least, 1e-6) / (2.0 * LARGEST);
    short[] stored = new short[field.length];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = (short) Math.round((field[i] - offset) / scale);
    }
    file.variable(variable.name(), stored, "time", "latitude", "longitude")
        .attribute("units", variable.units())
        .attribute("long_name", variable.longName())
        .attribute("scale_factor", scale)
        .attribute("add_offset", offset)
        .attribute("_FillValue", MISSING)
        .attribute("missing_value", MISSING);
  }

  private Map<Variable, float[]> onGrid(Map<Variable, float[]> fields) {
    if (regrid == null) {
      return fields;
    }
    Map<Variable, float[]> carried = new LinkedHashMap<>();
    fields.forEach((variable, values) -> carried.put(variable, onGrid(variable, values)));
    return carried;
  }

  private float[] onGrid(Variable variable, float[] values) {
    boolean component = !variable.equals(SimulatedAtmosphere.T2M);
    Frame frame = new Frame(variable, SimulatedAtmosphere.GRID, START);
    Field field = new Field(frame, 0, NOWHERE, values);
    return (component ? regrid.ofWindComponent() : regrid).apply(field).toArray();
  }

  private static float[] between(float[] from, float[] to, float share) {
    float[] values = new float[from.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = from[i] + share * (to[i] - from[i]);
    }
    return values;
  }
}
