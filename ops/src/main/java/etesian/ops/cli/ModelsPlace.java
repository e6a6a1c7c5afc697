package etesian.ops.cli;

import etesian.ops.run.BrokerContact;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where the models of the commands {@code models} are: settings, or brokers alone. */
final class ModelsPlace {
  private static final String LOCAL = "127.0.0.1:9092";

  /** Of no importance to who reads, and to transactions of two records. */
  private static final Duration TRANSACTION = Duration.ofMinutes(1);

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The settings: brokers, folder of the weights, streams. To look, --brokers is enough.")
  private Path config;

  @Option(
      names = "--brokers",
      paramLabel = "HOST:PORT[,...]",
      description =
          "Kafka brokers, in the place of those of the settings (default without settings:"
              + " ETESIAN_BROKERS, else "
              + LOCAL
              + ").")
  private String brokers;

  @Option(
      names = "--client",
      paramLabel = "FILE",
      description = "Kafka client properties, for TLS and SASL, beside those of the settings.")
  private Path client;

  private PipelineSettings settings;

  /** The settings, if any were named. */
  Optional<PipelineSettings> settings() {
    if (config != null && settings == null) {
      settings = PipelineSettings.read(config);
    }
    return Optional.ofNullable(settings);
  }

  private PipelineSettings demanded() {
    return settings()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "the settings are needed: -c etesian.yaml"));
  }

  /** The store of the settings, if any were named. */
  Optional<WeightsStore> store() {
    return settings().map(found -> new WeightsStore(found.weights()));
  }

  WeightsStore demandedStore() {
    return new WeightsStore(demanded().weights());
  }

  StreamSettings stream(String name) {
    return demanded().streams().stream()
        .filter(stream -> stream.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no stream '%s' in %s; there are %s"
                        .formatted(
                            name,
                            config,
                            demanded().streams().stream()
                                .map(StreamSettings::name)
                                .collect(Collectors.joining(", ")))));
  }

  /** Brokers that have answered. */
  KafkaSettings kafka() throws IOException {
    Map<String, String> properties = new TreeMap<>();
    settings().ifPresent(found -> properties.putAll(found.kafka().properties()));
    if (client != null) {
      Brokers.read(client).forEach((key, value) -> properties.put(key, value.toString()));
    }
    KafkaSettings kafka = new KafkaSettings(list(), properties, TRANSACTION);
    if (kafka.embedded()) {
      throw new IllegalStateException(
          config
              + ": kafka.brokers is 'embedded', and those brokers live in the process of 'etesian"
              + " run'; name them with --brokers host:port, as it prints them");
    }
    BrokerContact.demand(kafka.client());
    return kafka;
  }

  private String list() {
    return brokers != null
        ? brokers
        : settings()
            .map(found -> found.kafka().brokers())
            .orElse(Objects.requireNonNullElse(System.getenv("ETESIAN_BROKERS"), LOCAL));
  }
}
