package etesian.ingest.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.field.Forecast;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Forecasts as CloudEvents. The extension attributes let a consumer filter without opening the
 * NetCDF: {@code stream, variable, issuetime, validtime} (of the last step), {@code firstlead,
 * lastlead, model, weightssha256, revision}, of an ensemble {@code members}, their number, and,
 * where a revision takes the place of an older one, {@code supersedes}: the {@code id} of that
 * record.
 */
public final class ForecastEvents {
  /** {@code ce_type} of a forecast. */
  public static final String TYPE = "etesian.forecast.v1";

  private ForecastEvents() {}

  /** {@code stream/variable/issueTime}: all leads and revisions of a forecast share a partition. */
  public static String key(Forecast forecast) {
    return forecast.stream() + "/" + forecast.variable().name() + "/" + forecast.issueTime();
  }

  /**
   * The same for the same stream, variable, issue time, first lead and revision, so that a replay
   * after a failure repeats it, and that a later revision can name it.
   */
  public static String id(Forecast forecast) {
    return id(forecast, forecast.revision());
  }

  /** The {@link #id} of the record that this one takes the place of. */
  public static Optional<String> supersedes(Forecast forecast) {
    return forecast.supersedes() == Forecast.NOTHING
        ? Optional.empty()
        : Optional.of(id(forecast, forecast.supersedes()));
  }

  private static String id(Forecast forecast, int revision) {
    return EventHeaders.id(
        TYPE,
        forecast.stream(),
        forecast.variable().name(),
        forecast.issueTime(),
        forecast.firstLead(),
        revision);
  }

  /**
   * @param codeVersion of the code that made it, see {@link CodeVersion}
   * @param created when it was made; {@code ce_time} and {@code date_created} in the file
   */
  public static ProducerRecord<byte[], byte[]> record(
      String topic, Forecast forecast, String codeVersion, Instant created) {
    Forecast.Step last = forecast.steps().get(forecast.steps().size() - 1);
    CloudEventBuilder event =
        EventHeaders.event(id(forecast), TYPE, "/etesian/streams/" + forecast.stream(), created)
            .withExtension("stream", forecast.stream())
            .withExtension("variable", forecast.variable().name())
            .withExtension("issuetime", forecast.issueTime().toString())
            .withExtension("validtime", last.validAt().toString())
            .withExtension("firstlead", forecast.firstLead())
            .withExtension("lastlead", forecast.lastLead())
            .withExtension("model", forecast.model())
            .withExtension("weightssha256", forecast.weightsSha256())
            .withExtension("revision", forecast.revision());
    if (forecast.ensemble() != null) {
      event.withExtension("members", forecast.ensemble().size());
    }
    supersedes(forecast).ifPresent(id -> event.withExtension("supersedes", id));
    return EventHeaders.record(
        topic,
        key(forecast).getBytes(UTF_8),
        event
            .withData(EventHeaders.NETCDF, ForecastNetcdf.write(forecast, codeVersion, created))
            .build());
  }
}
