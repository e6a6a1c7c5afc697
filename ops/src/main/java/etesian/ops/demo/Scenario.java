package etesian.ops.demo;

import etesian.operators.Weights;
import etesian.pipeline.settings.StreamSettings;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** What a demo runs on: the data, the streams that it feeds and their first weights. */
public interface Scenario {
  /** A line for the newcomer: what this data is. */
  String title();

  /** What everybody who sees a map must know, in a few words; empty for real data. */
  default Optional<String> notice() {
    return Optional.empty();
  }

  /** The streams, each with its first weights, which the first call may have to train. */
  Map<StreamSettings, Weights> streams();

  /** What is published to these streams, in order; may have no end. */
  Iterator<Granule> granules();

  /**
   * A file on its way to Kafka.
   *
   * @param dataset names the topic
   * @param name for messages
   * @param pause before the next one, so that the stream can be watched
   */
  record Granule(String dataset, String name, byte[] bytes, Duration pause) {}
}
