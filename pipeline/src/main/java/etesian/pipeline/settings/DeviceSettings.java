package etesian.pipeline.settings;

import java.io.Serializable;

/**
 * How a device is used.
 *
 * @param maxActive rollouts of a stream that have begun at any time
 * @param maxBatch rollouts in one step
 * @param waitingBytes carries of waiting rollouts beyond which the input is held back
 * @param threads of one operation on a CPU; all cores unless it is set. Where brokers and job share
 *     the machine, half of them may serve better
 */
public record DeviceSettings(int maxActive, int maxBatch, long waitingBytes, int threads)
    implements Serializable {}
