package etesian.pipeline.forecast;

import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.ForecasterSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device as one operator uses it: models that are loaded when they are first needed, and one
 * step at a time. The methods are called from the mailbox; the work is done on the {@link
 * DeviceThread}, which alone touches the models.
 */
final class Device implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Device.class);

  /** Models that stay loaded: the champion, the one that older rollouts keep, and some room. */
  private static final int MAX_MODELS = 4;

  private final ForecasterSource source;
  private final Advancer advancer;
  private final Map<String, Forecaster> models = new LoadedModels();
  private final ExecutorService thread = DeviceThread.join();
  private Future<?> step;

  /** Joins the thread of the device; {@link #close} leaves it. */
  Device(ForecasterSource source, Advancer advancer) {
    this.source = source;
    this.advancer = advancer;
  }

  /**
   * What came of a step.
   *
   * @param advances one a rollout of the batch
   * @param unusable why the weights did not load, or null
   * @param failure of anything else, or null
   */
  record Outcome(
      List<Advancer.Advance> advances,
      Duration took,
      RuntimeException unusable,
      Throwable failure) {}

  /**
   * Makes the device ready.
   *
   * @throws ExecutionException when this process cannot compute, with the reason as its cause
   */
  void open() throws ExecutionException, InterruptedException {
    thread.submit(source::open).get();
  }

  /**
   * Starts a step of a batch, or with none a look at the weights alone.
   *
   * @param done told on the thread of the device
   */
  void start(String sha256, List<Rollout> batch, Consumer<Outcome> done) {
    step = thread.submit(() -> done.accept(compute(sha256, batch)));
  }

  /** A failure is for the task to fail with, unless the weights are to blame. */
  private Outcome compute(String sha256, List<Rollout> batch) {
    long begin = System.nanoTime();
    try {
      Forecaster model;
      try {
        model = models.computeIfAbsent(sha256, this::load);
      } catch (RuntimeException unusable) {
        return new Outcome(List.of(), Duration.ZERO, unusable, null);
      }
      List<Advancer.Advance> advances =
          batch.isEmpty() ? List.of() : advancer.advance(batch, model);
      return new Outcome(advances, Duration.ofNanos(System.nanoTime() - begin), null, null);
    } catch (RuntimeException | Error failure) {
      return new Outcome(List.of(), Duration.ZERO, null, failure);
    }
  }

  private Forecaster load(String sha256) {
    Forecaster model = source.load(sha256);
    try {
      advancer.check(model);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Waits for the step that is running: freeing its tensors under it would end the process. */
  @Override
  public void close() {
    awaitQuietly(step);
    awaitQuietly(thread.submit(() -> models.values().forEach(Forecaster::close)));
    DeviceThread.leave();
  }

  private static void awaitQuietly(Future<?> future) {
    boolean interrupted = false;
    while (future != null) {
      try {
        future.get();
        future = null;
      } catch (ExecutionException e) {
        LOG.warn("the last step of the device failed while the task was ending", e.getCause());
        future = null;
      } catch (InterruptedException e) {
        interrupted = true; // a cancelled task still waits
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Loaded models by the hash of their weights; the one unused for longest is let go. */
  private static final class LoadedModels extends LinkedHashMap<String, Forecaster> {
    private static final long serialVersionUID = 1L;

    LoadedModels() {
      super(2 * MAX_MODELS, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Forecaster> eldest) {
      if (size() <= MAX_MODELS) {
        return false;
      }
      eldest.getValue().close();
      return true;
    }
  }
}
