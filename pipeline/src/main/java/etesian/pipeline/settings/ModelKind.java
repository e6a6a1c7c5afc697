package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the model of a stream can be. Weights name it as their architecture. */
public enum ModelKind {
  M2NO,
  FNO,
  TFNO,
  UNO,
  SFNO,
  NSM,
  /** Not a network from field to field: a mechanism that gives all leads at once. */
  SMNN;

  /**
   * @throws IllegalArgumentException there is none of this name; says which there are
   */
  public static ModelKind of(String name) {
    ModelKind found =
        Arrays.stream(values()).filter(kind -> kind.toString().equals(name)).findAny().orElse(null);
    Check.that(
        found != null,
        "'%s' is not one of %s",
        name,
        Arrays.stream(values()).map(ModelKind::toString).collect(Collectors.joining(", ")));
    return found;
  }

  /** As settings and weights write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
