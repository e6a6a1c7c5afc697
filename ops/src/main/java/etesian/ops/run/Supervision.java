package etesian.ops.run;

import etesian.ops.cluster.FlinkRest;
import etesian.ops.embedded.EmbeddedFlink;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobmaster.JobResult;

/** Follows a job of the embedded Flink to its end, and tells what a user should know of it. */
public final class Supervision {
  private static final Duration POLL = Duration.ofSeconds(1);

  private final EmbeddedFlink flink;
  private final FlinkRest rest;
  private final JobID job;
  private final Runnable runs;
  private final Consumer<String> failed;
  private boolean ran;
  private String told = "";

  /**
   * @param runs called once, when all tasks of the job run
   * @param failed called with the cause when the job fails, which is started again; not when it
   *     fails by the same cause again
   */
  public Supervision(EmbeddedFlink flink, JobID job, Runnable runs, Consumer<String> failed) {
    this.flink = flink;
    this.rest = new FlinkRest(flink.rest());
    this.job = job;
    this.runs = runs;
    this.failed = failed;
  }

  /**
   * Returns when the job has ended or the cluster is closed.
   *
   * @return why the job failed for good; empty when it did not
   */
  public Optional<String> untilTheEnd() throws InterruptedException, ExecutionException {
    CompletableFuture<JobResult> end = flink.result(job);
    while (flink.isOpen()) {
      try {
        return EmbeddedFlink.failure(end.get(POLL.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        look();
      } catch (ExecutionException e) {
        if (flink.isOpen()) { // else it was closed under the job, which is no failure
          throw e;
        }
      }
    }
    return Optional.empty();
  }

  private void look() {
    try {
      String failure = rest.failure(job);
      if (!failure.isEmpty() && !failure.equals(told)) {
        told = failure;
        failed.accept(failure);
      }
      if (!ran && rest.everyTaskRuns(job)) {
        ran = true;
        runs.run();
      }
    } catch (IOException e) {
      // It is busy, or about to be closed: the next look tells.
    }
  }
}
