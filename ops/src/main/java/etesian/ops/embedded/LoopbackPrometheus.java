package etesian.ops.embedded;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Properties;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.prometheus.AbstractPrometheusReporter;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Flink's Prometheus reporter on loopback. Flink's own listens on every interface and has no option
 * for that. Setting: {@code port}.
 */
public final class LoopbackPrometheus extends AbstractPrometheusReporter {
  private HTTPServer server;

  /** Found by Flink through {@code META-INF/services}. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return new LoopbackPrometheus();
    }
  }

  @Override
  public void open(MetricConfig config) {
    super.open(config);
    int port = config.getInteger("port", Ports.PROMETHEUS);
    try {
      server =
          new HTTPServer(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port), registry(), true);
    } catch (IOException e) {
      throw new StartFailed(
          "metrics: port " + port + " on 127.0.0.1 is taken; choose another, 0 for any free one",
          e);
    }
  }

  /** The registry is visible only inside Flink's package. */
  private CollectorRegistry registry() {
    try {
      Field field = AbstractPrometheusReporter.class.getDeclaredField("registry");
      field.setAccessible(true);
      return (CollectorRegistry) field.get(this);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this version of flink-metrics-prometheus has no registry field", e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop();
    }
    super.close();
  }
}
