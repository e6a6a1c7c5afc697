package etesian.ops.metrics;

import etesian.ingest.field.Check;
import etesian.ops.embedded.StartFailed;
import etesian.pipeline.metrics.Metric;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.function.DoubleSupplier;

/** The metrics of this process, registered as the {@link Metric catalogue} has them. */
public final class ProcessMetrics {
  /** This machine alone. */
  public static final String LOOPBACK = "127.0.0.1";

  private static final PrometheusTextFormatWriter TEXT = PrometheusTextFormatWriter.create();

  private final PrometheusRegistry registry = new PrometheusRegistry();

  /** Counts up from zero. */
  public Counter counter(Metric metric) {
    demand(metric, Metric.Type.COUNTER);
    return Counter.builder()
        .name(metric.prometheusName())
        .help(metric.help())
        .labelNames(labels(metric))
        .register(registry);
  }

  /** Set by whoever knows. */
  public Gauge gauge(Metric metric) {
    demand(metric, Metric.Type.GAUGE);
    return Gauge.builder()
        .name(metric.prometheusName())
        .help(metric.help())
        .labelNames(labels(metric))
        .register(registry);
  }

  /** Asked for at each scrape; without labels. */
  public void gauge(Metric metric, DoubleSupplier value) {
    demand(metric, Metric.Type.GAUGE);
    Check.that(metric.labels().isEmpty(), "%s has the labels %s", metric, metric.labels());
    GaugeWithCallback.builder()
        .name(metric.prometheusName())
        .help(metric.help())
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private static void demand(Metric metric, Metric.Type type) {
    Check.that(metric.type() == type, "%s is a %s, not a %s", metric, metric.type(), type);
    Check.that(metric.source() != Metric.Source.JOB, "%s is reported by Flink", metric);
  }

  private static String[] labels(Metric metric) {
    return metric.labels().toArray(String[]::new);
  }

  /** Media type of {@link #text}. */
  public static String contentType() {
    return TEXT.getContentType();
  }

  /** All of them now, as Prometheus reads them. */
  public byte[] text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      TEXT.write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Serves metrics until it is closed. */
  public static final class Endpoint implements AutoCloseable {
    private final HTTPServer server;
    private final String host;

    private Endpoint(HTTPServer server, String host) {
      this.server = server;
      this.host = host;
    }

    /** Where Prometheus asks. */
    public String address() {
      return "http://" + host + ":" + server.getPort() + "/metrics";
    }

    @Override
    public void close() {
      server.close();
    }
  }

  /**
   * Serves {@code /metrics}.
   *
   * @param host address to listen on; {@value #LOOPBACK} for this machine alone
   * @param port 0 for any free one
   * @throws StartFailed when it is taken, or the host is not of this machine
   */
  public Endpoint serve(String host, int port) {
    try {
      return new Endpoint(
          HTTPServer.builder()
              .inetAddress(InetAddress.getByName(host))
              .port(port)
              .registry(registry)
              .buildAndStart(),
          host);
    } catch (IOException e) {
      throw new StartFailed(
          "metrics: cannot listen on %s port %d (%s); choose another port, 0 for any free one"
              .formatted(host, port, e.getMessage()),
          e);
    }
  }
}
