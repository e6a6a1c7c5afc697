package etesian.ops.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A broker whose clients come by TLS, with a name and a password. */
public final class SecuredKafka implements AutoCloseable {
  private static final String STORE_PASSWORD = "changeit";

  private final Path folder;
  private final EmbeddedKafka kafka;
  private final String bootstrap;

  private SecuredKafka(Path folder, EmbeddedKafka kafka, String bootstrap) {
    this.folder = folder;
    this.kafka = kafka;
    this.bootstrap = bootstrap;
  }

  /**
   * @param folder for the stores of keys
   * @param password of the user etesian
   */
  public static SecuredKafka start(Path folder, String password) throws Exception {
    key(folder, "broker");
    key(folder, "stranger");
    int inner = Ports.free();
    int port = Ports.free();
    String controller = "127.0.0.1:" + Ports.free();
    EmbeddedKafka kafka =
        EmbeddedKafka.start(
            inner,
            Map.ofEntries(
                Map.entry("controller.quorum.voters", "1@" + controller),
                Map.entry(
                    "listeners",
                    "PLAINTEXT://127.0.0.1:%d,SECURE://127.0.0.1:%d,CONTROLLER://%s"
                        .formatted(inner, port, controller)),
                Map.entry(
                    "advertised.listeners",
                    "PLAINTEXT://127.0.0.1:%d,SECURE://127.0.0.1:%d".formatted(inner, port)),
                Map.entry(
                    "listener.security.protocol.map",
                    "PLAINTEXT:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT"),
                Map.entry("sasl.enabled.mechanisms", "PLAIN"),
                Map.entry(
                    "listener.name.secure.plain.sasl.jaas.config",
                    ("org.apache.kafka.common.security.plain.PlainLoginModule required"
                            + " user_etesian=\"%s\";")
                        .formatted(password)),
                Map.entry("ssl.keystore.location", folder.resolve("broker.p12").toString()),
                Map.entry("ssl.keystore.type", "PKCS12"),
                Map.entry("ssl.keystore.password", STORE_PASSWORD)));
    return new SecuredKafka(folder, kafka, "127.0.0.1:" + port);
  }

  /** A key, and a store that trusts it. */
  private static void key(Path folder, String name) throws Exception {
    String store = folder.resolve(name + ".p12").toString();
    String certificate = folder.resolve(name + ".pem").toString();
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        "EC",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1",
        "-validity",
        "2",
        "-keystore",
        store);
    keytool("-exportcert", "-alias", name, "-file", certificate, "-keystore", store);
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        name,
        "-file",
        certificate,
        "-keystore",
        folder.resolve("trusts-" + name + ".p12").toString());
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + ": " + said);
    }
  }

  /** Where clients come in by TLS. */
  public String bootstrap() {
    return bootstrap;
  }

  /** The listener without TLS, to look behind it. */
  public String plain() {
    return kafka.bootstrap();
  }

  /**
   * Properties of a client.
   *
   * @param trusts name of the key that it trusts: broker, or stranger
   */
  public Properties client(String password, String trusts) {
    Properties client = new Properties();
    client.put("bootstrap.servers", bootstrap);
    client.put("security.protocol", "SASL_SSL");
    client.put("sasl.mechanism", "PLAIN");
    client.put(
        "sasl.jaas.config",
        ("org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"etesian\" password=\"%s\";")
            .formatted(password));
    client.put("ssl.truststore.location", folder.resolve("trusts-" + trusts + ".p12").toString());
    client.put("ssl.truststore.password", STORE_PASSWORD);
    return client;
  }

  /** The same in a file, as {@code --client} takes it. */
  public Path clientFile(String password, String trusts) throws IOException {
    Path file = folder.resolve("client-" + trusts + ".properties");
    try (var writer = Files.newBufferedWriter(file)) {
      client(password, trusts).store(writer, null);
    }
    return file;
  }

  @Override
  public void close() {
    kafka.close();
  }
}
