package etesian.ops.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ops.embedded.StartFailed;
import etesian.pipeline.metrics.Metric;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class ProcessMetricsTest {
  private final ProcessMetrics metrics = new ProcessMetrics();

  @Test
  void namesHelpAndLabelsAreThoseOfTheCatalogue() {
    metrics.counter(Metric.CONSOLE_RECORDS_TOTAL).labelValues("etesian.scores").inc(3);
    metrics.gauge(Metric.CONSOLE_PAGES, () -> 2);

    assertThat(new String(metrics.text(), UTF_8))
        .contains(
            "# HELP etesian_console_records_total " + Metric.CONSOLE_RECORDS_TOTAL.help() + "\n",
            "# TYPE etesian_console_records_total counter\n",
            "etesian_console_records_total{topic=\"etesian.scores\"} 3.0\n",
            "etesian_console_pages 2.0\n");
  }

  @Test
  void aMetricIsRegisteredWithItsOwnTypeAndByItsOwnProcess() {
    assertThatThrownBy(() -> metrics.gauge(Metric.PUBLISH_RECORDS_TOTAL))
        .hasMessage("PUBLISH_RECORDS_TOTAL is a COUNTER, not a GAUGE");
    assertThatThrownBy(() -> metrics.counter(Metric.WINDOWS_TOTAL))
        .hasMessage("WINDOWS_TOTAL is reported by Flink");
    assertThatThrownBy(() -> metrics.gauge(Metric.CONSOLE_LAG_RECORDS, () -> 1))
        .hasMessage("CONSOLE_LAG_RECORDS has the labels [topic]");
  }

  @Test
  void anEndpointServesThemToThisMachine() throws Exception {
    metrics.counter(Metric.PUBLISH_RECORDS_TOTAL).inc();
    try (ProcessMetrics.Endpoint endpoint = metrics.serve(ProcessMetrics.LOOPBACK, 0)) {
      String answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(endpoint.address())).build(),
                  BodyHandlers.ofString())
              .body();
      assertThat(answer).contains("etesian_publish_records_total 1.0\n");
    }
  }

  @Test
  void aTakenPortIsSaid() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> metrics.serve(ProcessMetrics.LOOPBACK, taken.getLocalPort()))
          .isInstanceOf(StartFailed.class)
          .hasMessageContaining("cannot listen on 127.0.0.1 port " + taken.getLocalPort());
    }
  }
}
