package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import etesian.ingest.field.Units;
import etesian.ingest.field.Variable;
import java.io.Serializable;
import java.util.Set;

/**
 * A variable of a stream.
 *
 * @param name short name
 * @param units that its fields come in; the unit of its forecasts and scores
 */
public record StreamVariable(String name, String units) implements Serializable {
  /** Components of a wind or a stress in the names of ERA5. */
  private static final Set<String> COMPONENTS =
      Set.of("u", "v", "u10", "v10", "u100", "v100", "ewss", "nsss");

  public StreamVariable {
    Check.that(!name.contains(","), "'%s' names one variable, without commas", name);
    Check.that(!units.contains(","), "'%s' is one unit, without commas", units);
  }

  /** Whether a field's variable is this one, in this unit however it is spelled. */
  boolean is(Variable other) {
    return name.equals(other.name()) && Units.canonical(units).equals(other.canonicalUnits());
  }

  /** Whether it is a component of a vector, which changes its sign over a pole. */
  public boolean isComponent() {
    return COMPONENTS.contains(name);
  }

  @Override
  public String toString() {
    return name + " [" + units + "]";
  }
}
