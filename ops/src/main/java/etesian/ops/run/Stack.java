package etesian.ops.run;

import etesian.ops.embedded.AtExit;
import etesian.ops.embedded.EmbeddedFlink;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.pipeline.settings.KafkaSettings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The brokers and the cluster that a job runs on: embedded brokers where the settings say so, and
 * an embedded Flink. Closing it ends what was started here and nothing else.
 */
public final class Stack implements AutoCloseable {
  private final EmbeddedKafka embeddedKafka; // null when the brokers are somebody else's
  private final KafkaSettings kafka;
  private final EmbeddedFlink flink;

  private Stack(EmbeddedKafka embeddedKafka, KafkaSettings kafka, EmbeddedFlink flink) {
    this.embeddedKafka = embeddedKafka;
    this.kafka = kafka;
    this.flink = flink;
  }

  /** Which ports the embedded servers listen on; 0 is any free one. */
  public record ListenOn(int kafka, int flinkRest, int metrics) {}

  /**
   * Starts both at the same time.
   *
   * @param slots parallel instances of a job that Flink can run
   */
  public static Stack start(KafkaSettings settings, ListenOn ports, int slots) {
    CompletableFuture<EmbeddedKafka> broker =
        settings.embedded()
            ? CompletableFuture.supplyAsync(() -> EmbeddedKafka.start(ports.kafka()))
            : CompletableFuture.completedFuture(null);
    EmbeddedFlink flink;
    try {
      flink = EmbeddedFlink.start(ports.flinkRest(), ports.metrics(), slots);
    } catch (RuntimeException e) {
      broker.thenAccept(Stack::close).exceptionally(alsoFailed -> null).join();
      throw e;
    }
    try {
      EmbeddedKafka kafka = broker.join();
      Stack stack =
          new Stack(kafka, kafka == null ? settings : settings.at(kafka.bootstrap()), flink);
      AtExit.register(stack); // before each of them: they began in any order, and end in one
      return stack;
    } catch (CompletionException e) {
      flink.close();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** How clients reach the brokers. */
  public KafkaSettings kafka() {
    return kafka;
  }

  public EmbeddedFlink flink() {
    return flink;
  }

  /** Ends Flink first: sinks that lose their broker wait for it. */
  @Override
  public void close() {
    AtExit.forget(this);
    try {
      flink.close();
    } finally {
      close(embeddedKafka);
    }
  }

  private static void close(EmbeddedKafka kafka) {
    if (kafka != null) {
      kafka.close();
    }
  }

  @Override
  public String toString() {
    return flink + ", Kafka on " + kafka.brokers();
  }
}
