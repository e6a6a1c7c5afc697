package etesian.ops.demo;

import etesian.ingest.kafka.Publisher;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.GranuleEvents;
import etesian.pipeline.settings.KafkaSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends granules that are made in memory; one at a time, as their order is the order of time. */
public final class GranuleSender implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;

  /** To these brokers. */
  public GranuleSender(KafkaSettings kafka) {
    Map<String, Object> connection = new HashMap<>();
    kafka.client().forEach((key, value) -> connection.put(key.toString(), value));
    producer =
        new KafkaProducer<>(
            Publisher.settings(connection), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Returns when the broker has the granule.
   *
   * @throws IllegalStateException when it does not take it
   */
  public void send(Scenario.Granule granule) throws InterruptedException {
    try {
      producer
          .send(
              GranuleEvents.record(
                  Topics.granules(granule.dataset()),
                  granule.dataset(),
                  granule.bytes(),
                  "/etesian/demo/" + granule.name(),
                  Instant.now()))
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the broker did not take " + granule.name() + ": " + e.getCause().getMessage(), e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
