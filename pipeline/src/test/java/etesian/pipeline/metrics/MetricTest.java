package etesian.pipeline.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class MetricTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "metrics.md");

  @Test
  void namesFollowTheRulesOfPrometheus() {
    assertThat(Metric.values())
        .allSatisfy(
            metric -> {
              assertThat(metric.prometheusName()).matches("etesian_[a-z]+(_[a-z]+)*");
              assertThat(metric.prometheusName().endsWith("_total"))
                  .as("%s counts", metric)
                  .isEqualTo(metric.type() == Metric.Type.COUNTER);
              assertThat(metric.help()).matches("[A-Z1].*[^.]");
            });
  }

  @Test
  void noNameBeginsLikeALabel() {
    // The rule that shortens names could not tell them apart.
    String labels =
        Arrays.stream(Metric.values())
            .flatMap(metric -> metric.labels().stream())
            .distinct()
            .collect(Collectors.joining("|"));
    assertThat(Metric.values())
        .allSatisfy(m -> assertThat(m.shortName()).doesNotMatch("(" + labels + ")_.*"));
  }

  @Test
  void aMetricIsRegisteredWithItsOwnTypeAndLabelsOnly() {
    Meters meters = Meters.of(new UnregisteredMetricsGroup());
    assertThat(meters.with("stream", "t2m").counter(Metric.WINDOWS_TOTAL)).isNotNull();
    assertThatThrownBy(() -> meters.counter(Metric.WINDOWS_TOTAL))
        .hasMessageContaining("WINDOWS_TOTAL has the labels [stream], not []");
    assertThatThrownBy(() -> meters.with("stream", "t2m").summary(Metric.WINDOWS_TOTAL))
        .hasMessageContaining("WINDOWS_TOTAL is a COUNTER, not a SUMMARY");
  }

  @Test
  void timesAreTakenInNanosecondsAndShownInSeconds() {
    Histogram seconds = new Scaled(1e-9);
    seconds.update(2_000_000_000);
    seconds.update(500_000_000);
    assertThat(seconds.getCount()).isEqualTo(2);
    assertThat(seconds.getStatistics().getMean()).isCloseTo(1.25, within(1e-9));
    assertThat(seconds.getStatistics().getQuantile(1)).isCloseTo(2, within(1e-9));
  }

  /** {@code -Detesian.write=true} writes the document anew. */
  @Test
  void theDocumentIsThatOfTheCatalogue() throws Exception {
    String expected = document();
    if (Boolean.getBoolean("etesian.write")) {
      Files.writeString(DOCUMENT, expected);
    }
    assertThat(DOCUMENT).hasContent(expected);
  }

  private static String rows(Metric.Source source) {
    return Arrays.stream(Metric.values())
        .filter(metric -> metric.source() == source)
        .map(
            m ->
                "| `%s` | %s | %s | %s | %s |\n"
                    .formatted(
                        m.prometheusName(),
                        m.type().name().toLowerCase(java.util.Locale.ROOT),
                        m.unit(),
                        m.labels().stream()
                            .map(label -> "`" + label + "`")
                            .collect(Collectors.joining(", ")),
                        m.help()))
        .collect(Collectors.joining());
  }

  private static String document() {
    return """
        # Metrics

        Made from the catalogue, `etesian.pipeline.metrics.Metric`, by its test.

        ## The job

        The job reports through Flink: `./etesian demo` and `run` on `http://127.0.0.1:9249/metrics`, a cluster by Flink's own Prometheus
        reporter. There Flink puts its scope and the keys of labels in front of each name, for instance
        `flink_taskmanager_job_task_operator_etesian_stream_windows_total`. The rules of
        [`ops/prometheus/prometheus.yml`](../ops/prometheus/prometheus.yml) leave what stands below; dashboards and alerts use these names. A
        counter begins at zero again when the job restarts; a summary has the quantiles of its last 512 values.

        | name | type | unit | labels | meaning |
        |---|---|---|---|---|
        %s
        Flink's own metrics that the dashboards show: `flink_jobmanager_job_numRestarts`, `…_lastCheckpointDuration`,
        `…_numberOfFailedCheckpoints`, and of each task `busyTimeMsPerSecond` and `backPressuredTimeMsPerSecond`.

        ## Publishing

        `./etesian publish --metrics-port 9250` has these on `http://127.0.0.1:9250/metrics` for as long as it runs, best with `--watch`; the demo, which
        publishes itself, beside those of its console.

        | name | type | unit | labels | meaning |
        |---|---|---|---|---|
        %s
        ## The console

        On `/metrics` of its own port, for hosts that it answers (`--allow-host`).

        | name | type | unit | labels | meaning |
        |---|---|---|---|---|
        %s
        ## Dashboards and alerts

        | | |
        |---|---|
        | [`ops/grafana/dashboards`](../ops/grafana/dashboards) | stream health; skill by lead; models and tuning; device and rollouts. Grafana takes them and the data source from `ops/grafana/provisioning` |
        | [`ops/prometheus/rules.yml`](../ops/prometheus/rules.yml) | recording rules and alerts; `promtool test rules ops/prometheus/rules_test.yml` shows when each fires |

        `DemoTest` starts a Prometheus where one is installed, runs the job before it, and wants data from every panel and every alert.
        """
        .formatted(
            rows(Metric.Source.JOB), rows(Metric.Source.PUBLISH), rows(Metric.Source.CONSOLE));
  }
}
