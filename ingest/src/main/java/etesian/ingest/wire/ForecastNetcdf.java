package etesian.ingest.wire;

import etesian.ingest.field.Ensemble;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.netcdf.ClassicNetcdf;
import etesian.ingest.netcdf.Limits;
import etesian.ingest.netcdf.OpenFile;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import ucar.nc2.Attribute;
import ucar.nc2.NetcdfFile;

/**
 * A forecast as CF NetCDF, the value of the forecast topic: any NetCDF library opens it.
 *
 * <ul>
 *   <li>dimensions {@code lead}, {@code latitude} (north first), {@code longitude} (eastwards)
 *   <li>the data variable by its own name, float, in its own unit, NaN where missing
 *   <li>{@code forecast_reference_time}, {@code valid_time(lead)}: seconds since 1970, UTC; {@code
 *       forecast_period(lead)}: hours; {@code step(lead)}: steps of the stream
 *   <li>{@code geospatial_lat_resolution} where the rows of the grid are evenly spaced
 *   <li>of an ensemble the mean in the data variable, the standard deviation in {@code
 *       <variable>_spread}, {@code <variable>_quantile(lead, quantile, latitude, longitude)} where
 *       quantiles were asked for, and {@code <variable>_member(lead, realization, latitude,
 *       longitude)} where every step has its members
 *   <li>provenance as global attributes {@code etesian_*}, discovery by ACDD 1.3; {@code
 *       etesian_supersedes_revision} where an older revision issued these leads
 * </ul>
 *
 * Times are kept to the millisecond.
 */
public final class ForecastNetcdf {
  private static final String SECONDS = "seconds since 1970-01-01 00:00:00";
  private static final String ROW_STEP = "geospatial_lat_resolution";
  private static final String SUPERSEDES = "etesian_supersedes_revision";
  private static final String MEMBERS = "etesian_members";
  private static final String CELL_METHODS = "cell_methods";
  private static final String CALENDAR = "proleptic_gregorian";

  private ForecastNetcdf() {}

  /**
   * @param codeVersion of the code that made the forecast, see {@link CodeVersion}
   * @param created when it was made
   */
  public static byte[] write(Forecast forecast, String codeVersion, Instant created) {
    Grid grid = forecast.grid();
    int leads = forecast.steps().size();
    ClassicNetcdf file =
        new ClassicNetcdf()
            .dimension("lead", leads)
            .dimension("latitude", grid.rows())
            .dimension("longitude", grid.columns());
    describe(file, forecast, codeVersion, created);

    file.variable("forecast_reference_time", new double[] {seconds(forecast.issueTime())})
        .attribute("standard_name", "forecast_reference_time")
        .attribute("long_name", "time of the newest input")
        .attribute("units", SECONDS)
        .attribute("calendar", CALENDAR);
    double[] validTimes = new double[leads];
    double[] hours = new double[leads];
    int[] steps = new int[leads];
    for (int i = 0; i < leads; i++) {
      Forecast.Step step = forecast.steps().get(i);
      validTimes[i] = seconds(step.validAt());
      hours[i] = Duration.between(forecast.issueTime(), step.validAt()).toMillis() / 3_600_000.0;
      steps[i] = step.lead();
    }
    file.variable("valid_time", validTimes, "lead")
        .attribute("standard_name", "time")
        .attribute("long_name", "time that the values are for")
        .attribute("units", SECONDS)
        .attribute("calendar", CALENDAR);
    file.variable("forecast_period", hours, "lead")
        .attribute("standard_name", "forecast_period")
        .attribute("long_name", "time since the newest input")
        .attribute("units", "hours");
    file.variable("step", steps, "lead")
        .attribute("long_name", "number of steps of the stream since the newest input")
        .attribute("units", "1");
    file.variable("latitude", axis(grid.rows(), grid::latitude), "latitude")
        .attribute("standard_name", "latitude")
        .attribute("units", "degrees_north")
        .attribute("axis", "Y");
    file.variable("longitude", axis(grid.columns(), grid::longitude), "longitude")
        .attribute("standard_name", "longitude")
        .attribute("units", "degrees_east")
        .attribute("axis", "X");

    String name = forecast.variable().name();
    float[] values = layers(forecast, step -> List.of(step.values()));
    ClassicNetcdf.DataVariable data =
        data(file, name, values, forecast.variable(), "", "lead", "latitude", "longitude");
    if (forecast.ensemble() != null) {
      data.attribute(CELL_METHODS, "realization: mean")
          .attribute("ancillary_variables", spread(name));
      writeEnsemble(file, forecast);
    }
    return file.toBytes();
  }

