/**
 * The way into Kafka: the topics with the settings that keep what is written, and a publisher that
 * sends files to them, whole, in parts or by reference, as they come or replayed by valid time,
 * going on where it ended.
 */
package etesian.ingest.kafka;
