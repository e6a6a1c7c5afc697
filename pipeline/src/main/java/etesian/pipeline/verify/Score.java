package etesian.pipeline.verify;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a verified forecast step adds up to: the value of a record of {@code etesian.scores}. The
 * JSON names are those of the components in snake case.
 *
 * <p>Means over cells are weighted by the cosine of latitude, means over times follow, the root
 * comes last (WeatherBench 2, Rasp et al. 2024); the anomaly correlation divides covariance by
 * variances that are summed over all times (WeatherBench, Rasp et al. 2020). Anomalies are against
 * the climatology known at the issue time. Every skill compares with the model on the same times
 * and cells; a skill or reference error is null while the reference has nothing to say.
 *
 * @param stream name of the stream
 * @param variable short name of the variable
 * @param units of rmse, mae and bias
 * @param lead in steps of the stream
 * @param leadTime valid time - issue time, ISO 8601
 * @param revision of the forecast
 * @param observationRevision of the observation: 0 provisional, 1 final
 * @param scoreRevision 0 for the first score of this lead of this issue time; counts up when a
 *     revised forecast or a better observation is scored in its place, and {@code n} then counts
 *     the new one only
 * @param n verified forecasts of this lead and these weights so far; what follows sums them up
 * @param cells cells compared this time
 * @param bias mean of forecast - observation
 * @param acc anomaly correlation; null when undefined
 * @param skillPersistence 1 - mse / mse of persistence
 * @param skillClimatology 1 - mse / mse of the climatology
 * @param skillDamped 1 - mse / mse of damped anomaly persistence
 * @param ensemble what is told of ensembles besides, fields among the others; null for forecasts of
 *     one run
 * @param sample of this forecast alone
 * @param regions the same in parts of the grid, by name; without those that have no cell to compare
 */
