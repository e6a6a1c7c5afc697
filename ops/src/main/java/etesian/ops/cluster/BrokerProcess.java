package etesian.ops.cluster;

import etesian.ops.embedded.EmbeddedKafka;
import java.nio.file.Path;

/** The embedded broker in a process of its own, on a folder that outlives it. */
final class BrokerProcess {
  private BrokerProcess() {}

  /**
   * @param arguments folder, port, port of the controller
   */
  public static void main(String[] arguments) {
    EmbeddedKafka.startOn(
            Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]))
        .awaitEnd();
  }
}
