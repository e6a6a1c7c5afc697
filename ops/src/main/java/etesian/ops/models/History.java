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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What {@code etesian.champions} and {@code etesian.models} tell at one moment, committed records
 * only.
 *
 * @param champions oldest record first; of a compacted stream only the newest is left
 * @param events oldest first
 * @param unread the records that could not be read, oldest first in each topic
 */
public record History(List<Champion> champions, List<ModelEvent> events, List<Unread> unread) {
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  public History {
    champions = List.copyOf(champions);
    events = List.copyOf(events);
    unread = List.copyOf(unread);
  }

  /**
   * A record that could not be read.
   *
   * @param topic where it lies
   * @param key of the record, the stream; empty for none
   * @param problem place and what is wrong, for people
   * @param named what may be a SHA-256 in it
   * @param isPast whether a later record of the key can be read, or the key was deleted
   */
  public record Unread(
      String topic, String key, String problem, Set<String> named, boolean isPast) {
    public Unread {
      named = Set.copyOf(named);
    }

    private Unread past(String byTopic, String byKey) {
      boolean same = topic.equals(byTopic) && key.equals(byKey) && !key.isEmpty();
      return same ? new Unread(topic, key, problem, named, true) : this;
    }

    /** Whether it may say who serves a stream now. */
    boolean concerns(String stream) {
      return !isPast && (key.isEmpty() || key.equals(stream));
    }

    /** Whether it may name weights that nothing else names: events are kept for ever. */
    boolean mayName() {
      return !isPast || topic.equals(Topics.MODELS);
    }

    @Override
    public String toString() {
      return problem;
    }
  }

  /** Both topics, from their beginning to their present end. */
  public static History read(KafkaSettings kafka) {
    List<Unread> unread = new ArrayList<>();
    List<Champion> champions = new ArrayList<>();
    List<ModelEvent> events = new ArrayList<>();
    Properties client = kafka.client();
    TopicReader.each(client, Topics.CHAMPIONS, taker(Champion::fromJson, champions::add, unread));
    TopicReader.each(client, Topics.MODELS, taker(ModelEvent::fromJson, events::add, unread));
    return new History(champions, events, unread);
  }

  private static <T> Consumer<ConsumerRecord<byte[], byte[]>> taker(
      Function<String, T> parse, Consumer<T> good, List<Unread> bad) {
    return record -> {
      String key = record.key() == null ? "" : new String(record.key(), UTF_8);
      if (record.value() != null) { // else a stream that is forgotten
        String value = new String(record.value(), UTF_8);
        try {
          good.accept(parse.apply(value));
        } catch (IllegalArgumentException e) {
          String place =
              record.topic() + "/" + record.partition() + "@" + record.offset() + " of '" + key;
          bad.add(
              new Unread(
                  record.topic(), key, place + "': " + e.getMessage(), hashes(value), false));
          return;
        }
      }
      bad.replaceAll(one -> one.past(record.topic(), key));
    };
  }

  private static Set<String> hashes(String value) {
    return SHA_256.matcher(value).results().map(MatchResult::group).collect(Collectors.toSet());
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

  /**
   * Who serves in fact: the {@link #champion}, or the newest before it where forecasts refuse its
   * weights. Empty when they have none that they can use.
   */
  public Optional<Champion> serving(String stream) {
    return champion(stream)
        .flatMap(
            champion -> {
              List<Champion> all = new ArrayList<>(champion.before());
              all.add(champion);
              return all.stream().filter(one -> !isRefused(one)).reduce((before, newer) -> newer);
            });
  }

  /** Whether forecasts have refused its weights since they were announced. */
  public boolean isRefused(Champion champion) {
    boolean refused = false;
    for (ModelEvent event : events(champion.stream())) {
      if (champion.weightsSha256().equals(event.weightsSha256())) {
        switch (event.event()) {
          case PROMOTED, ROLLED_BACK -> refused = false;
          case REFUSED -> refused |= ModelEvent.FORECASTS.equals(event.by());
          default -> {}
        }
      }
    }
    return refused;
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
