package etesian.pipeline.verify;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a {@link Score} says of the whole grid, of a part of it: the components are those of the
 * same name there.
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RegionScore(
    long n,
    long cells,
    double rmse,
    double mae,
    double bias,
    Double acc,
    Double skillPersistence,
    Double skillClimatology,
    Double skillDamped,
    Double rmsePersistence,
    Double rmseClimatology,
    Double rmseDamped,
    @JsonUnwrapped EnsembleScore ensemble,
    Score.Sample sample) {

  static RegionScore of(PairStatistics all, PairStatistics pair) {
    return new RegionScore(
        all.pairs(),
        pair.cells(),
        all.rmse(),
        all.mae(),
        all.bias(),
        all.acc(),
        all.persistence().skill(),
        all.climatology().skill(),
        all.damped().skill(),
        all.persistence().rmse(),
        all.climatology().rmse(),
        all.damped().rmse(),
        EnsembleScore.of(all.ensemble()),
        Score.Sample.of(pair));
  }

  /** The components in their order; what may be null after a boolean that tells of it. */
  void write(DataOutput out) throws IOException {
    out.writeLong(n);
    out.writeLong(cells);
    out.writeDouble(rmse);
    out.writeDouble(mae);
    out.writeDouble(bias);
    Score.writeOptional(acc, out);
    Score.writeOptional(skillPersistence, out);
    Score.writeOptional(skillClimatology, out);
    Score.writeOptional(skillDamped, out);
    Score.writeOptional(rmsePersistence, out);
    Score.writeOptional(rmseClimatology, out);
    Score.writeOptional(rmseDamped, out);
    Score.writeEnsemble(ensemble, out);
    out.writeDouble(sample.rmse());
    out.writeDouble(sample.mae());
    out.writeDouble(sample.bias());
    Score.writeOptional(sample.acc(), out);
    Score.writeEnsemble(sample.ensemble(), out);
  }

  static RegionScore read(DataInput in) throws IOException {
    return new RegionScore(
        in.readLong(),
        in.readLong(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        Score.readOptional(in),
        Score.readOptional(in),
        Score.readOptional(in),
        Score.readOptional(in),
        Score.readOptional(in),
        Score.readOptional(in),
        Score.readOptional(in),
        Score.readEnsemble(in),
        new Score.Sample(
            in.readDouble(),
            in.readDouble(),
            in.readDouble(),
            Score.readOptional(in),
            Score.readEnsemble(in)));
  }
}
