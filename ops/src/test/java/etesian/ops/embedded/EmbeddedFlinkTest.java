package etesian.ops.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;

class EmbeddedFlinkTest {

  @Test
  void aJobRunsIsMeasuredAndStopsWithASavepoint() throws Exception {
    try (EmbeddedFlink flink = EmbeddedFlink.start(0, 0, 2)) {
      StreamExecutionEnvironment env = flink.environment();
      env.setParallelism(1);
      env.enableCheckpointing(500);
      env.fromSequence(0, Long.MAX_VALUE)
          .uid("numbers")
          .sinkTo(new DiscardingSink<>())
          .uid("nowhere");
      JobID job = flink.submit(env, "count");
      flink.awaitRunning(job, Duration.ofSeconds(30));

      assertThat(ListeningSockets.addresses())
          .isNotEmpty()
          .allMatch(ListeningSockets::isLoopback, "on loopback");
      assertThat(get(flink.rest().resolve("/jobs/" + job))).contains("\"name\":\"count\"");
      assertThat(get(flink.metrics())).contains("flink_taskmanager");

      String savepoint = flink.stopWithSavepoint(job, true, Duration.ofSeconds(60));
      assertThat(Path.of(URI.create(savepoint))).isDirectory();
      assertThat(flink.result(job).get().isSuccess()).isTrue();
      assertThat(flink.status(job)).isEqualTo(JobStatus.FINISHED);
    }
  }

  private static String get(URI address) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
        .body();
  }
}
