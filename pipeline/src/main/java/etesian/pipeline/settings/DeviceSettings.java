package etesian.pipeline.settings;

import java.io.Serializable;

/**
 * How a device is used.
 *
 * @param maxActive rollouts of a stream that have begun at any time
 * @param maxBatch rollouts in one step
 * @param waitingBytes carries of waiting rollouts beyond which the input is held back
 * @param threads of one operation on a CPU, or {@link #ALL_CORES}. Where brokers and job share the
 *     machine, half of the cores may serve better
 * @param deterministic whether results may not depend on what else is in a batch and on the number
 *     of threads: libtorch chooses its kernels, and with them the order of sums, by both. Then a
 *     step has one rollout and one thread, whatever was asked for
 * @param activeBytes that rollouts of a stream which have begun may carry together; one may begin
 *     whatever it carries
 */
public record DeviceSettings(
    int maxActive,
    int maxBatch,
    long waitingBytes,
    int threads,
    boolean deterministic,
    long activeBytes)
    implements Serializable {
  /** Ten rollouts of two global fields of six variables at 0.25 degrees. */
  static final long ACTIVE_BYTES = 512L << 20;

  /** As many threads as the process that computes has cores, which may be another one than this. */
  static final int ALL_CORES = 0;

  static final DeviceSettings DEFAULT = new DeviceSettings(64, 32, 64L << 20, ALL_CORES);

  public DeviceSettings {
    if (deterministic) {
      maxBatch = 1;
      threads = 1;
    }
  }

  /** As fast as it goes, with results that depend on batches and threads by rounding. */
  public DeviceSettings(int maxActive, int maxBatch, long waitingBytes, int threads) {
    this(maxActive, maxBatch, waitingBytes, threads, false);
  }

  /** With the default of what rollouts may carry. */
  public DeviceSettings(
      int maxActive, int maxBatch, long waitingBytes, int threads, boolean deterministic) {
    this(maxActive, maxBatch, waitingBytes, threads, deterministic, ACTIVE_BYTES);
  }

  /** Of one operation, in this process. */
  @Override
  public int threads() {
    return threads == ALL_CORES ? Runtime.getRuntime().availableProcessors() : threads;
  }

  DeviceSettings with(boolean determinism) {
    return new DeviceSettings(maxActive, maxBatch, waitingBytes, threads, determinism, activeBytes);
  }

  static DeviceSettings read(SettingsReader in) {
    return new DeviceSettings(
        in.positive("max_active", DEFAULT.maxActive()),
        in.positive("max_batch", DEFAULT.maxBatch()),
        (long) in.positive("waiting_mebibytes", 64) << 20,
        in.positive("threads", ALL_CORES),
        DEFAULT.deterministic(),
        (long) in.positive("active_mebibytes", 512) << 20);
  }
}
