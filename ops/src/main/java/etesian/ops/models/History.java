package etesian.ops.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.settings.KafkaSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What {@code etesian.champions} and {@code etesian.models} tell at one moment, committed records
 * only.
 *
 * @param champions oldest record first; of a compacted stream only the newest is left
 * @param events oldest first
 * @param unread a sentence for each record that could not be read
 */
public record History(List<Champion> champions, List<ModelEvent> events, List<String> unread) {
  public History {
    champions = List.copyOf(champions);
    events = List.copyOf(events);
    unread = List.copyOf(unread);
  }

  /** Both topics, from their beginning to their present end. */
  public static History read(KafkaSettings kafka) {
    List<String> unread = new ArrayList<>();
    List<Champion> champions = new ArrayList<>();
    List<ModelEvent> events = new ArrayList<>();
    Properties client = kafka.client();
    TopicReader.each(
        client, Topics.CHAMPIONS, taker(Champion::fromJson, champions::add, unread::add));
    TopicReader.each(client, Topics.MODELS, taker(ModelEvent::fromJson, events::add, unread::add));
    return new History(champions, events, unread);
  }

  private static <T> Consumer<ConsumerRecord<byte[], byte[]>> taker(
      Function<String, T> parse, Consumer<T> good, Consumer<String> bad) {
    return record -> {
      if (record.value() == null) {
        return; // a stream that is forgotten
      }
      T parsed;
      try {
        parsed = parse.apply(new String(record.value(), UTF_8));
      } catch (IllegalArgumentException e) {
        bad.accept(
            "%s/%d@%d: %s"
                .formatted(record.topic(), record.partition(), record.offset(), e.getMessage()));
        return;
      }
      good.accept(parsed);
    };
  }

  /** Names of all streams that have a champion or an event. */
  public Collection<String> streams() {
    Set<String> names = new TreeSet<>();
    champions.forEach(champion -> names.add(champion.stream()));
    events.forEach(event -> names.add(event.stream()));
    return names;
  }

  /** Who serves the newest issue times of a stream. */
  public Optional<Champion> champion(String stream) {
    return champions.stream()
        .filter(champion -> champion.stream().equals(stream))
        .reduce((before, newer) -> newer);
  }

  /** What happened to the weights of a stream, oldest first. */
  public List<ModelEvent> events(String stream) {
    return events.stream().filter(event -> event.stream().equals(stream)).toList();
  }

  /**
   * Why a champion serves: the event that brought it, if the topic still has it. One that gave way
   * to a promotion for a moment was brought by an event of an earlier issue time.
   */
  public Optional<ModelEvent> reason(Champion champion) {
    List<ModelEvent> crowned =
        events(champion.stream()).stream()
            .filter(
                event ->
                    event.event() == ModelEvent.Kind.PROMOTED
                        || event.event() == ModelEvent.Kind.ROLLED_BACK)
            .filter(event -> champion.weightsSha256().equals(event.weightsSha256()))
            .filter(event -> event.effectiveFrom() != null)
            .filter(event -> !event.effectiveFrom().isAfter(champion.effectiveFrom()))
            .toList();
    return crowned.stream().reduce((before, newer) -> newer);
  }
}
