package etesian.pipeline.sink;

import etesian.ingest.field.Forecast;
import etesian.ingest.kafka.Topics;
import etesian.pipeline.Ends;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.decode.DeadLetter;
import etesian.pipeline.decode.GranuleRecord;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.verify.Score;
import java.util.Map;
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
import org.apache.kafka.common.TopicPartition;

/**
 * The job's ends in Kafka. Sources read committed records only; without state of its own a job
 * starts with the granules where its consumer group stopped, else at the beginning. Sinks are
 * exactly-once:
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
  private final KafkaSettings kafka;
  private final String job;
  private final Map<TopicPartition, Long> championsFrom;

  /**
   * @param job name of the job; consumer group and prefix of the transactional ids
   * @param championsFrom where a fresh job reads on after {@link ChampionTopic#readToEnd}
   */
  public KafkaEnds(KafkaSettings kafka, String job, Map<TopicPartition, Long> championsFrom) {
    this.kafka = kafka;
    this.job = job;
    this.championsFrom = Map.copyOf(championsFrom);
  }

  /** The consumer group of the job; its committed offsets say how far the job has come. */
  public static String group(String job) {
    return "etesian-" + job;
  }

  @Override
  public Source<GranuleRecord, ?, ?> granules(String dataset) {
    return source(
        Topics.granules(dataset),
        OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST),
        new GranuleRecords());
  }

  @Override
  public Source<Champion, ?, ?> champions() {
    return source(
        Topics.CHAMPIONS, OffsetsInitializer.offsets(championsFrom), new ChampionRecords());
  }

  private <T> KafkaSource<T> source(
      String topic, OffsetsInitializer start, KafkaRecordDeserializationSchema<T> deserializer) {
    return KafkaSource.<T>builder()
        .setProperties(kafka.client())
        .setBootstrapServers(kafka.brokers())
        .setTopics(topic)
        .setGroupId(group(job))
        .setClientIdPrefix(group(job) + "-" + topic)
        .setStartingOffsets(start)
        .setProperty("isolation.level", "read_committed")
        .setProperty("max.partition.fetch.bytes", Integer.toString(Topics.MAX_RECORD_BYTES))
        .setProperty("fetch.max.bytes", Integer.toString(Topics.MAX_RECORD_BYTES))
        // A granule may hold thousands of fields: few at a time keep a barrier's way short.
        .setProperty("max.poll.records", "8")
        .setProperty("partition.discovery.interval.ms", "10000")
        .setDeserializer(deserializer)
        .build();
  }

  @Override
  public Sink<Forecast> forecasts() {
    return sink("forecasts", Topics.MAX_RECORD_BYTES, new ForecastRecords());
  }

  @Override
  public Sink<Score> scores() {
    return sink("scores", Topics.MAX_RECORD_BYTES, new ScoreRecords());
  }

  @Override
  public Sink<DeadLetter> deadLetters() {
    return sink("deadletters", Topics.MAX_DEAD_LETTER_BYTES, new DeadLetterRecords());
  }

  @Override
  public Sink<ModelEvent> modelEvents() {
    return sink("models", Topics.MAX_RECORD_BYTES, new ModelEventRecords());
  }

  @Override
  public Sink<Champion> promotions() {
    return sink("champions", Topics.MAX_RECORD_BYTES, new PromotionRecords());
  }

  private <T> KafkaSink<T> sink(
      String name, int maxRecordBytes, KafkaRecordSerializationSchema<T> serializer) {
    Properties producer = kafka.client();
    producer.put("transaction.timeout.ms", Long.toString(kafka.transactionTimeout().toMillis()));
    producer.put("max.request.size", Integer.toString(maxRecordBytes));
    producer.put("buffer.memory", Integer.toString(2 * maxRecordBytes));
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
