package etesian.ops.cli;

import etesian.pipeline.settings.KafkaSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Brokers in the place of those of the settings: an embedded one, for instance. */
final class OtherBrokers {
  @Option(
      names = "--brokers",
      paramLabel = "HOST:PORT[,...]",
      description = "Kafka brokers, in the place of those of the settings.")
  private String list;

  @Option(
      names = "--client",
      paramLabel = "FILE",
      description = "Kafka client properties, for TLS and SASL, beside those of the settings.")
  private Path client;

  /**
   * What the settings say, with what was given instead of it.
   *
   * @param config where the settings came from, for messages
   * @throws IllegalStateException when the brokers live in another process and were not named
   */
  KafkaSettings inPlaceOf(KafkaSettings settings, Object config) throws IOException {
    Map<String, String> properties = new TreeMap<>(settings.properties());
    if (client != null) {
      Brokers.read(client).forEach((key, value) -> properties.put(key, value.toString()));
    }
    KafkaSettings kafka =
        new KafkaSettings(
            list == null ? settings.brokers() : list, properties, settings.transactionTimeout());
    if (kafka.embedded()) {
      throw new IllegalStateException(
          config
              + ": kafka.brokers is 'embedded', and those brokers live in the process of 'etesian"
              + " run'; name them with --brokers host:port, as it prints them");
    }
    return kafka;
  }
}
