package etesian.pipeline.tune;

import etesian.operators.Devices;
import etesian.pipeline.settings.StreamSettings;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that a stream learns on, of the lowest priority. What its work comes to is a letter to
 * the mailbox of the task, so that neither fields nor barriers ever wait for learning. Called by
 * the thread of the task.
 */
final class LearningThread {
  private static final Logger LOG = LoggerFactory.getLogger(LearningThread.class);

  private final String stream;
  private final MailboxExecutor mailbox;
  private final ExecutorService thread;
  private boolean busy;

  LearningThread(StreamSettings stream, MailboxExecutor mailbox) {
    this.stream = stream.name();
    this.mailbox = mailbox;
    thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, "etesian-tuning-" + stream.name());
              made.setDaemon(true);
              return made;
            });
    thread.execute(
        () -> {
          if (!Niceness.giveWay()) {
            LOG.info("stream {}: lessons compete with forecasts for the processor", stream.name());
          }
        });
    if (!stream.model().equals("smnn")) { // which needs no engine
      thread.execute(() -> Devices.setThreads(1)); // serving has the others
    }
  }

  /** Whether work is under way or its letter has not been read. */
  boolean isBusy() {
    return busy;
  }

  /**
   * Begins work.
   *
   * @param letter what the thread of the task does with its result
   */
  <T> void start(Callable<T> work, Consumer<T> letter) {
    busy = true;
    thread.execute(
        () -> {
          T result = null;
          Throwable failure = null;
          try {
            result = work.call();
          } catch (Exception | Error e) {
            failure = e;
          }
          T found = result;
          Throwable why = failure;
          try {
            mailbox.execute(() -> arrived(found, why, letter), "learning");
          } catch (RejectedExecutionException closed) {
            // The task is ending; its checkpoint holds learning before this.
          }
        });
  }

  private <T> void arrived(T result, Throwable failure, Consumer<T> letter) {
    busy = false;
    if (failure != null) {
      throw new IllegalStateException("stream " + stream + ": learning failed", failure);
    }
    letter.accept(result);
  }

  /** Does something after what is under way. */
  void then(Runnable work) {
    thread.execute(work);
  }

  /**
   * Interrupts a lesson, and waits: freeing tensors under a step would end the process.
   *
   * @param last frees what the thread has used
   */
  void close(Runnable last) {
    thread.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = thread.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true; // a cancelled task still waits
      }
    }
    last.run();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
