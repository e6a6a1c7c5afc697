package etesian.ops.console;

import static etesian.ops.console.Samples.NOON;
import static etesian.ops.console.Samples.STEP;
import static etesian.ops.console.Samples.STREAM;
import static etesian.ops.console.Samples.forecast;
import static etesian.ops.console.Samples.full;
import static etesian.ops.console.Samples.observed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.field.Ensemble;
import etesian.ops.metrics.ProcessMetrics;
import etesian.ops.metrics.PublishMetrics;
import etesian.pipeline.champion.Champion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SERIES = "stream=t2m&variable=t2m";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Store store = Samples.store(4, 1 << 20);
  private final ProcessMetrics metrics = new ProcessMetrics();
  private Console console;

  @BeforeEach
  void serve(@TempDir Path folder) {
    console =
        Console.serve(
            new ConsoleSettings(
                Samples.settings("127.0.0.1:1", folder),
                ConsoleSettings.LOOPBACK,
                0,
                List.of("forecasts.example.org"),
                4,
                1 << 20,
                Optional.of("made up")),
            store,
            metrics);
  }

  @AfterEach
  void close() {
    console.close();
  }

  @Test
  void tellsWhatThereIsToChooseFrom() throws Exception {
    store.add(forecast(NOON, 0, 280, 1, 3));
    store.addObserved(STREAM, observed(NOON.plus(STEP), 280));
    store.add(new Champion("t2m", "m2no", Samples.WEIGHTS, Champion.ALWAYS, null));

    JsonNode state = json("api/state");

    assertThat(state.at("/notice").asText()).isEqualTo("made up");
    assertThat(state.at("/streams/0/champion").asText()).isEqualTo(Samples.WEIGHTS);
    JsonNode series = state.at("/streams/0/variables/0");
    assertThat(series.at("/units").asText()).isEqualTo("K");
    assertThat(series.at("/range").toString()).isEqualTo("[281.0,283.0]");
    assertThat(series.at("/issues/0/issue").asText()).isEqualTo(NOON.toString());
    assertThat(series.at("/issues/0/leads")).hasSize(3);
    assertThat(series.at("/issues/0/leads/0/observed").asBoolean()).isTrue();
    assertThat(series.at("/issues/0/leads/1/observed").asBoolean()).isFalse();
  }

  @Test
  void aFieldTravelsAsFloatsLeastByteFirst() throws Exception {
    store.add(forecast(NOON, 0, 280, 1, 3));
    store.addObserved(STREAM, observed(NOON, 279));

    assertThat(field("product=forecast&lead=2&issue=" + NOON)).containsExactly(full(282));
    assertThat(field("product=observed&time=" + NOON)).containsExactly(full(279));
    assertThat(get("api/field?" + SERIES + "&product=spread&lead=2&issue=" + NOON).statusCode())
        .isEqualTo(404);
  }

  @Test
  void anEnsembleOffersSpreadQuantilesAndMembers() throws Exception {
    store.add(
        Samples.ensemble(
            NOON,
            new Ensemble(
                2,
                full(1.5f),
                List.of(new Ensemble.Quantile(0.9, full(284))),
                List.of(full(280), full(282)))));

    assertThat(json("api/state").at("/streams/0/variables/0/issues/0/products").toString())
        .isEqualTo("[\"forecast\",\"spread\",\"q0.9\",\"member1\",\"member2\"]");
    assertThat(field("product=q0.9&lead=1&issue=" + NOON)).containsExactly(full(284));
    assertThat(field("product=member2&lead=1&issue=" + NOON)).containsExactly(full(282));
  }

  @Test
  void aPlaceIsToldThroughTime() throws Exception {
    store.add(forecast(NOON, 0, 280, 1, 2));
    store.addObserved(STREAM, observed(NOON, Float.NaN));

    JsonNode point = json("api/point?" + SERIES + "&row=1&column=2&issue=" + NOON);

    assertThat(point.at("/leads/1/forecast").asDouble()).isEqualTo(282);
    assertThat(point.at("/observed").get(NOON.toString()).isNull()).isTrue();
  }

  @Test
  void scoresModelsAndDeadLettersAreListed() throws Exception {
    store.addScore(JSON.readTree("{\"stream\":\"t2m\",\"lead\":1,\"rmse\":2.0}"));
    store.addScore(JSON.readTree("{\"stream\":\"t2m\",\"lead\":1,\"rmse\":1.0}"));
    store.add(new Champion("t2m", "m2no", Samples.WEIGHTS, Champion.ALWAYS, null));
    store.addEvent(JSON.readTree("{\"stream\":\"t2m\",\"event\":\"knighted\",\"since\":1}"));
    store.add(new Letter(NOON, "UNREADABLE", "not a file", "etesian.granules.era5/0@7", "00"));

    assertThat(json("api/scores").toString())
        .isEqualTo("[{\"stream\":\"t2m\",\"lead\":1,\"rmse\":1.0}]");
    assertThat(json("api/models").at("/champions/0/stream").asText()).isEqualTo("t2m");
    assertThat(json("api/models").at("/events/0").toString())
        .as("also of kinds that are not known yet")
        .isEqualTo("{\"stream\":\"t2m\",\"event\":\"knighted\",\"since\":1}");
    assertThat(json("api/deadletters").at("/newest/0/reason").asText()).isEqualTo("not a file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api/field?stream=t2m",
        "api/field?" + SERIES + "&product=forecast&lead=x&issue=2026-01-01T12:00:00Z",
        "api/field?" + SERIES + "&product=observed&time=yesterday",
        "api/point?" + SERIES + "&row=9&column=0&issue=2026-01-01T12:00:00Z",
        "api/state?%25zz=%zz"
      })
  void whatMakesNoSenseIsSaidToMakeNone(String path) throws Exception {
    store.add(forecast(NOON, 0, 280, 1, 1));

    String answer = raw("GET /" + path + " HTTP/1.1\r\nHost: localhost\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400");
  }

  @Test
  void thePageAndAllThatItLoadsComesFromHere() throws Exception {
    for (String path :
        List.of(
            "",
            "console.css",
            "main.js",
            "api.js",
            "map.js",
            "charts.js",
            "models.js",
            "colours.js",
            "words.js",
            "d3.min.js",
            "land-110m.json",
            "land-50m.json",
            "icon.svg")) {
      HttpResponse<String> file = get(path);
      assertThat(file.statusCode()).as(path).isEqualTo(200);
      if (!path.startsWith("d3") && !path.endsWith("svg")) { // licence and namespace, not loaded
        assertThat(file.body()).as(path).doesNotContain("http://", "https://");
      }
    }
    assertThat(get("../log4j2.xml").statusCode()).isEqualTo(404);
    assertThat(get("Page.class").statusCode()).isEqualTo(404);
  }

  @Test
  void everyAnswerForbidsFramesForeignScriptsAndGuesses() throws Exception {
    for (String path : List.of("", "api/state", "nothing")) {
      var headers = get(path).headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
      assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).hasValue("same-origin");
      assertThat(headers.firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:8090",
        "127.0.0.1",
        "[::1]:8090",
        "10.0.0.7:80",
        "Forecasts.Example.org"
      })
  void answersAddressesAndNamesThatItKnows(String host) throws Exception {
    assertThat(raw("GET /api/state HTTP/1.1\r\nHost: " + host + "\r\n")).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil:8090"})
  void aForeignNameThatPointsHereReadsNothing(String host) throws Exception {
    assertThat(raw("GET /api/state HTTP/1.1\r\nHost: " + host + "\r\n"))
        .startsWith("HTTP/1.1 421")
        .doesNotContain("streams");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void nothingCanBeChanged(String method) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(console.page().resolve("api/state"))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();

    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @Test
  void prometheusReadsItsMetricsHere() throws Exception {
    new PublishMetrics(metrics).acknowledged(Path.of("a.nc"), 7);

    HttpResponse<String> answer = get("metrics");

    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body()).contains("etesian_publish_bytes_total 7.0\n");
  }

  @Test
  void aPageHearsOfEachChange() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(console.page().resolve("api/live")).build();
    try (InputStream stream = client.send(request, BodyHandlers.ofInputStream()).body();
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("data: {\"version\":0}");
      store.add(forecast(NOON, 0, 280, 1, 1));
      assertThat(lines.readLine()).isEmpty();
      assertThat(lines.readLine()).isEqualTo("data: {\"version\":1}");
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(console.page().resolve("/" + path)).build(),
        BodyHandlers.ofString());
  }

  private JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private float[] field(String query) throws IOException, InterruptedException {
    byte[] bytes =
        client
            .send(
                HttpRequest.newBuilder(console.page().resolve("/api/field?" + SERIES + "&" + query))
                    .build(),
                BodyHandlers.ofByteArray())
            .body();
    float[] values = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  /** As an attacker writes it: java.net.http sends no Host but the true one. */
  private String raw(String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.page().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write((head + "Connection: close\r\n\r\n").getBytes(UTF_8));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
