package etesian.ops.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.EventHeaders;
import etesian.operators.Weights;
import etesian.ops.embedded.StartFailed;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.sink.ChampionTopic;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Gives a stream its first champion, from the weights that lie in the store. */
final class FirstChampions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL_EVENT = "etesian.model-event.v1";
  private static final String CHAMPION = "etesian.champion.v1";

  private FirstChampions() {}

  /**
   * Sees to it that every stream has a champion: a stream without one gets the newest weights of
   * the store that fit it.
   *
   * @return the newest champion of each stream, by name
   * @throws StartFailed when there are none for a stream; says how to make them
   */
  static Map<String, Champion> ensure(PipelineSettings settings) {
    Map<String, Champion> champions = new HashMap<>();
    for (Champion champion : ChampionTopic.readToEnd(settings.kafka()).champions()) {
      champions.put(champion.stream(), champion);
    }
    WeightsStore store = new WeightsStore(settings.weights());
    for (StreamSettings stream : settings.streams()) {
      champions.computeIfAbsent(
          stream.name(), name -> crown(settings.kafka(), stream, fitting(store, stream)));
    }
    return champions;
  }

  /** SHA-256 of the newest weights that fit. */
  private static String fitting(WeightsStore store, StreamSettings stream) {
    return store.newestFirst().stream()
        .filter(
            sha256 -> {
              Weights weights = store.get(sha256);
              return stream.model().equals(weights.metadata().get("architecture"))
                  && !weights.metadata().containsKey("lineage.parent") // perhaps never promoted
                  && StreamCard.fits(weights, stream);
            })
        .findFirst()
        .orElseThrow(
            () ->
                new StartFailed(
                    ("stream %s has no champion, and no weights in %s fit it;"
                            + " './etesian train' makes first weights")
                        .formatted(stream.name(), store)));
  }

  /**
   * Writes {@code trained} and {@code promoted} to the audit topic and the champion to the
   * compacted one, all three or none. The file lies in the store already: it comes before the
   * events.
   */
  private static Champion crown(KafkaSettings kafka, StreamSettings stream, String sha256) {
    Champion champion = new Champion(stream.name(), stream.model(), sha256, Champion.ALWAYS, null);
    Properties properties = kafka.client();
    properties.put("transactional.id", "etesian-first-champion-" + stream.name());
    properties.put("acks", "all");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, Topics.MODELS, champion, MODEL_EVENT, event("trained", champion));
      send(producer, Topics.MODELS, champion, MODEL_EVENT, event("promoted", champion));
      send(producer, Topics.CHAMPIONS, champion, CHAMPION, champion.toJson());
      producer.commitTransaction();
    }
    return champion;
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer,
      String topic,
      Champion champion,
      String type,
      String json) {
    String id = EventHeaders.id(type, champion.stream(), champion.weightsSha256(), json);
    // A failed send fails the commit, which reports it.
    Future<RecordMetadata> ignored =
        producer.send(
            EventHeaders.json(
                topic,
                champion.stream().getBytes(UTF_8),
                json.getBytes(UTF_8),
                type,
                id,
                "/etesian/streams/" + champion.stream(),
                Instant.now()));
  }

  private static String event(String what, Champion champion) {
    ObjectNode event = JSON.createObjectNode();
    event.put("event", what);
    event.put("at", Instant.now().toString());
    event.put("stream", champion.stream());
    event.put("model", champion.model());
    event.put("weights_sha256", champion.weightsSha256());
    event.put("effective_from", champion.effectiveFrom().toString());
    event.put("reason", "first weights of the stream");
    return event.toString();
  }
}
