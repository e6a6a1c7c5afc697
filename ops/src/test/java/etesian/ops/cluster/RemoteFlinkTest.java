package etesian.ops.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import etesian.ops.embedded.Ports;
import etesian.ops.embedded.StartFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a person is told when a cluster is not as the job needs it. */
@Timeout(60)
class RemoteFlinkTest {
  private static final JobID JOB = new JobID(1, 2);

  private final List<String> said = new ArrayList<>();
  private HttpServer server;
  private String address;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    address = "127.0.0.1:" + server.getAddress().getPort();
    answer("/overview", "{\"taskmanagers\": 2, \"slots-total\": 4, \"slots-available\": 0}");
    answer("/config", "{\"flink-version\": \"2.3.7\"}");
    answer(
        "/jobmanager/environment",
        "{\"classpath\": [\"/opt/flink/lib/pytorch-engine-0.35.1.jar\"]}");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(String path, String json) {
    server.createContext(
        path,
        exchange -> {
          byte[] body = json.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private void replace(String path, String json) {
    server.removeContext(path);
    answer(path, json);
  }

  @Test
  void aClusterOfTheSameMinorVersionWithDjlIsTaken() {
    assertThat(RemoteFlink.at(address).rest().page()).hasToString("http://" + address);
  }

  @Test
  void nobodyThereIsSaidWithWhatToCheck() {
    String nobody = "127.0.0.1:" + Ports.free();
    assertThatThrownBy(() -> RemoteFlink.at(nobody))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining(nobody + " does not answer")
        .hasMessageContaining("rest.port");
  }

  @Test
  void anAddressThatIsNoneIsNamed() {
    assertThatThrownBy(() -> RemoteFlink.at("http://somewhere"))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("'http://somewhere' is not host:port");
  }

  @Test
  void anotherVersionOfFlinkIsRefused() {
    replace("/config", "{\"flink-version\": \"1.20.1\"}");
    assertThatThrownBy(() -> RemoteFlink.at(address))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("is 1.20.1")
        .hasMessageContaining("2.3.x");
  }

  @Test
  void aClusterWithoutDjlIsRefusedWithTheRemedy() {
    replace("/jobmanager/environment", "{\"classpath\": [\"/opt/flink/lib/flink-dist.jar\"]}");
    assertThatThrownBy(() -> RemoteFlink.at(address))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("no DJL")
        .hasMessageContaining("etesian package");
  }

  @Test
  void aSecondJobOfTheSameNameIsRefused() {
    answer("/jobs/overview", jobs("RUNNING"));
    assertThatThrownBy(() -> submit("weather"))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("'weather' is RUNNING there already (" + JOB + ")");
  }

  @Test
  void aJobThatCannotBeSentSaysWhy() {
    answer("/jobs/overview", jobs("CANCELED"));
    assertThatThrownBy(() -> submit("weather"))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("does not take the job");
  }

  private static String jobs(String state) {
    return "{\"jobs\": [{\"jid\": \"%s\", \"name\": \"weather\", \"state\": \"%s\"}]}"
        .formatted(JOB, state);
  }

  private void submit(String name) {
    RemoteFlink flink = RemoteFlink.at(address);
    StreamExecutionEnvironment env = flink.environment();
    env.fromSequence(1, 2).sinkTo(new DiscardingSink<>());
    flink.submit(env, name, new ClusterJars(List.of()));
  }

  @Test
  void aJobThatFindsNoSlotSaysSo() {
    answer("/jobs/" + JOB + "/exceptions", "{\"exceptionHistory\": {\"entries\": []}}");
    answer("/jobs/" + JOB, "{\"state\": \"RUNNING\", \"vertices\": [{\"status\": \"SCHEDULED\"}]}");
    assertThatThrownBy(() -> awaitRunning(said::add))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("no slot is free: 2 TaskManagers with 4 slots");
    assertThat(said).hasSize(1);
  }

  @Test
  void aJobThatBeginsInTheLastSlotDoesNotComplain() {
    answer("/jobs/" + JOB + "/exceptions", "{\"exceptionHistory\": {\"entries\": []}}");
    answer(
        "/jobs/" + JOB, "{\"state\": \"RUNNING\", \"vertices\": [{\"status\": \"INITIALIZING\"}]}");
    assertThatThrownBy(() -> awaitRunning(said::add)).hasMessageNotContaining("slot");
    assertThat(said).isEmpty();
  }

  @Test
  void aJobThatFailsAgainAndAgainSaysWhyAndSaysItAtOnce() {
    answer(
        "/jobs/" + JOB + "/exceptions",
        "{\"exceptionHistory\": {\"entries\": [{\"stacktrace\":"
            + " \"Failed: stream t2m\\n at here\\nCaused by: no weights\\n\\tat there\"}]}}");
    answer("/jobs/" + JOB, "{\"state\": \"RESTARTING\", \"vertices\": []}");
    assertThatThrownBy(() -> awaitRunning(said::add))
        .isInstanceOf(StartFailed.class)
        .hasMessageContaining("Failed: stream t2m; no weights");
    assertThat(said).containsExactly("waiting: Failed: stream t2m; no weights");
  }

  private void awaitRunning(Consumer<String> say) throws InterruptedException {
    RemoteFlink.at(address).awaitRunning(JOB, Duration.ofSeconds(1), say);
  }
}
