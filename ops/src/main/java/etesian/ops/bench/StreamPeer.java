package etesian.ops.bench;

import etesian.ingest.kafka.Topics;
import etesian.operators.Devices;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.m2no.Base;
import etesian.operators.m2no.Multiwavelets;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A program that does what the job does, for comparison: {@code ops/bench/python/stream.py}. It
 * reads the same granules from the same broker, runs the same networks with the same weights and
 * writes forecasts as NetCDF into a topic of its own, where they are counted as ours are.
 *
 * @param program executable; with {@code --check} it ends with code 0 when it has what it needs
 */
record StreamPeer(Path program) {
  private static final Duration CHECK = Duration.ofMinutes(1);

  /** Modes of a network of {@link StreamModels} on each axis. */
  private static final int ORDER = 3;

  /**
   * Figures: {@code peer_fields_per_s}, the better of one thread and as many as ours, with {@code
   * peer_threads} and {@code peer_cpu_ms_per_step}, time of all cores in its process, without that
   * of the broker, which ours has in it; {@code times_faster}, ours over it; or {@code peer}, why
   * there are none.
   *
   * @param ours figures of the job
   */
  Map<String, Object> measure(
      StreamRig rig, List<StreamSettings> streams, Map<String, Object> ours, Duration window)
      throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    String problem = problem();
    if (!problem.isEmpty()) {
      figures.put("peer", "not measured: " + problem);
      return figures;
    }
    List<String> weights = saveWeights(rig, streams);
    double best = 0;
    for (int threads : IntStream.of(1, Devices.threads()).distinct().toArray()) {
      Rate rate = rate(rig, streams.get(0), weights, threads, window);
      if (rate.fieldsPerSecond > best) {
        best = rate.fieldsPerSecond;
        figures.put("peer_fields_per_s", best);
        figures.put("peer_threads", threads);
        figures.put("peer_cpu_ms_per_step", rate.cpuMillisPerStep);
      }
    }
    figures.put("times_faster", (double) ours.get("fields_per_s") / best);
    return figures;
  }

  /** The arguments that name the files. */
  private static List<String> saveWeights(StreamRig rig, List<StreamSettings> streams)
      throws IOException {
    Path folder = Files.createDirectories(rig.weights().resolveSibling("peer"));
    List<String> arguments = new ArrayList<>();
    for (StreamSettings stream : streams) {
      String variable = stream.variables().get(0).name();
      Path file = folder.resolve(variable + ".safetensors");
      SafeTensors.save(withFilters(rig.weightsOf(stream)), file);
      arguments.addAll(List.of("--weights", variable + "=" + file));
    }
    return arguments;
  }

  private record Rate(double fieldsPerSecond, double cpuMillisPerStep) {}

  private Rate rate(
      StreamRig rig, StreamSettings stream, List<String> weights, int threads, Duration window)
      throws IOException {
    String topic = "peer-forecasts-" + threads;
    rig.createTopic(topic);
    List<String> arguments = new ArrayList<>(weights);
    arguments.addAll(List.of("--brokers", rig.kafka().brokers()));
    arguments.addAll(List.of("--granules", Topics.granules(stream.dataset())));
    arguments.addAll(List.of("--forecasts", topic));
    arguments.addAll(List.of("--horizon", Integer.toString(stream.horizon())));
    arguments.addAll(List.of("--threads", Integer.toString(threads)));
    try (StreamFlow flow = new StreamFlow(rig.kafka(), topic)) {
      Process process = start(arguments);
      try {
        flow.await(StreamCase.BEGINNING, Duration.ZERO, () -> demandAlive(process));
        double before = cpuMillis(process);
        Duration lasted = flow.await(Duration.ZERO, window, () -> demandAlive(process));
        double cpu = cpuMillis(process) - before;
        double steps = flow.read(StreamCase.BEGINNING, lasted).recordsPerSecond();
        return new Rate(steps / stream.horizon(), cpu / (steps * lasted.toMillis() / 1e3));
      } finally {
        process.destroy();
      }
    }
  }

  private static double cpuMillis(Process process) {
    return process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
  }

  /** With the filters between the levels, which are no parameters. */
  private static Weights withFilters(Weights weights) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.tensors());
    tensors.put("filter.low", matrix(Multiwavelets.lowPass2d(Base.LEGENDRE, ORDER)));
    tensors.put("filter.high", matrix(Multiwavelets.highPass2d(ORDER)));
    return new Weights(weights.metadata(), tensors);
  }

  private static Tensor matrix(double[][] rows) {
    float[] values = new float[rows.length * rows[0].length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    return new Tensor(values, rows.length, rows[0].length);
  }

  /** What it lacks; empty when nothing. */
  private String problem() throws IOException {
    Process check = builder(List.of("--check")).redirectErrorStream(true).start();
    check.getOutputStream().close();
    try {
      if (!check.waitFor(CHECK.toSeconds(), TimeUnit.SECONDS)) {
        return program + " --check does not end";
      }
      String said =
          new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return check.exitValue() == 0 ? "" : said.isEmpty() ? program + " --check fails" : said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      check.destroy();
    }
  }

  private Process start(List<String> arguments) throws IOException {
    return builder(arguments)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Without our settings of allocator and threads: as a user's shell would start it. */
  private ProcessBuilder builder(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program.toAbsolutePath().toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(MemoryPolicy.AS_IS.variables().keySet());
    return builder;
  }

  private void demandAlive(Process process) {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          program + " ended with code " + process.exitValue() + "; see above");
    }
  }
}
