package etesian.ops.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;

/**
 * How a job uses its device, from the metrics that its forecast operators give to Prometheus: steps
 * of rollouts, steps of the device and what these take; and how this process uses its cores.
 */
final class StreamDevice {
  private static final String PREFIX = "flink_taskmanager_job_task_operator_etesian_stream_";

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final URI metrics;
  private final HttpClient http = HttpClient.newHttpClient();
  private Reading begin;
  private long beginNanos;
  private long beginCpuNanos;

  StreamDevice(URI metrics) {
    this.metrics = metrics;
  }

  /**
   * @param share of the time that the device computes, by the median time of its steps
   * @param batchMean steps of rollouts in one of its own
   * @param cpuMillisPerStep time of all cores, for a step of a rollout with all that belongs to it
   */
  record Use(double share, double batchMean, double cpuMillisPerStep) {}

  private record Reading(double steps, double ticks, double medianMillis) {}

  void begin() {
    begin = read();
    beginNanos = System.nanoTime();
    beginCpuNanos = cpuNanos();
  }

  /** Since {@link #begin}. */
  Use end() {
    double seconds = (System.nanoTime() - beginNanos) / 1e9;
    double cpuMillis = (cpuNanos() - beginCpuNanos) / 1e6;
    Reading end = read();
    double ticks = end.ticks - begin.ticks;
    double steps = end.steps - begin.steps;
    return new Use(ticks * end.medianMillis / 1e3 / seconds, steps / ticks, cpuMillis / steps);
  }

  /** Time that all threads of this process have computed. */
  static long cpuNanos() {
    return PROCESS.getProcessCpuTime();
  }

  private Reading read() {
    String page;
    try {
      page =
          http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
              .body();
    } catch (IOException e) {
      throw new IllegalStateException("no metrics at " + metrics + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    double operators = count(page, "step_seconds_count");
    return new Reading(
        sum(page, "forecast_steps_total", ""),
        sum(page, "step_seconds_count", ""),
        1e3 * sum(page, "step_seconds", "quantile=\"0.5\"") / operators);
  }

  private static double sum(String page, String name, String label) {
    return lines(page, name, label)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static long count(String page, String name) {
    return lines(page, name, "").count();
  }

  private static Stream<String> lines(String page, String name, String label) {
    return page.lines().filter(l -> l.startsWith(PREFIX + name + "{") && l.contains(label));
  }
}
