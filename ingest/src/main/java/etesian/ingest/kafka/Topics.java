package etesian.ingest.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topics: the contract with the outside.
 *
 * <p>All are stamped by the broker when it appends ({@code LogAppendTime}): a producer's time of
 * the 1970s would let retention delete what was just written, and a time ahead of now is refused.
 * Champions are compacted to one a stream, models are kept for ever; how long the others are kept
 * is left to the broker.
 *
 * <p>A topic of granules has one partition: the order of a series is the order of its topic, and a
 * field that overtakes another on a second partition comes late. So have the topics of events
 * (models, champions, dead letters), which tell a history. Forecasts and scores are keyed, each
 * record stands for itself: they get as many partitions as the broker gives a topic by default.
 */
public final class Topics {
  public static final String FORECASTS = "etesian.forecasts";
  public static final String SCORES = "etesian.scores";
  public static final String MODELS = "etesian.models";
  public static final String CHAMPIONS = "etesian.champions";
  public static final String DEAD_LETTERS = "etesian.deadletters";

  /** Largest record of any topic but that of dead letters: 32 MiB. */
  public static final int MAX_RECORD_BYTES = 32 << 20;

  /**
   * Largest dead letter: 64 MiB. It is a granule with the reason in its headers, and it may travel
   * uncompressed where the granule came compressed: what was let in must not be too large to be
   * refused.
   */
  public static final int MAX_DEAD_LETTER_BYTES = 2 * MAX_RECORD_BYTES;

  /**
   * A setting of a topic that loses or refuses records.
   *
   * @param found its value, {@code unset} when there is none
   * @param expected the value, of a number of bytes the least
   */
  public record Unfit(String topic, String setting, String found, String expected) {
    /** What to do about it. */
    public String remedy() {
      return String.format(
          "set it with 'kafka-configs --alter --topic %s --add-config %s=%s'",
          topic, setting, expected);
    }
  }

  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private Topics() {}

  /** The topic of the files of a dataset: {@code era5}, {@code sst}. */
  public static String granules(String dataset) {
    return "etesian.granules." + dataset;
  }

  /** Every topic that a job over these datasets uses. */
  public static List<String> all(Collection<String> datasets) {
    List<String> all = new ArrayList<>(datasets.stream().map(Topics::granules).toList());
    all.addAll(List.of(FORECASTS, SCORES, MODELS, CHAMPIONS, DEAD_LETTERS));
    return all;
  }

  /**
   * Creates the topics that are missing, replicated as the broker does by default, and waits until
   * the brokers know them; existing ones stay as they are, see {@link #problems}.
   *
   * @return the names of those created
   */
  public static List<String> create(Admin admin, Collection<String> datasets)
      throws ExecutionException, InterruptedException {
    Set<String> existing = admin.listTopics().names().get();
    List<String> missing =
        all(datasets).stream().filter(topic -> !existing.contains(topic)).toList();
    List<NewTopic> topics = new ArrayList<>();
    for (String topic : missing) {
      Optional<Integer> partitions = isOrdered(topic) ? Optional.of(1) : Optional.empty();
      topics.add(new NewTopic(topic, partitions, Optional.empty()).configs(settings(topic)));
    }
    for (Map.Entry<String, KafkaFuture<Void>> created :
        admin.createTopics(topics).values().entrySet()) {
      try {
        created.getValue().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) { // somebody else was quicker
          throw e;
        }
      }
    }
    awaitAll(admin, missing);
    return missing;
  }

  /**
   * What is wrong with the topics, a sentence each with the remedy: missing ones and settings that
   * lose or refuse records. Empty when all is well.
   */
  public static List<String> problems(Admin admin, Collection<String> datasets)
      throws ExecutionException, InterruptedException {
    Set<String> existing = admin.listTopics().names().get();
    List<String> problems = new ArrayList<>();
    List<ConfigResource> resources = new ArrayList<>();
    for (String topic : all(datasets)) {
      if (existing.contains(topic)) {
        resources.add(new ConfigResource(ConfigResource.Type.TOPIC, topic));
      } else {
        problems.add("topic " + topic + " is missing; './etesian run' creates it");
      }
    }
    Map<ConfigResource, Config> configs = admin.describeConfigs(resources).all().get();
    for (ConfigResource resource : resources) {
      unfit(resource.name(), configs.get(resource))
          .forEach(
              one ->
                  problems.add(
                      String.format(
                          "topic %s has %s=%s, expected %s; %s",
                          one.topic(), one.setting(), one.found(), one.expected(), one.remedy())));
    }
    return problems;
  }

  private static void awaitAll(Admin admin, List<String> topics)
      throws ExecutionException, InterruptedException {
    long start = System.nanoTime();
    Set<String> unknown = new HashSet<>(topics);
    while (true) {
      unknown.removeAll(admin.listTopics().names().get());
      if (unknown.isEmpty()) {
        return;
      }
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException(
            "topics " + unknown + " were created but are not listed after 30 s; check the brokers");
      }
      Thread.sleep(50);
    }
  }

  private static Map<String, String> settings(String topic) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(maxRecordBytes(topic)));
    if (topic.equals(CHAMPIONS)) {
      settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    } else if (topic.equals(MODELS)) {
      settings.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
    }
    return settings;
  }

  /** The settings of a topic, as the broker has them, that lose or refuse records. */
  public static List<Unfit> unfit(String topic, Config config) {
    List<Unfit> unfit = new ArrayList<>();
    settings(topic)
        .forEach(
            (name, expected) -> {
              ConfigEntry entry = config.get(name);
              String found = entry == null ? "unset" : entry.value();
              boolean enough =
                  name.equals(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
                      && entry != null
                      && Long.parseLong(found) >= Long.parseLong(expected);
              if (!enough && !expected.equals(found)) {
                unfit.add(new Unfit(topic, name, found, expected));
              }
            });
    return unfit;
  }

  private static int maxRecordBytes(String topic) {
    return topic.equals(DEAD_LETTERS) ? MAX_DEAD_LETTER_BYTES : MAX_RECORD_BYTES;
  }

  private static boolean isOrdered(String topic) {
    return !topic.equals(FORECASTS) && !topic.equals(SCORES);
  }
}
