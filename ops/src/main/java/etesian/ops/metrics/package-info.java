/**
 * Metrics of the processes around the job, in the names of the one {@link
 * etesian.pipeline.metrics.Metric catalogue}: Flink's reporter knows nothing of them. {@code
 * ProcessMetrics} is their registry and their endpoint.
 */
package etesian.ops.metrics;
