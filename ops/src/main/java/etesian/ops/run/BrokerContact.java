package etesian.ops.run;

import etesian.ops.embedded.StartFailed;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Whether the brokers answer at all. Asked before anything else: Kafka's clients try for a minute,
 * and then say only that they have no node.
 */
public final class BrokerContact {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private BrokerContact() {}

  /**
   * Asks the brokers for their names.
   *
   * @param client properties of any client: where the brokers are and how to get in
   * @throws StartFailed when there is no answer within ten seconds; says what to check
   */
  public static void demand(Properties client) {
    demand(client, PATIENCE);
  }

  static void demand(Properties client, Duration patience) {
    String brokers = client.getProperty("bootstrap.servers");
    Admin admin;
    try {
      admin = Admin.create(client);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartFailed(
          "no client for the brokers at %s: %s; check the address and the security settings"
              .formatted(brokers, cause.getMessage()),
          e);
    }
    try {
      int millis = (int) patience.toMillis();
      admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis)).nodes().get();
    } catch (ExecutionException e) {
      String why =
          e.getCause() instanceof TimeoutException
              ? "no answer within " + patience.toSeconds() + " s"
              : e.getCause().getMessage();
      throw new StartFailed(
          ("the brokers at %s: %s; check that they run, the address (kafka.brokers or --brokers),"
                  + " the security settings (kafka.properties or --client) and the firewall")
              .formatted(brokers, why),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailed("interrupted while asking the brokers at " + brokers, e);
    } finally {
      admin.close(Duration.ZERO);
    }
  }
}
