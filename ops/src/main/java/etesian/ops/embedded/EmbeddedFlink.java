package etesian.ops.embedded;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Flink cluster in this JVM: one JobManager, one TaskManager, everything on 127.0.0.1,
 * checkpoints and savepoints in a temporary folder that is gone after {@link #close}.
 */
public final class EmbeddedFlink implements AutoCloseable {
  private static final long DISK_MEGABYTES = 512;

  private static final Duration POLL = Duration.ofMillis(100);

  private final TemporaryFolder folder;
  private final MiniCluster cluster;
  private final Configuration configuration;
  private volatile boolean closed;

  private EmbeddedFlink(TemporaryFolder folder, MiniCluster cluster, Configuration configuration) {
    this.folder = folder;
    this.cluster = cluster;
    this.configuration = configuration;
  }

  /**
   * @param restPort of Flink's web page and REST; 0 for a free one
   * @param metricsPort of the Prometheus endpoint; 0 for a free one
   * @param slots how many parallel instances of a job there can be
   * @return a cluster that takes jobs
   * @throws StartFailed when a port is taken, the disk is full or the temporary folder not writable
   */
  public static EmbeddedFlink start(int restPort, int metricsPort, int slots) {
    int rest = restPort == 0 ? Ports.free() : restPort;
    int metrics = metricsPort == 0 ? Ports.free() : metricsPort;
    Ports.demand(rest, "Flink", "give another port, 0 for any free one");
    Ports.demand(metrics, "metrics", "give another port, 0 for any free one");
    TemporaryFolder folder = TemporaryFolder.create("etesian-flink-", DISK_MEGABYTES);
    try {
      Configuration configuration = configuration(folder, rest, metrics);
      MiniCluster cluster =
          new MiniCluster(
              new MiniClusterConfiguration.Builder()
                  .setConfiguration(configuration)
                  .setNumTaskManagers(1)
                  .setNumSlotsPerTaskManager(slots)
                  .setRpcServiceSharing(RpcServiceSharing.SHARED)
                  .setCommonBindAddress("127.0.0.1")
                  .build());
      EmbeddedFlink flink = new EmbeddedFlink(folder, cluster, configuration);
      AtExit.register(flink);
      try {
        cluster.start();
      } catch (Exception e) {
        flink.close();
        throw e;
      }
      return flink;
    } catch (Exception e) {
      folder.close();
      throw new StartFailed("Flink did not start with REST on port " + rest + ": " + e, e);
    }
  }

  private static Configuration configuration(TemporaryFolder folder, int rest, int metrics) {
    Configuration c = new Configuration();
    // Each server has a setting of its own, and what is not set listens on every interface.
    c.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
    c.set(TaskManagerOptions.HOST, "127.0.0.1");
    c.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
    c.set(RestOptions.ADDRESS, "127.0.0.1");
    c.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    c.set(RestOptions.PORT, rest);
    c.set(RestOptions.BIND_PORT, Integer.toString(rest));
    c.set(WebOptions.TMP_DIR, folder.folder("web").toString());
    c.set(WebOptions.SUBMIT_ENABLE, false); // nobody uploads code to a demo
    c.set(CoreOptions.TMP_DIRS, folder.folder("tmp").toString());
    c.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        folder.folder("checkpoints").toUri().toString());
    c.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, folder.folder("savepoints").toUri().toString());
    // fields are few and large, state is on the heap: buffers and managed memory stay small
    c.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
    c.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    c.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(8));
    // under overload a barrier would wait for a thousand small windows that lie before it
    c.set(TaskManagerOptions.BUFFER_DEBLOAT_ENABLED, true);
    // DJL may be loaded by one class loader only: the application's, which is every job's parent
    c.set(CoreOptions.CLASSLOADER_RESOLVE_ORDER, "parent-first");
    c.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    c.setString("metrics.reporters", "prometheus");
    c.setString(
        "metrics.reporter.prometheus.factory.class", LoopbackPrometheus.Factory.class.getName());
    c.setString("metrics.reporter.prometheus.port", Integer.toString(metrics));
    return c;
  }

  /** Flink's web page and REST interface. */
  public URI rest() {
    return URI.create("http://127.0.0.1:" + configuration.get(RestOptions.PORT));
  }

  /** The Prometheus endpoint. */
  public URI metrics() {
    return URI.create(
        "http://127.0.0.1:"
            + configuration.getString("metrics.reporter.prometheus.port", "")
            + "/metrics");
  }

  /** An environment to define a job in that {@link #submit} will run here. */
  public StreamExecutionEnvironment environment() {
    Configuration job = new Configuration();
    job.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        configuration.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY));
    job.set(
        CheckpointingOptions.SAVEPOINT_DIRECTORY,
        configuration.get(CheckpointingOptions.SAVEPOINT_DIRECTORY));
    return StreamExecutionEnvironment.getExecutionEnvironment(job);
  }

  /** Starts the job that was defined in the environment; returns as soon as it is accepted. */
  public JobID submit(StreamExecutionEnvironment environment, String name) {
    var graph = environment.getStreamGraph();
    graph.setJobName(name);
    return submit(graph.getJobGraph());
  }

  /** Starts a job; returns as soon as it is accepted. */
  public JobID submit(JobGraph job) {
    return await(cluster.submitJob(job), Duration.ofMinutes(2), "submit " + job.getName())
        .getJobID();
  }

  /** Done when the job is; a failed job completes normally, its result holds the cause. */
  public CompletableFuture<JobResult> result(JobID job) {
    return cluster.requestJobResult(job);
  }

  /** Why an ended job failed: the innermost cause that says something; empty when it did not. */
  public Optional<String> failure(JobID job) {
    return failure(await(result(job), Duration.ofSeconds(30), "result of " + job));
  }

  /** Likewise, of a job's result. */
  public static Optional<String> failure(JobResult result) {
    return result
        .getSerializedThrowable()
        .map(
            thrown -> {
              String message = thrown.toString();
              for (Throwable t = thrown; t != null; t = t.getCause()) {
                message = t.getMessage() == null ? message : t.getMessage();
              }
              return message;
            });
  }

  /** Whether it has not been closed. */
  public boolean isOpen() {
    return !closed;
  }

  public JobStatus status(JobID job) {
    return await(cluster.getJobStatus(job), Duration.ofSeconds(30), "status of " + job);
  }

  /**
   * Waits until every task of a job runs, or has run.
   *
   * @throws IllegalStateException when the job fails meanwhile, or patience ends
   */
  public void awaitRunning(JobID job, Duration patience) {
    Instant end = Instant.now().plus(patience);
    while (!everyTaskRuns(job)) {
      if (status(job).isGloballyTerminalState()) {
        throw new IllegalStateException("Flink: " + job + " ended before all its tasks ran");
      }
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException(
            "Flink: " + job + " does not run after " + patience.toSeconds() + " s");
      }
      try {
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Flink: interrupted while " + job + " starts", e);
      }
    }
  }

  private boolean everyTaskRuns(JobID job) {
    AccessExecutionGraph graph =
        await(cluster.getExecutionGraph(job), Duration.ofSeconds(30), "tasks of " + job);
    for (AccessExecutionVertex task : graph.getAllExecutionVertices()) {
      ExecutionState state = task.getExecutionState();
      if (state != ExecutionState.RUNNING && state != ExecutionState.FINISHED) {
        return false;
      }
    }
    return true;
  }

  /**
   * Ends a job with all its state saved and every result committed.
   *
   * <p>A job that just began is given the time to begin: without all tasks there is no savepoint.
   *
   * @param drain first let what is open run to its end, as if the sources had ended
   * @return where the savepoint lies; gone after {@link #close}
   */
  public String stopWithSavepoint(JobID job, boolean drain, Duration patience) {
    awaitRunning(job, patience);
    return await(
        cluster.stopWithSavepoint(job, null, drain, SavepointFormatType.CANONICAL),
        patience,
        "stop " + job + " with a savepoint");
  }

  /** Ends a job at once; what is not committed is lost. */
  public void cancel(JobID job) {
    await(cluster.cancelJob(job), Duration.ofSeconds(30), "cancel " + job);
  }

  private static <T> T await(CompletableFuture<T> future, Duration patience, String what) {
    try {
      return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Flink: " + what + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "Flink: " + what + ": no answer within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Flink: " + what + ": interrupted", e);
    }
  }

  /** Ends the cluster with the jobs that still run, and removes checkpoints and savepoints. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    AtExit.forget(this);
    try {
      cluster.closeAsync().get(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Flink did not end in good order: " + e, e);
    } finally {
      folder.close();
    }
  }

  @Override
  public String toString() {
    return "Flink on " + rest();
  }
}
