package etesian.ops.embedded;

import etesian.ingest.kafka.Topics;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * One Kafka broker that is its own controller, in this JVM, on 127.0.0.1, plaintext.
 *
 * <p>Set for this stream: records as large as {@link Topics} has them, every topic stamped by the
 * broker ({@code LogAppendTime}: with the valid times of fields retention would delete fresh
 * forecasts), nothing deleted by age, transactions up to 15 minutes, no topic made by accident. Its
 * data is gone after {@link #close}, unless it lies in a folder of the caller's.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final long DISK_MEGABYTES = 1024;

  private final TemporaryFolder folder; // null when the data is the caller's
  private final KafkaRaftServer server;
  private final String bootstrap;
  private boolean closed;

  private EmbeddedKafka(TemporaryFolder folder, KafkaRaftServer server, int port) {
    this.folder = folder;
    this.server = server;
    this.bootstrap = "127.0.0.1:" + port;
  }

  /**
   * @param port to listen on; 0 for a free one
   * @return a broker that answers
   * @throws StartFailed when the port is taken, the disk is full or the temporary folder not
   *     writable
   */
  public static EmbeddedKafka start(int port) {
    return start(port, Map.of());
  }

  /**
   * The same with more settings of the broker, which win over ours: another listener, for instance.
   */
  static EmbeddedKafka start(int port, Map<String, String> more) {
    int brokerPort = port == 0 ? Ports.free() : port;
    Ports.demand(brokerPort, "Kafka", "give another port, 0 for any free one");
    TemporaryFolder folder = TemporaryFolder.create("etesian-kafka-", DISK_MEGABYTES);
    try {
      return start(folder, folder.folder("data"), brokerPort, Ports.free(), more);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /**
   * A broker on a folder that outlives it: started again on the same one and the same ports, it
   * goes on where it ended, however it ended.
   *
   * @param data the folder; made and formatted when there is none
   * @param port to listen on
   * @param controllerPort that the broker reaches itself by, as controller
   * @throws StartFailed when a port is taken, or the folder is not a broker's
   */
  public static EmbeddedKafka startOn(Path data, int port, int controllerPort) {
    return start(null, data, port, controllerPort, Map.of());
  }

  private static EmbeddedKafka start(
      TemporaryFolder folder, Path data, int port, int controllerPort, Map<String, String> more) {
    try {
      if (!Files.exists(data.resolve("meta.properties"))) {
        format(data.toString());
      }
      Properties settings = new Properties();
      settings.putAll(settings(port, controllerPort, data.toString()));
      settings.putAll(more);
      KafkaRaftServer server =
          new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
      EmbeddedKafka kafka = new EmbeddedKafka(folder, server, port);
      AtExit.register(kafka);
      try {
        server.startup();
      } catch (RuntimeException e) {
        kafka.close();
        throw e;
      }
      return kafka;
    } catch (Exception e) {
      throw new StartFailed("Kafka did not start on port " + port + ": " + e, e);
    }
  }

  private static void format(String data) throws Exception {
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(1)
        .setClusterId(Uuid.randomUuid().toString())
        .setDirectories(List.of(data))
        .setControllerListenerName("CONTROLLER")
        .run();
  }

  private static Map<String, String> settings(int port, int controllerPort, String data) {
    return Map.ofEntries(
        Map.entry("process.roles", "broker,controller"),
        Map.entry("node.id", "1"),
        Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
        Map.entry(
            "listeners",
            "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort),
        Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
        Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
        Map.entry("inter.broker.listener.name", "PLAINTEXT"),
        Map.entry("controller.listener.names", "CONTROLLER"),
        Map.entry("log.dirs", data),
        Map.entry("message.max.bytes", Integer.toString(Topics.MAX_DEAD_LETTER_BYTES)),
        Map.entry("replica.fetch.max.bytes", Integer.toString(Topics.MAX_DEAD_LETTER_BYTES)),
        Map.entry("log.message.timestamp.type", "LogAppendTime"),
        Map.entry("log.retention.ms", "-1"),
        Map.entry("auto.create.topics.enable", "false"),
        Map.entry("transaction.max.timeout.ms", Long.toString(Duration.ofMinutes(15).toMillis())),
        // one broker: no copies; one partition each is enough and starts faster
        Map.entry("offsets.topic.replication.factor", "1"),
        Map.entry("offsets.topic.num.partitions", "1"),
        Map.entry("transaction.state.log.replication.factor", "1"),
        Map.entry("transaction.state.log.min.isr", "1"),
        Map.entry("transaction.state.log.num.partitions", "1"),
        Map.entry("share.coordinator.state.topic.replication.factor", "1"),
        Map.entry("share.coordinator.state.topic.min.isr", "1"),
        Map.entry("share.coordinator.state.topic.num.partitions", "1"),
        Map.entry("group.initial.rebalance.delay.ms", "0"),
        // one consumer of everything: small pools, and no hand-over of leadership at the end
        Map.entry("num.network.threads", "2"),
        Map.entry("num.io.threads", "4"),
        Map.entry("background.threads", "2"),
        Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20)),
        Map.entry("log.cleaner.backoff.ms", "5000"),
        Map.entry("controlled.shutdown.enable", "false"));
  }

  /** {@code host:port} for clients. */
  public String bootstrap() {
    return bootstrap;
  }

  /** Waits until the broker ends. */
  public void awaitEnd() {
    server.awaitShutdown();
  }

  /** Ends the broker and removes its data, if they lie in a temporary folder. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    AtExit.forget(this);
    try {
      server.shutdown();
      server.awaitShutdown();
    } finally {
      if (folder != null) {
        folder.close();
      }
    }
  }

  @Override
  public String toString() {
    return "Kafka on " + bootstrap;
  }
}
