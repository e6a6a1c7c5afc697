package etesian.pipeline.sink;

import etesian.ingest.field.Forecast;
import etesian.ingest.kafka.Topics;
import etesian.pipeline.Ends;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.decode.DeadLetter;
import etesian.pipeline.decode.GranuleRecord;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.verify.Score;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * The job's ends in Kafka. Sources read committed records only and start where the job's consumer
 * group stopped, else at the beginning; sinks are exactly-once:
 *
 * <ul>
 *   <li>pooled transactional ids under a prefix that stays the same over restarts, one per sink,
 *       none the beginning of another, so that a restarted job ends the transactions of its dead
 *       self
 *   <li>a transaction timeout that the settings have checked against checkpoints and brokers
 *   <li>no record timestamp: brokers stamp what they append, and retention never sees event time
 * </ul>
 */
public final class KafkaEnds implements Ends {
  private static final int MAX_REQUEST_BYTES = 32 << 20;

  private final KafkaSettings kafka;
  private final String job;

  /**
   * @param job name of the job; consumer group and prefix of the transactional ids
   */
  public KafkaEnds(KafkaSettings kafka, String job) {
    this.kafka = kafka;
    this.job = job;
  }

  /** The consumer group of the job; its committed offsets say how far the job has come. */
  public static String group(String job) {
    return "etesian-" + job;
  }

  @Override
  public Source<GranuleRecord, ?, ?> granules(String dataset) {
    return source(Topics.granules(dataset), new GranuleRecords());
  }

  @Override
  public Source<Champion, ?, ?> champions() {
    return source(Topics.CHAMPIONS, new ChampionRecords());
  }

  private <T> KafkaSource<T> source(
      String topic, KafkaRecordDeserializationSchema<T> deserializer) {
    return KafkaSource.<T>builder()
        .setProperties(kafka.client())
        .setBootstrapServers(kafka.brokers())
        .setTopics(topic)
        .setGroupId(group(job))
        .setClientIdPrefix(group(job) + "-" + topic)
        .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
        .setProperty("isolation.level", "read_committed")
        .setProperty("max.partition.fetch.bytes", Integer.toString(MAX_REQUEST_BYTES))
        .setProperty("fetch.max.bytes", Integer.toString(MAX_REQUEST_BYTES))
        // A granule may hold thousands of fields: few at a time keep a barrier's way short.
        .setProperty("max.poll.records", "8")
        .setProperty("partition.discovery.interval.ms", "10000")
        .setDeserializer(deserializer)
        .build();
  }

  @Override
  public Sink<Forecast> forecasts() {
    return sink("forecasts", new ForecastRecords());
  }

  @Override
  public Sink<Score> scores() {
    return sink("scores", new ScoreRecords());
  }

  @Override
  public Sink<DeadLetter> deadLetters() {
    return sink("deadletters", new DeadLetterRecords());
  }

  private <T> KafkaSink<T> sink(String name, KafkaRecordSerializationSchema<T> serializer) {
    Properties producer = kafka.client();
    producer.put("transaction.timeout.ms", Long.toString(kafka.transactionTimeout().toMillis()));
    producer.put("max.request.size", Integer.toString(MAX_REQUEST_BYTES));
    producer.put("buffer.memory", Integer.toString(2 * MAX_REQUEST_BYTES));
    producer.put("linger.ms", "20");
    return KafkaSink.<T>builder()
        .setKafkaProducerConfig(producer)
        .setBootstrapServers(kafka.brokers())
        .setRecordSerializer(serializer)
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setTransactionalIdPrefix("etesian-" + job + "-" + name + "/")
        .build();
  }
}
