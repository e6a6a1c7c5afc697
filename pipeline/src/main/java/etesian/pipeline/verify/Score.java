package etesian.pipeline.verify;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

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
 * @param sample of this forecast alone
 */
@JsonNaming(SnakeCaseStrategy.class)
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
    Sample sample) {

  private static final JsonMapper JSON =
      JsonMapper.builder().addModule(new JavaTimeModule()).build();

  /** Errors of one forecast. */
  public record Sample(double rmse, double mae, double bias, Double acc) {}

  /** One line of JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a score that cannot be written as JSON: " + this, e);
    }
  }

  /**
   * Version 1: the components in their order without the last two revisions, which are 1 and 0;
   * null is false, anything else true and the value. Version 2: all of them.
   */
  public static final class ScoreCodec implements Codec<Score> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(Score score, DataOutput out) throws IOException {
      out.writeByte(2);
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
    }

    @Override
    public Score read(DataInput in) throws IOException {
      int version = Binary.version(in, 2, "a score");
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
          new Sample(in.readDouble(), in.readDouble(), in.readDouble(), readOptional(in)));
    }

    private static void writeOptional(Double value, DataOutput out) throws IOException {
      out.writeBoolean(value != null);
      if (value != null) {
        out.writeDouble(value);
      }
    }

    private static Double readOptional(DataInput in) throws IOException {
      return in.readBoolean() ? in.readDouble() : null;
    }
  }
}
