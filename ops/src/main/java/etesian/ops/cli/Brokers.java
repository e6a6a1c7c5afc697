package etesian.ops.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The options of every command that speaks to Kafka. */
final class Brokers {
  @Option(
      names = "--brokers",
      paramLabel = "HOST:PORT[,...]",
      defaultValue = "${env:ETESIAN_BROKERS:-127.0.0.1:9092}",
      description = "Kafka brokers (default: ETESIAN_BROKERS, else 127.0.0.1:9092).")
  private String list;

  @Option(
      names = "--client",
      paramLabel = "FILE",
      description = "Kafka client properties, for TLS and SASL.")
  private Path file;

  String list() {
    return list;
  }

  /** Client properties: those of the file, and the brokers. */
  Map<String, Object> properties() throws IOException {
    Map<String, Object> all = new TreeMap<>();
    if (file != null) {
      all.putAll(read(file));
    }
    all.put("bootstrap.servers", list);
    return all;
  }

  /** A Java properties file. */
  static Map<String, Object> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    Map<String, Object> all = new TreeMap<>();
    properties.forEach((key, value) -> all.put(key.toString(), value));
    return all;
  }
}
