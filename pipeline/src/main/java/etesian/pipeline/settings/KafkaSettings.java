package etesian.pipeline.settings;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * How to reach the brokers.
 *
 * @param brokers bootstrap servers, or {@code embedded}
 * @param properties handed to every client as they are: {@code security.protocol}, {@code sasl.*},
 *     {@code ssl.*}
 * @param transactionTimeout longer than checkpoint timeout and interval together, and not longer
 *     than the brokers' {@code transaction.max.timeout.ms}; what remains is the time for a recovery
 */
public record KafkaSettings(
    String brokers, Map<String, String> properties, Duration transactionTimeout)
    implements Serializable {

  /** What {@code brokers} says when the broker is to run in this process. */
  public static final String EMBEDDED = "embedded";

  static final KafkaSettings DEFAULT =
      new KafkaSettings(EMBEDDED, Map.of(), Duration.ofMinutes(10));

  public boolean embedded() {
    return brokers.equals(EMBEDDED);
  }

  public KafkaSettings at(String bootstrapServers) {
    return new KafkaSettings(bootstrapServers, properties, transactionTimeout);
  }

  /** Properties of any client. */
  public Properties client() {
    Properties client = new Properties();
    client.putAll(properties);
    client.put("bootstrap.servers", brokers);
    return client;
  }

  /** Names what is set, never the values: some are secrets. */
  @Override
  public String toString() {
    return "KafkaSettings["
        + brokers
        + ", "
        + properties.keySet()
        + ", "
        + transactionTimeout
        + "]";
  }

  static KafkaSettings read(SettingsReader in) {
    return new KafkaSettings(
        in.text("brokers", DEFAULT.brokers()),
        in.entries("properties"),
        in.duration("transaction_timeout", DEFAULT.transactionTimeout()));
  }
}