  private static void writeEnsemble(ClassicNetcdf file, Forecast forecast) {
    Ensemble ensemble = forecast.ensemble();
    Variable variable = forecast.variable();
    String of = " of " + ensemble.size() + " members: ";
    float[] spreads = layers(forecast, step -> List.of(step.ensemble().spread()));
    data(
            file,
            spread(variable.name()),
            spreads,
            variable,
            "standard deviation" + of,
            "lead",
            "latitude",
            "longitude")
        .attribute(CELL_METHODS, "realization: standard_deviation");
    if (!ensemble.quantiles().isEmpty()) {
      double[] probabilities =
          ensemble.probabilities().stream().mapToDouble(Double::doubleValue).toArray();
      file.dimension("quantile", probabilities.length);
      file.variable("quantile", probabilities, "quantile")
          .attribute("long_name", "share of the members at or below the value")
          .attribute("units", "1");
      float[] quantiles =
          layers(
              forecast,
              step -> step.ensemble().quantiles().stream().map(Ensemble.Quantile::values).toList());
      data(
          file,
          quantile(variable.name()),
          quantiles,
          variable,
          "quantiles" + of,
          "lead",
          "quantile",
          "latitude",
          "longitude");
    }
    if (forecast.steps().stream().allMatch(step -> step.ensemble().hasMembers())) {
      int[] numbers = new int[ensemble.size()];
      Arrays.setAll(numbers, i -> i);
      file.dimension("realization", numbers.length);
      file.variable("realization", numbers, "realization")
          .attribute("standard_name", "realization")
          .attribute("long_name", "number of the member, 0 is the unperturbed one")
          .attribute("units", "1");
      float[] members = layers(forecast, step -> step.ensemble().members());
      data(
          file,
          member(variable.name()),
          members,
          variable,
          "each" + of,
          "lead",
          "realization",
          "latitude",
          "longitude");
    }
  }

  /** A variable in the unit of the forecast one. */
  private static ClassicNetcdf.DataVariable data(
      ClassicNetcdf file,
      String name,
      float[] values,
      Variable variable,
      String what,
      String... over) {
    ClassicNetcdf.DataVariable data =
        file.variable(name, values, over)
            .attribute("_FillValue", Float.NaN)
            .attribute("coordinates", "forecast_reference_time valid_time forecast_period step");
    String longName = variable.longName();
    optional(data, "units", variable.units());
    if (what.isEmpty()) {
      optional(data, "long_name", longName);
    } else {
      data.attribute("long_name", what + (longName.isEmpty() ? variable.name() : longName));
    }
    optional(data, "standard_name", variable.standardName());
    return data;
  }

  /** Fields of every step, one after another. */
  private static float[] layers(Forecast forecast, Function<Forecast.Step, List<float[]>> of) {
    int cells = forecast.grid().cells();
    int each = Math.multiplyExact(of.apply(forecast.steps().get(0)).size(), cells);
    float[] all = new float[Math.multiplyExact(forecast.steps().size(), each)];
    int at = 0;
    for (Forecast.Step step : forecast.steps()) {
      for (float[] layer : of.apply(step)) {
        System.arraycopy(layer, 0, all, at, cells);
        at += cells;
      }
    }
    return all;
  }

  private static String spread(String variable) {
    return variable + "_spread";
  }

  private static String quantile(String variable) {
    return variable + "_quantile";
  }

  private static String member(String variable) {
    return variable + "_member";
  }

  /**
   * @throws Refusal when the bytes are not a forecast that {@link #write} made
   */
  public static Forecast read(byte[] bytes) throws Refusal {
    return OpenFile.with(bytes, "forecast", Limits.DEFAULT, ForecastNetcdf::read);
  }

