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
 */
public final class Topics {
  public static final String FORECASTS = "etesian.forecasts";
  public static final String SCORES = "etesian.scores";
  public static final String MODELS = "etesian.models";
  public static final String CHAMPIONS = "etesian.champions";
  public static final String DEAD_LETTERS = "etesian.deadletters";

  /** Largest record of any topic: 32 MiB. */
  public static final int MAX_RECORD_BYTES = 32 << 20;

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

  /** As {@link #create(Admin, Collection, int, short)}, as the broker's defaults have it. */
  public static List<String> create(Admin admin, Collection<String> datasets)
      throws ExecutionException, InterruptedException {
    return create(admin, datasets, Optional.empty(), Optional.empty());
  }

  /**
   * Creates the topics that are missing and waits until the brokers know them; existing ones stay
   * as they are, see {@link #problems}.
   *
   * @param partitions of granules, forecasts and scores; the topics of events (models, champions,
   *     dead letters) have one
   * @return the names of those created
   */
  public static List<String> create(
      Admin admin, Collection<String> datasets, int partitions, short replication)
      throws ExecutionException, InterruptedException {
    return create(admin, datasets, Optional.of(partitions), Optional.of(replication));
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
      problems.addAll(problems(resource.name(), configs.get(resource)));
    }
    return problems;
  }

  private static List<String> create(
      Admin admin,
      Collection<String> datasets,
      Optional<Integer> partitions,
      Optional<Short> replication)
      throws ExecutionException, InterruptedException {
    Set<String> existing = admin.listTopics().names().get();
    List<String> missing =
        all(datasets).stream().filter(topic -> !existing.contains(topic)).toList();
    List<NewTopic> topics = new ArrayList<>();
    for (String topic : missing) {
      Optional<Integer> count = isOfEvents(topic) ? Optional.of(1) : partitions;
      topics.add(new NewTopic(topic, count, replication).configs(settings(topic)));
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
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(MAX_RECORD_BYTES));
    if (topic.equals(CHAMPIONS)) {
      settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    } else if (topic.equals(MODELS)) {
      settings.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
    }
    return settings;
  }

  private static List<String> problems(String topic, Config config) {
    List<String> problems = new ArrayList<>();
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
                problems.add(
                    String.format(
                        "topic %s has %s=%s, expected %s; set it with 'kafka-configs --alter"
                            + " --topic %s --add-config %s=%s'",
                        topic, name, found, expected, topic, name, expected));
              }
            });
    return problems;
  }

  private static boolean isOfEvents(String topic) {
    return topic.equals(MODELS) || topic.equals(CHAMPIONS) || topic.equals(DEAD_LETTERS);
  }
}
