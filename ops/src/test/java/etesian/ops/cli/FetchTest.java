package etesian.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {
  @TempDir private Path folder;
  private HttpServer server;
  private String host;

  @BeforeEach
  void aServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    host = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void tearDown() {
    server.stop(0);
  }

  @Test
  void aFolderComesAndASecondCallFindsItUnchanged() throws Exception {
    on("/d/", 200, "text/html", "<a href='a.nc'>a</a><a href='b.nc'>b</a><a href='c.txt'>c</a>");
    on("/d/a.nc", 200, "application/x-netcdf", "one");
    on("/d/b.nc", 200, "application/x-netcdf", "three");
    Path into = folder.resolve("new/sst");

    Run first = Run.of("fetch", host + "/d/", "--into", into.toString(), "--json");
    Run second = Run.of("fetch", host + "/d/", "--into", into.toString());

    assertThat(first.exitCode()).isZero();
    JsonNode summary = new ObjectMapper().readTree(first.out());
    assertThat(summary.get("fetched").asInt()).isEqualTo(2);
    assertThat(summary.get("bytes").asInt()).isEqualTo(8);
    assertThat(summary.get("files").get(1).asText()).isEqualTo(into.resolve("b.nc").toString());
    assertThat(into.resolve("b.nc")).hasContent("three");
    assertThat(second.exitCode()).isZero();
    assertThat(second.out()).contains("0 files fetched").contains("2 unchanged");
  }

  @Test
  void aFileThatIsMissingIsNamedAndTheCommandFails() throws Exception {
    on("/d/", 200, "text/html", "<a href='a.nc'>a</a><a href='b.nc'>b</a>");
    on("/d/a.nc", 403, "text/plain", "no");
    on("/d/b.nc", 200, "application/x-netcdf", "three");

    Run run = Run.of("fetch", host + "/d/", "--into", folder.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("a.nc is not to be had").contains("403");
    assertThat(run.out()).contains("1 files fetched").contains("1 failed");
    assertThat(folder.resolve("b.nc")).exists();
  }

  @Test
  void aDataStoreMakesAFile() throws Exception {
    String job = "{\"jobID\": \"j\", \"status\": \"successful\", \"links\": []}";
    String asset = "{\"asset\": {\"value\": {\"href\": \"%s/f.nc\", \"file:size\": 5}}}";
    on("/api/retrieve/v1/processes/era5/execution", 201, "application/json", job);
    on("/api/retrieve/v1/jobs/j", 200, "application/json", job);
    on("/api/retrieve/v1/jobs/j/results", 200, "application/json", asset.formatted(host));
    on("/f.nc", 200, "application/netcdf", "three");
    Path request = write("july.yaml", "dataset: era5\nrequest: {variable: [sst]}\n");

    Run run = fetchFromStore(request);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(folder.resolve("july.nc")).hasContent("three");
    assertThat(run.err()).contains("added data_format: netcdf").contains("job is successful");
    assertThat(run.out() + run.err()).doesNotContain("secret");
  }

  @Test
  void aRefusalOfTheStoreIsSaidWithoutTheKey() throws Exception {
    String reason = "{\"title\": \"invalid request\", \"detail\": \"secret asked for too much\"}";
    on("/api/retrieve/v1/processes/era5/execution", 400, "application/json", reason);
    Path request = write("july.yaml", "dataset: era5\nrequest: {variable: [sst]}\n");

    Run run = fetchFromStore(request);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("asked for too much").doesNotContain("secret");
  }

  @Test
  void withoutAKeyItSaysWhereOneIsExpected() throws Exception {
    Path request = write("july.yaml", "dataset: era5\nrequest: {variable: [sst]}\n");
    Path rc = folder.resolve("absent");
    Run run =
        Run.of(
            "fetch",
            "--cds",
            request.toString(),
            "--rc",
            rc.toString(),
            "--into",
            folder.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(rc.toString()).contains("personal access token");
  }

  @Test
  void oneOfFolderAndRequestIsNeeded() {
    String into = folder.toString();
    assertThat(Run.of("fetch", "--into", into).exitCode()).isEqualTo(2);
    assertThat(Run.of("fetch", host, "--cds", "a.yaml", "--into", into).exitCode()).isEqualTo(2);
    assertThat(Run.of("fetch", "folder", "--into", into).exitCode()).isEqualTo(2);
    assertThat(Run.of("fetch", host).exitCode()).isEqualTo(2);
    assertThat(Run.of("fetch", host, "--glob", "[", "--into", into).exitCode()).isEqualTo(2);
  }

  @Test
  void twoRequestsOfOneNameWouldBecomeOneFile() {
    Run run = Run.of("fetch", "--cds", "a.yaml", "--cds", "b/a.json", "--into", "x");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("rename one of them");
  }

  private Run fetchFromStore(Path request) throws IOException {
    Path rc = write("rc", "url: " + host + "/api\nkey: secret\n");
    return Run.of(
        "fetch", "--cds", request.toString(), "--rc", rc.toString(), "--into", folder.toString());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private void on(String path, int status, String type, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("ETag", "\"" + text.hashCode() + "\"");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }
}