  private static Forecast read(NetcdfFile file) throws Refusal, IOException {
    String name = text(file, "etesian_variable");
    ucar.nc2.Variable data = variable(file, name);
    double[] latitudes = doubles(file, "latitude");
    double[] longitudes = doubles(file, "longitude");
    double columnStep = number(file, "geospatial_lon_resolution").doubleValue();
    Grid grid =
        file.findGlobalAttribute(ROW_STEP) == null
            ? Grid.ofRows(latitudes, longitudes.length, longitudes[0], columnStep)
            : new Grid(
                latitudes.length,
                longitudes.length,
                latitudes[0],
                longitudes[0],
                number(file, ROW_STEP).doubleValue(),
                columnStep);
    double[] steps = doubles(file, "step");
    double[] validTimes = doubles(file, "valid_time");
    List<List<float[]>> values = readLayers(data, grid.cells());
    List<Ensemble> ensembles = readEnsembles(file, name, steps.length, grid.cells());
    List<Forecast.Step> leads = new ArrayList<>();
    for (int i = 0; i < steps.length; i++) {
      leads.add(
          new Forecast.Step(
              (int) steps[i],
              instant(validTimes[i]),
              values.get(i).get(0),
              ensembles.isEmpty() ? null : ensembles.get(i)));
    }
    List<Origin> inputs = new ArrayList<>();
    for (String line : text(file, "etesian_inputs").lines().toList()) {
      int space = line.indexOf(' ');
      if (space >= 0) {
        inputs.add(new Origin(line.substring(0, space), line.substring(space + 1)));
      }
    }
    return new Forecast(
        text(file, "etesian_stream"),
        new Variable(
            name,
            text(data.findAttribute("units")),
            text(data.findAttribute("long_name")),
            text(data.findAttribute("standard_name"))),
        grid,
        instant(doubles(file, "forecast_reference_time")[0]),
        number(file, "etesian_revision").intValue(),
        file.findGlobalAttribute(SUPERSEDES) == null
            ? Forecast.NOTHING
            : number(file, SUPERSEDES).intValue(),
        leads,
        text(file, "etesian_model"),
        text(file, "etesian_weights_sha256"),
        inputs);
  }

