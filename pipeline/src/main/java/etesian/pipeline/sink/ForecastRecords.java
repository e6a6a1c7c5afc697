package etesian.pipeline.sink;

import etesian.ingest.field.Forecast;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.CodeVersion;
import etesian.ingest.wire.ForecastEvents;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Forecasts as CF NetCDF in CloudEvents. */
final class ForecastRecords extends TopicRecords<Forecast> {
  private static final long serialVersionUID = 1L;

  ForecastRecords() {
    super(Topics.FORECASTS);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Forecast forecast, KafkaSinkContext context, Long timestamp) {
    return ForecastEvents.record(topic(), forecast, CodeVersion.get(), Instant.now());
  }
}
