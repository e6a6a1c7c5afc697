package etesian.ops.compare;

import etesian.operators.m2no.M2noSettings;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;

/**
 * Something to learn: the next field of a sequence. The first {@code outputChannels} input channels
 * are the newest field, and the network gives increments: untrained it is persistence.
 *
 * @param name for reports
 * @param network the default network of its grid, to be varied
 * @param loss what is made small and what is reported: relative L2
 * @param training what is learned from
 * @param validation decides which weights are kept
 * @param test later than or apart from both; seen once
 */
public record Task(
    String name,
    M2noSettings network,
    Loss loss,
    Samples training,
    Samples validation,
    Samples test) {}