  /** One for each step, or none at all. */
  private static List<Ensemble> readEnsembles(NetcdfFile file, String name, int steps, int cells)
      throws Refusal, IOException {
    if (file.findGlobalAttribute(MEMBERS) == null) {
      return List.of();
    }
    int size = number(file, MEMBERS).intValue();
    List<List<float[]>> spreads = readLayers(variable(file, spread(name)), cells);
    boolean quantified = file.getRootGroup().findVariable(quantile(name)) != null;
    double[] probabilities = quantified ? doubles(file, "quantile") : new double[0];
    List<List<float[]>> values =
        quantified ? readLayers(variable(file, quantile(name)), cells) : List.of();
    ucar.nc2.Variable kept = file.getRootGroup().findVariable(member(name));
    List<List<float[]>> members = kept == null ? List.of() : readLayers(kept, cells);
    List<Ensemble> ensembles = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      List<Ensemble.Quantile> quantiles = new ArrayList<>();
      for (int k = 0; k < probabilities.length; k++) {
        quantiles.add(new Ensemble.Quantile(probabilities[k], values.get(i).get(k)));
      }
      ensembles.add(
          new Ensemble(
              size, spreads.get(i).get(0), quantiles, kept == null ? List.of() : members.get(i)));
    }
    return ensembles;
  }

  /** The fields of each step: the first dimension is that of the steps, the last two the grid's. */
  private static List<List<float[]>> readLayers(ucar.nc2.Variable data, int cells)
      throws IOException {
    float[] values = (float[]) data.read().copyTo1DJavaArray();
    int steps = data.getShape(0);
    int each = values.length / cells / steps;
    List<List<float[]>> layers = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      List<float[]> some = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        int from = (step * each + i) * cells;
        some.add(Arrays.copyOfRange(values, from, from + cells));
      }
      layers.add(some);
    }
    return layers;
  }

  private static void describe(
      ClassicNetcdf file, Forecast forecast, String codeVersion, Instant created) {
    Grid grid = forecast.grid();
    Forecast.Step first = forecast.steps().get(0);
    Forecast.Step last = forecast.steps().get(forecast.steps().size() - 1);
    String name = forecast.variable().name();
    file.attribute("Conventions", "CF-1.10, ACDD-1.3")
        .attribute("title", "Forecast of " + name + " issued " + forecast.issueTime())
        .attribute(
            "summary",
            String.format(
                "%s on %s, leads %d to %d of the stream %s, by %s",
                name, grid, first.lead(), last.lead(), forecast.stream(), forecast.model()))
        .attribute("id", ForecastEvents.id(forecast))
        .attribute("naming_authority", "etesian")
        .attribute("source", "Etesian neural forecast, model " + forecast.model())
        .attribute("cdm_data_type", "Grid")
        .attribute("standard_name_vocabulary", "CF Standard Name Table")
        .attribute("date_created", created.toString())
        .attribute("product_version", codeVersion)
        .attribute(
            "history",
            String.format(
                "%s Etesian %s: forecast from %d inputs",
                created, codeVersion, forecast.inputs().size()))
        .attribute("time_coverage_start", first.validAt().toString())
        .attribute("time_coverage_end", last.validAt().toString())
        .attribute("geospatial_lat_min", grid.latitude(grid.rows() - 1))
        .attribute("geospatial_lat_max", grid.latitude(0))
        .attribute("geospatial_lat_units", "degrees_north")
        .attribute("geospatial_lon_min", grid.longitude(0))
        .attribute("geospatial_lon_max", grid.longitude(grid.columns() - 1))
        .attribute("geospatial_lon_units", "degrees_east")
        .attribute("geospatial_lon_resolution", grid.columnStepDegrees())
        .attribute("etesian_stream", forecast.stream())
        .attribute("etesian_variable", name)
        .attribute("etesian_model", forecast.model())
        .attribute("etesian_weights_sha256", forecast.weightsSha256())
        .attribute("etesian_revision", forecast.revision())
        .attribute(
            "etesian_inputs",
            forecast.inputs().stream()
                .map(input -> input.sha256() + " " + input.location().replace('\n', ' '))
                .collect(Collectors.joining("\n")))
        .attribute("etesian_code_version", codeVersion);
    if (forecast.ensemble() != null) {
      file.attribute(MEMBERS, forecast.ensemble().size());
    }
    if (grid.hasEvenRows()) {
      file.attribute(ROW_STEP, grid.rowStepDegrees());
    }
    if (forecast.supersedes() != Forecast.NOTHING) {
      file.attribute(SUPERSEDES, forecast.supersedes());
    }
  }

  private static void optional(ClassicNetcdf.DataVariable data, String name, String value) {
    if (!value.isEmpty()) {
      data.attribute(name, value);
    }
  }

  private static double[] axis(int length, java.util.function.IntToDoubleFunction coordinate) {
    double[] axis = new double[length];
    Arrays.setAll(axis, coordinate);
    return axis;
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  private static Instant instant(double seconds) {
    return Instant.ofEpochMilli(Math.round(seconds * 1000));
  }

  private static ucar.nc2.Variable variable(NetcdfFile file, String name) throws Refusal {
    ucar.nc2.Variable variable = file.getRootGroup().findVariable(name);
    if (variable == null) {
      throw notForecast("variable '" + name + "'");
    }
    return variable;
  }

  private static double[] doubles(NetcdfFile file, String name) throws Refusal, IOException {
    return (double[]) variable(file, name).read().get1DJavaArray(double.class);
  }

  private static String text(NetcdfFile file, String name) throws Refusal {
    return text(attribute(file, name));
  }

  private static String text(Attribute attribute) {
    String text = attribute == null ? null : attribute.getStringValue();
    return text == null ? "" : text;
  }

  private static Number number(NetcdfFile file, String name) throws Refusal {
    Number number = attribute(file, name).getNumericValue();
    if (number == null) {
      throw notForecast("number '" + name + "'");
    }
    return number;
  }

  private static Attribute attribute(NetcdfFile file, String name) throws Refusal {
    Attribute attribute = file.findGlobalAttribute(name);
    if (attribute == null) {
      throw notForecast("attribute '" + name + "'");
    }
    return attribute;
  }

  private static Refusal notForecast(String missing) {
    return new Refusal(
        Reason.NO_FIELDS,
        "a NetCDF file without the "
            + missing
            + ", so not a forecast of Etesian; expected a value"
            + " of the topic etesian.forecasts");
  }
}
