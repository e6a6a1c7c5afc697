package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Units;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An equation that a variable of a stream should obey: a term of what its lessons make small, and a
 * watch over what is observed.
 *
 * @param equation which
 * @param variable that it is about; empty for the first of the stream
 * @param u wind eastwards
 * @param v wind northwards
 * @param diffusivity of a tracer or of vorticity, m2 s-1
 * @param latitude where vorticity takes the Coriolis parameter, degrees; 0 where it does not matter
 * @param weight of the term beside the deviation from the targets
 */
public record PhysicsSettings(
    Equation equation,
    String variable,
    Wind u,
    Wind v,
    double diffusivity,
    double latitude,
    double weight)
    implements Serializable {
  /** Differences reach two cells to each side. */
  private static final int LEAST_CELLS = 5;

  /** Units of a stream function, by what makes one of them when it is divided by f0. */
  private static final Map<String, Double> GEOPOTENTIAL =
      Map.of(Units.canonical("m"), 9.80665, Units.canonical("m**2 s**-2"), 1.0);

  /** What is known. */
  public enum Equation {
    ADVECTION_DIFFUSION,
    BAROTROPIC_VORTICITY;

    /** As settings and events write it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Equation of(String text) {
      for (Equation equation : values()) {
        if (equation.toString().equals(text)) {
          return equation;
        }
      }
      throw new IllegalArgumentException(
          "'" + text + "' is not one of advection-diffusion, barotropic-vorticity");
    }
  }

  /**
   * A component of the wind.
   *
   * @param variable of the stream that it is, the newest observed one; empty for a constant
   * @param speed the constant, m s-1
   */
  public record Wind(String variable, double speed) implements Serializable {
    public Wind {
      Check.that(Double.isFinite(speed), "a wind of %s m s-1", speed);
    }

    static final Wind NONE = new Wind("", 0);

    static Wind of(String text) {
      return text.matches("[-+.0-9].*")
          ? new Wind("", Double.parseDouble(text))
          : new Wind(text, 0);
    }
  }

  public PhysicsSettings {
    Check.that(
        diffusivity >= 0 && weight > 0 && Math.abs(latitude) <= 90,
        "diffusivity %s, weight %s, latitude %s: expected at least 0, above 0, -90 to 90",
        diffusivity,
        weight,
        latitude);
  }

  static PhysicsSettings read(SettingsReader in) {
    Equation equation = in.value("equation", null, Equation::of);
    boolean carried = equation == Equation.ADVECTION_DIFFUSION;
    boolean turning = equation == Equation.BAROTROPIC_VORTICITY;
    Double latitude =
        in.value(
            "latitude",
            turning ? null : Double.valueOf(0),
            text -> Parsers.between(text, -90.0, 90.0));
    return new PhysicsSettings(
        equation,
        in.text("variable", ""),
        in.value("u", carried ? null : Wind.NONE, Wind::of),
        in.value("v", carried ? null : Wind.NONE, Wind::of),
        in.value("diffusivity", 0.0, text -> Parsers.between(text, 0.0, 1e9)),
        latitude == null ? 45 : latitude,
        in.value("weight", 1.0, text -> Parsers.between(text, 1e-9, 1e9)));
  }

  /** Why the equation of a stream cannot be followed in it, as far as its settings tell. */
  static Optional<String> problem(StreamSettings stream) {
    PhysicsSettings physics = stream.tuning().physics();
    return physics == null || stream.variables().isEmpty()
        ? Optional.empty()
        : physics.problem(stream.model(), stream.step(), stream.variables(), stream.grid());
  }

  private Optional<String> problem(
      String model, TimeStep step, List<StreamVariable> variables, Grid grid) {
    if (equation == null || u == null || v == null || model == null || step == null) {
      return Optional.empty(); // a problem of its own
    }
    if (model.equals(ModelKind.SMNN.toString())) {
      return Optional.of(
          "smnn gives all leads at once from the coefficients of each cell; it has no step from"
              + " field to field that the residual of an equation could improve. Take another"
              + " model, or leave 'physics' out");
    }
    if (!(step instanceof TimeStep.Fixed)) {
      return Optional.of("steps of " + step + " are not of one length, which an equation needs");
    }
    if (grid != null && (grid.rows() < LEAST_CELLS || grid.columns() < LEAST_CELLS)) {
      return Optional.of(
          String.format(
              "a grid of %d x %d cells, derivatives need at least %d rows and columns",
              grid.rows(), grid.columns(), LEAST_CELLS));
    }
    for (String name : List.of(variable, u.variable(), v.variable())) {
      if (!name.isEmpty() && indexOf(name, variables) < 0) {
        return Optional.of(
            "'"
                + name
                + "' is no variable of the stream, which has "
                + variables
                + "; winds are"
                + " numbers in m s-1 or variables");
      }
    }
    for (Wind wind : List.of(u, v)) {
      if (!wind.variable().isEmpty()) {
        StreamVariable found = variables.get(indexOf(wind.variable(), variables));
        if (!Units.canonical(found.units()).equals(Units.canonical("m s**-1"))) {
          return Optional.of(found + " is no wind, expected m s**-1");
        }
      }
    }
    return equation == Equation.BAROTROPIC_VORTICITY
        ? noStreamFunction(variables)
        : Optional.empty();
  }

  private Optional<String> noStreamFunction(List<StreamVariable> variables) {
    if (Math.abs(latitude) < 10) {
      return Optional.of("latitude " + latitude + ": the balance needs one beyond 10 degrees");
    }
    StreamVariable about = variables.get(index(variables));
    return GEOPOTENTIAL.containsKey(Units.canonical(about.units()))
        ? Optional.empty()
        : Optional.of(about + " is no geopotential, expected m**2 s**-2, or m for its height");
  }

  /** Which variable it is about. */
  public int index(List<StreamVariable> variables) {
    return variable.isEmpty() ? 0 : indexOf(variable, variables);
  }

  /** Which variable a component of the wind is; below 0 for a constant. */
  public static int index(Wind wind, List<StreamVariable> variables) {
    return wind.variable().isEmpty() ? -1 : indexOf(wind.variable(), variables);
  }

  /** What makes a stream function of the variable, by division by the Coriolis parameter. */
  public double geopotential(List<StreamVariable> variables) {
    return GEOPOTENTIAL.get(Units.canonical(variables.get(index(variables)).units()));
  }

  private static int indexOf(String name, List<StreamVariable> variables) {
    for (int i = 0; i < variables.size(); i++) {
      if (variables.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The length of a step. */
  public static Duration length(TimeStep step) {
    return ((TimeStep.Fixed) step).length();
  }
}
