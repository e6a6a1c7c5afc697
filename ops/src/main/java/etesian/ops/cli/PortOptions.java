package etesian.ops.cli;

import etesian.ops.embedded.Ports;
import etesian.ops.run.Stack;
import java.util.OptionalInt;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The ports of the embedded servers. */
final class PortOptions {
  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description = "Kafka's port; 0 for any (default: 9092, or any when it is taken).")
  private Integer kafka;

  @Option(
      names = "--flink-port",
      paramLabel = "PORT",
      description = "Flink's REST port; 0 for any (default: 8081, or any when it is taken).")
  private Integer flink;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Prometheus port; 0 for any (default: 9249, or any when it is taken).")
  private Integer metrics;

  /**
   * @param ownBroker whether a broker is embedded; else nobody listens on Kafka's port here
   * @param notices gets a line when a usual port is taken
   */
  Stack.ListenOn choose(boolean ownBroker, Consumer<String> notices) {
    return new Stack.ListenOn(
        ownBroker ? Ports.choose(asked(kafka), Ports.KAFKA, "Kafka", "--kafka-port", notices) : 0,
        Ports.choose(asked(flink), Ports.FLINK, "Flink", "--flink-port", notices),
        Ports.choose(asked(metrics), Ports.PROMETHEUS, "metrics", "--metrics-port", notices));
  }

  private static OptionalInt asked(Integer port) {
    return port == null ? OptionalInt.empty() : OptionalInt.of(port);
  }
}
