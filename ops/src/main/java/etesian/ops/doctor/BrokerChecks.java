package etesian.ops.doctor;

import etesian.ingest.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** What the brokers offer, and how our topics on them are set. */
public final class BrokerChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long LARGE_RECORD = 4_200_000; // a global quarter-degree field in float32
  private static final String OURS = "etesian.";

  private BrokerChecks() {}

  /**
   * @param client Kafka client properties with {@code bootstrap.servers}
   * @param transactionTimeout what the job's sinks will ask for
   */
  public static List<Finding> all(Map<String, Object> client, Duration transactionTimeout) {
    Map<String, Object> properties = new TreeMap<>(client);
    properties.putIfAbsent("default.api.timeout.ms", (int) PATIENCE.toMillis());
    properties.putIfAbsent("request.timeout.ms", (int) PATIENCE.toMillis() / 2);
    List<Finding> findings = new ArrayList<>();
    String address = String.valueOf(properties.get("bootstrap.servers"));
    try (Admin admin = Admin.create(properties)) {
      Collection<Node> nodes = get(admin.describeCluster().nodes());
      findings.add(Finding.ok("brokers", "%d at %s".formatted(nodes.size(), address)));
      String node = Integer.toString(nodes.iterator().next().id());
      Config broker = config(admin, new ConfigResource(ConfigResource.Type.BROKER, node));
      findings.add(transactions(broker, transactionTimeout));
      findings.add(
          recordSize(
              "largest record of the broker",
              number(broker, "message.max.bytes"),
              "message.max.bytes"));
      for (String topic : new TreeSet<>(get(admin.listTopics().names()))) {
        if (topic.startsWith(OURS)) {
          findings.addAll(
              topic(topic, config(admin, new ConfigResource(ConfigResource.Type.TOPIC, topic))));
        }
      }
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      findings.add(
          Finding.fail(
              "brokers",
              "no answer from " + address + " (" + cause + ")",
              "start the broker, or correct --brokers or kafka.brokers; for TLS or SASL give"
                  + " --client"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return findings;
  }

  private static Finding transactions(Config broker, Duration asked) {
    long most = number(broker, "transaction.max.timeout.ms");
    String found =
        "the job asks for %d s, the broker allows %d s".formatted(asked.toSeconds(), most / 1000);
    return asked.toMillis() <= most
        ? Finding.ok("transaction timeout", found)
        : Finding.fail(
            "transaction timeout",
            found,
            "lower kafka.transaction_timeout, or raise transaction.max.timeout.ms of the broker");
  }

  private static Finding recordSize(String check, long bytes, String setting) {
    String found = "%.1f MB".formatted(bytes / 1e6);
    return bytes >= LARGE_RECORD
        ? Finding.ok(check, found)
        : Finding.warn(check, found, "a global quarter-degree field has 4.2 MB: raise " + setting);
  }

  /** What is wrong with a topic; one line when nothing is. */
  static List<Finding> topic(String topic, Config config) {
    List<Finding> findings = new ArrayList<>();
    for (Topics.Unfit one : Topics.unfit(topic, config)) {
      String found = one.setting() + "=" + one.found();
      findings.add(
          one.setting().equals(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)
              ? Finding.fail(
                  topic,
                  found,
                  one.remedy() + ": with the times of the fields retention deletes fresh records")
              : Finding.warn(topic, found + ", expected " + one.expected(), one.remedy()));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              topic,
              config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG).value()
                  + ", "
                  + config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value()));
    }
    return findings;
  }

  private static long number(Config config, String name) {
    return Long.parseLong(config.get(name).value());
  }

  private static Config config(Admin admin, ConfigResource resource)
      throws ExecutionException, InterruptedException, TimeoutException {
    return get(admin.describeConfigs(List.of(resource)).all()).get(resource);
  }

  private static <T> T get(KafkaFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
