/**
 * What the job tells about itself: one {@link etesian.pipeline.metrics.Metric catalogue} of names,
 * units, labels and meanings, and one way to register. Dashboards, alerts and {@code
 * docs/metrics.md} are held against the catalogue by tests.
 */
package etesian.pipeline.metrics;
