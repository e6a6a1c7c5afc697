package etesian.ops.run;

import etesian.operators.Weights;
import etesian.ops.embedded.StartFailed;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.sink.ChampionTopic;
import etesian.pipeline.sink.ChampionWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a stream its first champion, from the weights that lie in the store. */
public final class FirstChampions {
  private static final Logger LOG = LoggerFactory.getLogger(FirstChampions.class);

  private FirstChampions() {}

  /**
   * Sees to it that every stream has a champion: a stream without one gets the newest weights of
   * the store that fit it.
   *
   * @return the newest champion of each stream, by name
   * @throws StartFailed when there are none for a stream, or it has another model by now; says what
   *     to do
   */
  static Map<String, Champion> ensure(PipelineSettings settings) {
    Map<String, Champion> champions = new HashMap<>();
    for (Champion champion : ChampionTopic.readToEnd(settings.kafka()).champions()) {
      champions.put(champion.stream(), champion);
    }
    WeightsStore store = new WeightsStore(settings.weights());
    for (StreamSettings stream : settings.streams()) {
      Champion champion =
          champions.computeIfAbsent(
              stream.name(), name -> crown(settings.kafka(), stream, fitting(store, stream)));
      checkModel(champion, stream);
    }
    return champions;
  }

  /** Refused champions would leave the windows waiting: a changed setting is told at the start. */
  private static void checkModel(Champion champion, StreamSettings stream) {
    if (!champion.model().equals(stream.model())) {
      throw new StartFailed(
          ("stream %s: the settings ask for '%s', its champion %s is of '%s'; train weights and"
                  + " make them champion by './etesian models promote %s', or give the stream another"
                  + " name")
              .formatted(
                  stream.name(),
                  stream.model(),
                  champion.weightsSha256(),
                  champion.model(),
                  stream.name()));
    }
  }

  /**
   * SHA-256 of the newest weights that a stream without champion would get. Files whose content is
   * wrong are passed by.
   *
   * @throws UncheckedIOException when a file cannot be read that may be the newest: a first
   *     champion is for good, so a store that fails for a moment must not choose it
   */
  public static Optional<String> newest(WeightsStore store, StreamSettings stream) {
    return store.newestFirst().stream().filter(sha256 -> fits(store, sha256, stream)).findFirst();
  }

  private static String fitting(WeightsStore store, StreamSettings stream) {
    return newest(store, stream)
        .orElseThrow(
            () ->
                new StartFailed(
                    ("stream %s has no champion, and no weights in %s fit it;"
                            + " './etesian train' makes first weights")
                        .formatted(stream.name(), store)));
  }

  private static boolean fits(WeightsStore store, String sha256, StreamSettings stream) {
    try {
      Weights weights = store.get(sha256);
      return stream.model().equals(weights.metadata().get("architecture"))
          && !weights.metadata().containsKey("lineage.parent") // perhaps never promoted
          && StreamCard.fits(weights, stream);
    } catch (IllegalArgumentException e) {
      LOG.warn("a file in {} is passed by: {}", store, e.getMessage());
      return false;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof NoSuchFileException) {
        return false; // swept meanwhile
      }
      throw e;
    }
  }

  /**
   * Writes {@code trained} and {@code promoted} to the audit topic and the champion to the
   * compacted one, all three or none. The file lies in the store already: it comes before the
   * events.
   */
  private static Champion crown(KafkaSettings kafka, StreamSettings stream, String sha256) {
    Champion champion = new Champion(stream.name(), stream.model(), sha256, Champion.ALWAYS, null);
    try (ChampionWriter writer = ChampionWriter.open(kafka, stream.name())) {
      writer.commit(
          List.of(event(Kind.TRAINED, champion), event(Kind.PROMOTED, champion)), champion);
    }
    return champion;
  }

  private static ModelEvent event(Kind what, Champion champion) {
    return new ModelEvent(
        what,
        Instant.now(),
        champion.stream(),
        champion.model(),
        champion.weightsSha256(),
        champion.effectiveFrom(),
        null,
        null,
        "first weights of the stream",
        Map.of());
  }
}
