package etesian.pipeline.archive;

import etesian.ingest.field.Ensemble;
import etesian.ingest.field.Forecast;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An array of a stream's group that holds fields: the forecast itself, or a product of an ensemble.
 *
 * @param name of the array
 * @param staged folder below that of a staged issue; empty for the forecast itself
 * @param dimension besides issue time, lead, latitude and longitude; empty when there is none
 * @param fields of each lead: the length of that dimension, else 1
 * @param what for its long name, before that of the variable; may be empty
 * @param cellMethods of CF; may be empty
 * @param of the fields of a step
 */
record ValueArray(
    String name,
    String staged,
    String dimension,
    int fields,
    String what,
    String cellMethods,
    Function<Forecast.Step, List<float[]>> of) {

  /** Those of an issue, the forecast itself first. */
  static List<ValueArray> of(Issue issue) {
    String name = issue.variable().name();
    EnsembleKind kind = issue.ensemble();
    List<ValueArray> arrays = new ArrayList<>();
    arrays.add(
        new ValueArray(
            name,
            "",
            "",
            1,
            "",
            kind == null ? "" : "realization: mean",
            step -> List.of(step.values())));
    if (kind == null) {
      return arrays;
    }
    String of = " of " + kind.members() + " members: ";
    arrays.add(
        new ValueArray(
            name + "_spread",
            "spread",
            "",
            1,
            "standard deviation" + of,
            "realization: standard_deviation",
            step -> List.of(step.ensemble().spread())));
    if (!kind.probabilities().isEmpty()) {
      arrays.add(
          new ValueArray(
              name + "_quantile",
              "quantile",
              "quantile",
              kind.probabilities().size(),
              "quantiles" + of,
              "",
              step ->
                  step.ensemble().quantiles().stream().map(Ensemble.Quantile::values).toList()));
    }
    if (kind.keepsMembers()) {
      arrays.add(
          new ValueArray(
              name + "_member",
              "member",
              "realization",
              kind.members(),
              "each" + of,
              "",
              step -> step.ensemble().members()));
    }
    return arrays;
  }

  boolean hasDimension() {
    return !dimension.isEmpty();
  }

  /** Where a chunk lies below the folder of its issue. */
  String chunk(int leads, int field) {
    return leads + (hasDimension() ? "/" + field : "") + "/0/0";
  }
}
