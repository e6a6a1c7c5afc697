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
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
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
          "The settings: brokers, folder of the weights, streams. To look, --brokers is enough, or"
              + " ETESIAN_BROKERS (without both "
              + LOCAL
              + ").")
  private Path config;

  @Mixin private OtherBrokers brokers;

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
    KafkaSettings own = settings().map(PipelineSettings::kafka).orElseGet(ModelsPlace::unnamed);
    KafkaSettings kafka =
        brokers.inPlaceOf(new KafkaSettings(own.brokers(), own.properties(), TRANSACTION), config);
    BrokerContact.demand(kafka.client());
    return kafka;
  }

  /** Where no settings say. */
  private static KafkaSettings unnamed() {
    String list = Objects.requireNonNullElse(System.getenv("ETESIAN_BROKERS"), LOCAL);
    return new KafkaSettings(list, Map.of(), TRANSACTION);
  }
}
