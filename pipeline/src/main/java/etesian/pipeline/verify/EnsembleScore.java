package etesian.pipeline.verify;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a {@link Score} tells of ensembles, beside the errors of their mean; means over cells and
 * times as there.
 *
 * @param crps continuous ranked probability score, fair: what more members of the same kind would
 *     have; in the unit of the variable, 0 is perfect, that of a single value its absolute error
 * @param crpsPlain of the members as they are
 * @param spread root of the mean variance of the members
 * @param spreadSkillRatio spread, corrected for the number of members by sqrt((n + 1) / n), over
 *     the rmse of the mean: 1 is right, below 1 too sure; null when the mean has no error
 */
@JsonNaming(SnakeCaseStrategy.class)
public record EnsembleScore(double crps, double crpsPlain, double spread, Double spreadSkillRatio) {

  /** Null without a pair. */
  static EnsembleScore of(EnsembleStatistics statistics) {
    return statistics.pairs() == 0
        ? null
        : new EnsembleScore(
            statistics.meanCrps(),
            statistics.meanCrpsPlain(),
            statistics.spread(),
            statistics.spreadSkillRatio());
  }

  /** The components in their order; the ratio after a boolean that tells of it. */
  void write(DataOutput out) throws IOException {
    out.writeDouble(crps);
    out.writeDouble(crpsPlain);
    out.writeDouble(spread);
    out.writeBoolean(spreadSkillRatio != null);
    if (spreadSkillRatio != null) {
      out.writeDouble(spreadSkillRatio);
    }
  }

  static EnsembleScore read(DataInput in) throws IOException {
    return new EnsembleScore(
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readBoolean() ? in.readDouble() : null);
  }
}
