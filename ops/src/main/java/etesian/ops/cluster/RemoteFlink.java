package etesian.ops.cluster;

import etesian.ops.embedded.StartFailed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.deployment.StandaloneClusterId;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Flink that runs somewhere, which takes jobs by its REST interface. The job is defined here and
 * sent with its settings and jars; nothing of this machine is needed afterwards but what the
 * settings name: the folders of weights and state have to be reachable there by the same path or
 * URI.
 */
public final class RemoteFlink {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int TRIES = 5;

  private final FlinkRest rest;

  private RemoteFlink(FlinkRest rest) {
    this.rest = rest;
  }

  /**
   * @param address {@code host:port} of the JobManager's REST interface
   * @throws StartFailed when nobody answers there, it is another Flink, or it lacks DJL; says what
   *     to do
   */
  public static RemoteFlink at(String address) {
    FlinkRest rest = new FlinkRest(page(address));
    try {
      rest.overview();
      demandVersion(address, rest.version());
      demandDevice(address, rest.classPath());
    } catch (IOException e) {
      throw new StartFailed(
          ("Flink at %s does not answer (%s); check that its JobManager runs, that this is its REST"
                  + " port (rest.port, 8081 as Flink ships) and the firewall")
              .formatted(address, e),
          e);
    }
    return new RemoteFlink(rest);
  }

  private static URI page(String address) {
    if (!address.matches("[^/@\\s]+:\\d{1,5}")) {
      throw new StartFailed("'" + address + "' is not host:port of a JobManager");
    }
    return URI.create("http://" + address);
  }

  /** Job and cluster talk in serialized Java, which holds within a minor version. */
  private static void demandVersion(String address, String theirs) {
    String ours = EnvironmentInformation.getVersion();
    if (!minor(theirs).equals(minor(ours))) {
      throw new StartFailed(
          "Flink at %s is %s, this job is made for %s; run it on a Flink %s.x"
              .formatted(address, theirs, ours, minor(ours)));
    }
  }

  private static String minor(String version) {
    return version.replaceAll("^(\\d+\\.\\d+).*$", "$1");
  }

  private static void demandDevice(String address, List<String> classPath) {
    boolean told = !classPath.isEmpty();
    if (told && classPath.stream().noneMatch(entry -> entry.contains("pytorch-engine"))) {
      throw new StartFailed(
          ("Flink at %s has no DJL on its class path: './etesian package DIR' writes DIR/lib; copy"
                  + " its jars into the folder lib of Flink on each machine and start it again")
              .formatted(address));
    }
  }

  /** What it says of itself. */
  public FlinkRest rest() {
    return rest;
  }

  /** An environment to define a job in that {@link #submit} will run there. */
  public StreamExecutionEnvironment environment() {
    return StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
  }

  /**
   * Sends the job that was defined in the environment; returns when it is accepted.
   *
   * @param name of the job; refused when one of that name runs: they would share transactions
   */
  public JobID submit(StreamExecutionEnvironment environment, String name, ClusterJars jars) {
    demandNone(name);
    var graph = environment.getStreamGraph();
    graph.setJobName(name);
    JobGraph job = graph.getJobGraph();
    try {
      Path folder = Files.createTempDirectory("etesian-job-");
      try {
        for (Path jar : jars.job(folder)) {
          job.addJar(new org.apache.flink.core.fs.Path(jar.toUri()));
        }
        return send(job);
      } finally {
        try (var packed = Files.list(folder)) {
          for (Path jar : packed.toList()) {
            Files.delete(jar);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new StartFailed("cannot write the jars of the job: " + e, e);
    }
  }

  private void demandNone(String name) {
    try {
      for (FlinkRest.Job job : rest.jobs()) {
        if (job.name().equals(name) && !job.hasEnded()) {
          throw new StartFailed(
              ("a job '%s' is %s there already (%s); cancel it first, or give this one another"
                      + " name with the setting 'job'")
                  .formatted(name, job.state(), job.id()));
        }
      }
    } catch (IOException e) {
      throw new StartFailed("Flink at " + rest.page() + " does not tell its jobs: " + e, e);
    }
  }

  private JobID send(JobGraph job) {
    try (RestClusterClient<?> client = client()) {
      return client.submitJob(job).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new StartFailed(
          "Flink at " + rest.page() + " does not take the job: " + innermost(e), e.getCause());
    } catch (TimeoutException e) {
      throw new StartFailed("Flink at " + rest.page() + " does not take the job in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailed("interrupted while sending the job", e);
    }
  }

  /** Ends a job at once; its newest checkpoint stays where the job retains it. */
  public void cancel(JobID job) throws InterruptedException {
    try (RestClusterClient<?> client = client()) {
      client.cancel(job).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      while (!client.getJobStatus(job).get().isGloballyTerminalState()) {
        Thread.sleep(POLL.toMillis());
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new StartFailed("job " + job + " cannot be cancelled: " + innermost(e), e);
    }
  }

  private RestClusterClient<?> client() {
    Configuration configuration =
        new Configuration()
            .set(RestOptions.ADDRESS, rest.page().getHost())
            .set(RestOptions.PORT, rest.page().getPort())
            .set(RestOptions.RETRY_MAX_ATTEMPTS, TRIES)
            .set(RestOptions.RETRY_DELAY, POLL);
    try {
      return new RestClusterClient<>(configuration, StandaloneClusterId.getInstance());
    } catch (Exception e) {
      throw new StartFailed("no client for Flink at " + rest.page() + ": " + e, e);
    }
  }

  /**
   * Waits until every task of a job runs.
   *
   * @param say told once when the job has to wait for slots, or fails and is started again
   * @throws StartFailed when it does not within the time, with the reason that Flink has
   */
  public void awaitRunning(JobID job, Duration patience, Consumer<String> say)
      throws InterruptedException {
    Instant begin = Instant.now();
    boolean said = false;
    String problem = "";
    while (Instant.now().isBefore(begin.plus(patience))) {
      try {
        if (rest.everyTaskRuns(job)) {
          return;
        }
        problem = problem(job);
        if (!problem.isEmpty() && !said) {
          said = true;
          say.accept("waiting: " + problem);
        }
      } catch (IOException e) {
        problem = e.toString();
      }
      Thread.sleep(POLL.toMillis());
    }
    throw new StartFailed(
        "job %s does not run after %d s%s; it stays there, see %s/#/job/%s"
            .formatted(
                job,
                patience.toSeconds(),
                problem.isEmpty() ? "" : ": " + problem,
                rest.page(),
                job));
  }

  /** Why a job does not run yet; empty when there is nothing to say. */
  private String problem(JobID job) throws IOException {
    String failure = rest.failure(job);
    if (!failure.isEmpty()) {
      return failure;
    }
    FlinkRest.Overview slots = rest.overview();
    return slots.freeSlots() == 0 && rest.anyTaskWaits(job)
        ? "no slot is free: %d TaskManagers with %d slots; end another job or add one"
            .formatted(slots.taskManagers(), slots.slots())
        : "";
  }

  private static String innermost(Throwable thrown) {
    String message = thrown.toString();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      message = t.getMessage() == null ? message : t.getMessage();
    }
    return message;
  }
}
