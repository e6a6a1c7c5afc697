/**
 * The way into Kafka: the topics with the settings that keep what is written, and a publisher that
 * sends files to them, going on where it ended.
 */
package etesian.ingest.kafka;