@JsonNaming(SnakeCaseStrategy.class)
@RecordBuilder
public record Score(
    String stream,
    String variable,
    String units,
    int lead,
    @JsonFormat(shape = JsonFormat.Shape.STRING) Duration leadTime,
    @JsonFormat(shape = JsonFormat.Shape.STRING) Instant issueTime,
    @JsonFormat(shape = JsonFormat.Shape.STRING) Instant validTime,
    String model,
    String weightsSha256,
    int revision,
    int observationRevision,
    int scoreRevision,
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
    Sample sample,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, RegionScore> regions)
    implements ScoreBuilder.With {

  private static final JsonMapper JSON =
      JsonMapper.builder().addModule(new JavaTimeModule()).build();

  /**
   * Errors of one forecast.
   *
   * @param ensemble null for one run
   */
  public record Sample(
      double rmse, double mae, double bias, Double acc, @JsonUnwrapped EnsembleScore ensemble) {
    /** Of one run. */
    public Sample(double rmse, double mae, double bias, Double acc) {
      this(rmse, mae, bias, acc, null);
    }

    private Sample with(EnsembleScore other) {
      return new Sample(rmse, mae, bias, acc, other);
    }

    static Sample of(PairStatistics pair) {
      return new Sample(
          pair.rmse(), pair.mae(), pair.bias(), pair.acc(), EnsembleScore.of(pair.ensemble()));
    }
  }

  public Score {
    regions = Collections.unmodifiableMap(new LinkedHashMap<>(regions));
  }

  private Score withSampleOf(EnsembleScore ofSample) {
    return withSample(sample.with(ofSample));
  }

  /** One line of JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a score that cannot be written as JSON: " + this, e);
    }
  }

  static void writeOptional(Double value, DataOutput out) throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      out.writeDouble(value);
    }
  }

  static Double readOptional(DataInput in) throws IOException {
    return in.readBoolean() ? in.readDouble() : null;
  }

  /** A boolean, and if it is true what it tells of. */
  static void writeEnsemble(EnsembleScore ensemble, DataOutput out) throws IOException {
    out.writeBoolean(ensemble != null);
    if (ensemble != null) {
      ensemble.write(out);
    }
  }

  static EnsembleScore readEnsemble(DataInput in) throws IOException {
    return in.readBoolean() ? EnsembleScore.read(in) : null;
  }

  /**
   * Version 1: the components in their order without the last two revisions, which are 1 and 0;
   * null is false, anything else true and the value. Version 2: all of them but ensembles. Version
   * 3: then that of all, a boolean, and if it is true that of the sample. Version 4: then each of
   * the two after a boolean, the number of regions, and name and components of each. The lowest
   * from 2 on that holds all is written.
   */
  public static final class ScoreCodec implements Codec<Score> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(Score score, DataOutput out) throws IOException {
      boolean ensemble = score.ensemble != null;
      boolean regions = !score.regions.isEmpty();
      out.writeByte(regions ? 4 : ensemble ? 3 : 2);
      out.writeUTF(score.stream);
      out.writeUTF(score.variable);
      out.writeUTF(score.units);
      out.writeInt(score.lead);
      out.writeLong(score.leadTime.toMillis());
      out.writeLong(score.issueTime.toEpochMilli());
      out.writeLong(score.validTime.toEpochMilli());
      out.writeUTF(score.model);
      out.writeUTF(score.weightsSha256);
      out.writeInt(score.revision);
      out.writeInt(score.observationRevision);
      out.writeInt(score.scoreRevision);
      out.writeLong(score.n);
      out.writeLong(score.cells);
      out.writeDouble(score.rmse);
      out.writeDouble(score.mae);
      out.writeDouble(score.bias);
      writeOptional(score.acc, out);
      writeOptional(score.skillPersistence, out);
      writeOptional(score.skillClimatology, out);
      writeOptional(score.skillDamped, out);
      writeOptional(score.rmsePersistence, out);
      writeOptional(score.rmseClimatology, out);
      writeOptional(score.rmseDamped, out);
      out.writeDouble(score.sample.rmse);
      out.writeDouble(score.sample.mae);
      out.writeDouble(score.sample.bias);
      writeOptional(score.sample.acc, out);
      if (regions) {
        writeEnsemble(score.ensemble, out);
        writeEnsemble(score.sample.ensemble, out);
        out.writeInt(score.regions.size());
        for (Map.Entry<String, RegionScore> region : score.regions.entrySet()) {
          out.writeUTF(region.getKey());
          region.getValue().write(out);
        }
      } else if (ensemble) {
        score.ensemble.write(out);
        writeEnsemble(score.sample.ensemble, out);
      }
    }

    @Override
    public Score read(DataInput in) throws IOException {
      int version = Binary.version(in, 4, "a score");
      Score one = readOne(version, in);
      return switch (version) {
        case 1, 2 -> one;
        case 3 -> one.withEnsemble(EnsembleScore.read(in)).withSampleOf(readEnsemble(in));
        default ->
            one.withEnsemble(readEnsemble(in))
                .withSampleOf(readEnsemble(in))
                .withRegions(readRegions(in));
      };
    }

    private static Map<String, RegionScore> readRegions(DataInput in) throws IOException {
      Map<String, RegionScore> regions = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        regions.put(in.readUTF(), RegionScore.read(in));
      }
      return regions;
    }

    private static Score readOne(int version, DataInput in) throws IOException {
      return new Score(
          in.readUTF(),
          in.readUTF(),
          in.readUTF(),
          in.readInt(),
          Duration.ofMillis(in.readLong()),
          Instant.ofEpochMilli(in.readLong()),
          Instant.ofEpochMilli(in.readLong()),
          in.readUTF(),
          in.readUTF(),
          in.readInt(),
          version == 1 ? 1 : in.readInt(),
          version == 1 ? 0 : in.readInt(),
          in.readLong(),
          in.readLong(),
          in.readDouble(),
          in.readDouble(),
          in.readDouble(),
          readOptional(in),
          readOptional(in),
          readOptional(in),
          readOptional(in),
          readOptional(in),
          readOptional(in),
          readOptional(in),
          null,
          new Sample(in.readDouble(), in.readDouble(), in.readDouble(), readOptional(in)),
          Map.of());
    }
  }
}
