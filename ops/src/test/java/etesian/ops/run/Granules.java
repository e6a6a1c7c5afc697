package etesian.ops.run;

import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.GranuleEvents;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Files of the data set era5 on their way to a job. */
public final class Granules {
  private Granules() {}

  /** Publishes some files, one after the other, and waits until the broker has them. */
  public static void publish(Properties client, byte[]... files) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (byte[] file : files) {
        producer
            .send(
                GranuleEvents.record(Topics.granules("era5"), "era5", file, "/test", Instant.EPOCH))
            .get();
      }
    }
  }
}
