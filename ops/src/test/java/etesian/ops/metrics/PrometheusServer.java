package etesian.ops.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ops.embedded.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Prometheus with the configuration of {@code ops/prometheus}, which watches an endpoint of
 * a test every second.
 */
public final class PrometheusServer implements AutoCloseable {
  private static final Path CONFIGURATION = Path.of("prometheus");
  private static final String ENDPOINT = "127.0.0.1:9249";
  private static final String CONSOLE = "127.0.0.1:8090";

  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final Process process;
  private final int port;

  private PrometheusServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * @param folder for its configuration and data
   * @param endpointPort of the job's metrics
   * @param consolePort of the console, which has its own
   * @return empty where the machine has no {@code prometheus}
   */
  public static Optional<PrometheusServer> start(Path folder, int endpointPort, int consolePort)
      throws Exception {
    Optional<Path> program =
        Stream.of(System.getenv("PATH").split(":"))
            .map(path -> Path.of(path, "prometheus"))
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    String configuration = Files.readString(CONFIGURATION.resolve("prometheus.yml"));
    for (String watched : List.of(ENDPOINT, CONSOLE)) {
      if (!configuration.contains(watched)) {
        throw new IllegalStateException("prometheus.yml does not watch " + watched + " any more");
      }
    }
    Files.writeString(
        folder.resolve("prometheus.yml"),
        configuration
            .replace(ENDPOINT, "127.0.0.1:" + endpointPort)
            .replace(CONSOLE, "127.0.0.1:" + consolePort)
            .replace("_interval: 15s", "_interval: 1s"));
    Files.copy(CONFIGURATION.resolve("rules.yml"), folder.resolve("rules.yml"));
    int port = Ports.free();
    Process process =
        new ProcessBuilder(
                program.get().toString(),
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    PrometheusServer server = new PrometheusServer(process, port);
    server.awaitReady(folder.resolve("prometheus.log"));
    return Optional.of(server);
  }

  private void awaitReady(Path log) throws Exception {
    for (int i = 0; i < 150; i++) {
      try {
        if (get("/-/ready").statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // not listening yet
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException("prometheus is not ready: " + Files.readString(log));
  }

  /** The result of an expression at a time; an error of the expression is thrown. */
  public JsonNode query(String expression, Instant at) throws Exception {
    HttpResponse<String> response =
        get("/api/v1/query?time=" + at + "&query=" + URLEncoder.encode(expression, UTF_8));
    JsonNode answer = json.readTree(response.body());
    if (!"success".equals(answer.path("status").asText())) {
      throw new IllegalArgumentException(expression + ": " + answer.path("error").asText());
    }
    return answer.path("data").path("result");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
