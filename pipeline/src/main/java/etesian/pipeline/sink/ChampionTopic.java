package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.settings.KafkaSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * The champions topic as the submitting process reads it: a fresh job starts with all that is
 * known, as nothing orders the broadcast before the first window.
 */
public final class ChampionTopic {
  private ChampionTopic() {}

  /**
   * All champions that are committed now, oldest record first.
   *
   * @throws IllegalArgumentException when a record is not a champion
   */
  public static List<Champion> readToEnd(KafkaSettings kafka) {
    List<Champion> champions = new ArrayList<>();
    TopicReader.each(
        kafka.client(),
        Topics.CHAMPIONS,
        record -> {
          if (record.value() != null) {
            champions.add(Champion.fromJson(new String(record.value(), UTF_8)));
          }
        });
    return champions;
  }
}
