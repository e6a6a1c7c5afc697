package etesian.ops.console;

import etesian.ingest.kafka.Topics;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.StreamSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topics from their recent end, in a thread of its own: committed records, no consumer
 * group. Topics that do not exist yet are taken up when they do; brokers that go away are waited
 * for.
 */
final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK_BACK = Duration.ofSeconds(8);
  private static final long LOOK_AROUND_NANOS = 5_000_000_000L;

  private final Store store;
  private final Intake intake;
  private final ConsoleMetrics metrics;
  private final KafkaSettings kafka;
  private final int issues;
  private final Set<String> topics;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Map<TopicPartition, Long> begun = new HashMap<>(); // forecasts: read from there on
  private final Thread thread;
  private boolean lookedBack;
  private volatile KafkaConsumer<byte[], byte[]> following; // null between two tries
  private volatile boolean closed;

  Feed(Store store, Intake intake, ConsoleMetrics metrics, KafkaSettings kafka, int issues) {
    this.store = store;
    this.intake = intake;
    this.metrics = metrics;
    this.kafka = kafka;
    this.issues = issues;
    List<String> datasets = store.streams().stream().map(StreamSettings::dataset).toList();
    this.topics = new TreeSet<>(Topics.all(datasets));
    this.thread = new Thread(this::run, "console-feed");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!closed) {
      try (var consumer =
          new KafkaConsumer<>(
              properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        following = consumer;
        follow(consumer);
      } catch (WakeupException | InterruptException | InterruptedException e) {
        return; // closed
      } catch (KafkaException e) {
        LOG.info("the console begins anew: {}", e.toString());
        store.trouble("no answer from the brokers at " + kafka.brokers());
        if (!pause()) {
          return;
        }
      }
    }
  }

  private void follow(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
    Long lookedAround = null;
    while (!closed) {
      if (lookedAround == null || System.nanoTime() - lookedAround > LOOK_AROUND_NANOS) {
        lookAround(consumer);
        lookedAround = System.nanoTime();
      }
      if (consumer.assignment().isEmpty()) {
        Thread.sleep(POLL.toMillis()); // poll refuses to wait for nothing
        continue;
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        intake.take(record);
        positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        metrics.read(record.topic());
      }
      metrics.waiting(waiting(consumer));
      if (!lookedBack && isAtTheEnd(consumer)) {
        lookedBack = true;
        lookBack();
      }
    }
  }

  /** Whether all forecasts that there are have been read. */
  private boolean isAtTheEnd(KafkaConsumer<byte[], byte[]> consumer) {
    return !begun.isEmpty()
        && begun.keySet().stream()
            .allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0);
  }

  /** For streams of which nothing has come; what comes meanwhile waits. */
  private void lookBack() throws InterruptedException {
    Set<String> quiet = new TreeSet<>();
    for (StreamSettings stream : store.streams()) {
      SeriesKey key = new SeriesKey(stream.name(), stream.variable());
      if (store.<Boolean>with(key, of -> of.issues.isEmpty())) {
        quiet.add(stream.name());
      }
    }
    if (!quiet.isEmpty()) {
      try (var consumer =
          new KafkaConsumer<>(
              properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        new LookBack(consumer, intake, issues, LOOK_BACK, () -> closed).run(quiet, begun);
      }
    }
  }

  /** Records between what was read and what is committed, as far as it is known. */
  private static Map<String, Long> waiting(KafkaConsumer<byte[], byte[]> consumer) {
    Map<String, Long> waiting = new HashMap<>();
    for (TopicPartition partition : consumer.assignment()) {
      consumer
          .currentLag(partition)
          .ifPresent(records -> waiting.merge(partition.topic(), records, Long::sum));
    }
    return waiting;
  }

  /** Takes up partitions that are new. */
  private void lookAround(KafkaConsumer<byte[], byte[]> consumer) {
    Map<String, List<PartitionInfo>> existing = consumer.listTopics(PATIENCE);
    List<TopicPartition> all = new ArrayList<>();
    for (String topic : topics) {
      existing
          .getOrDefault(topic, List.of())
          .forEach(info -> all.add(new TopicPartition(topic, info.partition())));
    }
    if (all.size() != consumer.assignment().size()) {
      Collection<TopicPartition> known = Set.copyOf(consumer.assignment());
      consumer.assign(all);
      List<TopicPartition> fresh = all.stream().filter(p -> !known.contains(p)).toList();
      Map<TopicPartition, Long> firsts = consumer.beginningOffsets(fresh, PATIENCE);
      Map<TopicPartition, Long> ends = consumer.endOffsets(fresh, PATIENCE);
      for (TopicPartition partition : fresh) {
        long recent = ends.get(partition) - records(partition.topic());
        long start = positions.getOrDefault(partition, Math.max(firsts.get(partition), recent));
        consumer.seek(partition, Math.max(start, firsts.get(partition)));
        if (partition.topic().equals(Topics.FORECASTS)) {
          begun.putIfAbsent(partition, Math.max(start, firsts.get(partition)));
        }
      }
    }
    store.trouble(all.isEmpty() ? "no topics at " + kafka.brokers() + " yet" : "");
  }

  /**
   * How far back to begin: about as many records as can be kept; twice, for transaction markers.
   */
  private long records(String topic) {
    if (topic.equals(Topics.CHAMPIONS)) {
      return Long.MAX_VALUE / 2; // compacted: all that there are
    }
    if (topic.equals(Topics.FORECASTS)) {
      return store.streams().stream()
          .mapToLong(stream -> 2L * issues * stream.horizon() * stream.variables().size())
          .sum();
    }
    if (topic.equals(Topics.SCORES)) {
      return 2L * Store.MOST_SCORES;
    }
    if (topic.equals(Topics.MODELS)) {
      return 2L * Store.MOST_EVENTS;
    }
    return 2L * Store.MOST_LETTERS; // dead letters, and granules
  }

  private Properties properties() {
    Properties properties = kafka.client();
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", "false");
    properties.put("allow.auto.create.topics", "false");
    properties.put("auto.offset.reset", "earliest"); // what lay there has been deleted meanwhile
    // How much comes at once; a larger record comes alone.
    properties.put("fetch.max.bytes", Integer.toString(Topics.MAX_RECORD_BYTES));
    properties.put("max.partition.fetch.bytes", Integer.toString(1 << 20));
    properties.put("max.poll.records", "100");
    return properties;
  }

  private static boolean pause() {
    try {
      Thread.sleep(2000);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    KafkaConsumer<byte[], byte[]> consumer = following;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(5000);
      thread.interrupt(); // it reads a file, or waits for brokers
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
