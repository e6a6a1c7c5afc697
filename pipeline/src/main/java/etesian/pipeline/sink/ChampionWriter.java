package etesian.pipeline.sink;

import etesian.ingest.field.Check;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.settings.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Names a champion from outside a job: the same records as the job's own sinks write, the events
 * and the champion in one transaction. The weights lie in the store before.
 *
 * <p>There is one writer of a stream at a time: a later one ends the transaction of an earlier one,
 * which then fails. Open it before reading the topics that the decision rests on.
 */
public final class ChampionWriter implements AutoCloseable {
  private final String stream;
  private final KafkaProducer<byte[], byte[]> producer;

  private ChampionWriter(String stream, KafkaProducer<byte[], byte[]> producer) {
    this.stream = stream;
    this.producer = producer;
  }

  /**
   * @throws KafkaException when the brokers do not answer, or forbid transactions
   */
  public static ChampionWriter open(KafkaSettings kafka, String stream) {
    Properties properties = kafka.client();
    properties.put("transactional.id", "etesian-champion-" + stream);
    properties.put("acks", "all");
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
    return new ChampionWriter(stream, producer);
  }

  /**
   * Writes all or nothing.
   *
   * @param events for the audit log, in their order
   * @throws KafkaException when the brokers did not take them; nothing is changed then
   */
  public void commit(List<ModelEvent> events, Champion champion) {
    Check.that(
        champion.stream().equals(stream), "a champion of %s, not of %s", champion.stream(), stream);
    producer.beginTransaction();
    try {
      ModelEventRecords ofEvents = new ModelEventRecords();
      for (ModelEvent event : events) {
        send(ofEvents.serialize(event, null, null));
      }
      send(new PromotionRecords().serialize(champion, null, null));
      producer.commitTransaction();
    } catch (KafkaException e) {
      producer.close(
          Duration.ZERO); // what is open is aborted by the next writer, or by its timeout
      throw e;
    }
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    // A failed send fails the commit, which reports it.
    Future<RecordMetadata> ignored = producer.send(record);
  }

  @Override
  public void close() {
    producer.close();
  }
}
