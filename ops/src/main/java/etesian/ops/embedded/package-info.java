/**
 * A Kafka broker and a Flink cluster inside this process, for the demo, for small installations and
 * for tests: the real ones, on loopback only, their data in temporary folders that are gone
 * afterwards. Ports come from {@link etesian.ops.embedded.Ports}; what is still open when the JVM
 * ends is closed by {@link etesian.ops.embedded.AtExit}, newest first.
 */
package etesian.ops.embedded;
