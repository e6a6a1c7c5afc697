package etesian.pipeline.sink;

import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.settings.KafkaSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The champions topic as the submitting process reads it: a fresh job starts with all that is
 * known, as nothing orders the broadcast before the first window.
 */
public final class ChampionTopic {
  private ChampionTopic() {}

  /**
   * The topic at one moment.
   *
   * @param champions committed by then, oldest record first
   * @param next where to read on for those that follow
   */
  public record Snapshot(List<Champion> champions, Map<TopicPartition, Long> next) {}

  /** The topic as it is now; what cannot be read is logged and passed by. */
  public static Snapshot readToEnd(KafkaSettings kafka) {
    return readToEnd(kafka, ChampionRecords::warn);
  }

  /**
   * The topic as it is now.
   *
   * @param passedBy told where something lies that cannot be read, and why
   */
  public static Snapshot readToEnd(KafkaSettings kafka, Consumer<String> passedBy) {
    List<Champion> champions = new ArrayList<>();
    Map<TopicPartition, Long> next =
        TopicReader.each(
            kafka.client(),
            Topics.CHAMPIONS,
            record -> ChampionRecords.read(record, passedBy).ifPresent(champions::add));
    return new Snapshot(champions, next);
  }
}
