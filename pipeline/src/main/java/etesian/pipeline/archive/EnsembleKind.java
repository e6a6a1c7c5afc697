package etesian.pipeline.archive;

import etesian.ingest.field.Ensemble;
import etesian.ingest.field.Forecast;
import etesian.pipeline.settings.EnsembleSettings;
import java.util.List;

/**
 * Which products an ensemble has.
 *
 * @param members how many it has
 * @param probabilities of the quantiles, ascending
 * @param keepsMembers whether the members themselves are among the products
 */
record EnsembleKind(int members, List<Double> probabilities, boolean keepsMembers) {
  EnsembleKind {
    probabilities = List.copyOf(probabilities);
  }

  /** That of a whole forecast; null for one run. */
  static EnsembleKind of(Forecast whole) {
    Ensemble ensemble = whole.ensemble();
    return ensemble == null
        ? null
        : new EnsembleKind(
            ensemble.size(),
            ensemble.probabilities(),
            whole.steps().stream().allMatch(step -> step.ensemble().hasMembers()));
  }

  /** That of the forecasts of a stream; null for one run. */
  static EnsembleKind of(EnsembleSettings settings) {
    return settings == null
        ? null
        : new EnsembleKind(settings.members(), settings.quantiles(), settings.emitMembers());
  }
}
