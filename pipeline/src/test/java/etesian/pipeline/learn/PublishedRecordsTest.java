package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import etesian.pipeline.PublishedSchema;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.ModelEvent.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written of learning, held against {@code docs/schemas}. */
class PublishedRecordsTest extends LearningFixture {
  private static final String SHA = "a".repeat(64);
  private static final Champion FIRST = new Champion("t2m", "smnn", SHA, Champion.ALWAYS, null);

  /** Two worlds, a fill value that no file declares, and somebody who names another champion. */
  @Test
  void everythingThatHappensToWeightsIsAsPublished() {
    List<float[]> series =
        new ArrayList<>(Worlds.series(1500, 3, day -> day < CHANGE ? FAST : SLOW));
    float[] broken = series.get(1499).clone();
    broken[3] = 1e20f;
    series.set(1499, broken);
    Learning learning = learning(champion(Worlds.weights(SLOW, LONG)), tuning());
    try (Workshop workshop = workshop(Tutors.of(STREAM, tuning(), store))) {
      follow(learning, workshop, series, 0, series.size());
    }
    Champion last = learning.champion().orElseThrow();
    String manual = store.put(Worlds.weights(0.2, series));
    note(List.of(learning.crown(last.then("smnn", manual, Worlds.day(1500)), NOW)));

    assertThat(kinds()).as("all that may happen").contains(Kind.values());
    assertThat(events).allSatisfy(PublishedRecordsTest::isAsPublished);
    assertThat(promoted)
        .anyMatch(champion -> champion.tuned() && !champion.earlier().isEmpty())
        .allSatisfy(PublishedRecordsTest::isAsPublished);
  }

  /** A person has no evidence, and belongs to no part of the job. */
  @ParameterizedTest
  @EnumSource(names = {"PROMOTED", "ROLLED_BACK"})
  void whatAPersonDecidesIsAsPublished(Kind kind) {
    isAsPublished(byHand(kind));
    isAsPublished(FIRST.then("smnn", "b".repeat(64), NOW));
  }

  @ParameterizedTest
  @EnumSource(names = {"TRAINED", "PROMOTED"})
  void firstWeightsAreAsPublished(Kind kind) {
    isAsPublished(
        new ModelEvent(
            kind, NOW, "t2m", "smnn", SHA, Champion.ALWAYS, null, null, "first", Map.of()));
    isAsPublished(FIRST);
  }

  @Test
  void whatTheForecastsRefuseIsAsPublished() {
    isAsPublished(
        new ModelEvent(
            Kind.REFUSED,
            NOW,
            "t2m",
            "smnn",
            SHA,
            null,
            null,
            null,
            "cannot be used",
            Map.of(),
            ModelEvent.FORECASTS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"event", "at", "stream", "model", "reason", "weights_sha256", "effective_from"})
  void anEventThatLacksOneOfTheseIsNotAsPublished(String name) throws IOException {
    assertThat(PublishedSchema.MODEL_EVENT.complaints(without(name, eventByHand())))
        .singleElement()
        .asString()
        .contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stream", "model", "weights_sha256", "effective_from", "parent"})
  void aChampionThatLacksOneOfTheseIsNotAsPublished(String name) throws IOException {
    assertThat(PublishedSchema.CHAMPION.complaints(without(name, FIRST.toJson())))
        .singleElement()
        .asString()
        .contains(name);
  }

  @Test
  void whatTheSchemasDoNotNameIsNotAsPublished() {
    String reigns = FIRST.then("smnn", "b".repeat(64), NOW).toJson();
    assertThat(PublishedSchema.MODEL_EVENT.complaints(with("loss", eventByHand()))).hasSize(1);
    assertThat(PublishedSchema.CHAMPION.complaints(with("loss", FIRST.toJson()))).hasSize(1);
    assertThat(
            PublishedSchema.CHAMPION.complaints(
                reigns.replace("\"earlier\":[{", "\"earlier\":[{\"loss\":1,")))
        .hasSize(1);
  }

  @Test
  void valuesOfAnotherKindAreNotAsPublished() {
    assertThat(
            PublishedSchema.MODEL_EVENT.complaints(
                eventByHand().replace("\"evidence\":{", "\"evidence\":{\"blocks\":\"many\"")))
        .hasSize(1);
    assertThat(
            PublishedSchema.CHAMPION.complaints(
                FIRST.toJson().replace("0001-01-01T00:00:00Z", "yesterday")))
        .hasSize(1);
  }

  private static void isAsPublished(ModelEvent event) {
    assertThat(PublishedSchema.MODEL_EVENT.complaints(event.toJson())).isEmpty();
  }

  private static void isAsPublished(Champion champion) {
    assertThat(PublishedSchema.CHAMPION.complaints(champion.toJson())).isEmpty();
  }

  private static ModelEvent byHand(Kind kind) {
    return new ModelEvent(
        kind, NOW, "t2m", "smnn", SHA, NOW, "b".repeat(64), null, "looked better", Map.of());
  }

  private static String eventByHand() {
    return byHand(Kind.PROMOTED).toJson();
  }

  private static String with(String name, String json) {
    return json.replaceFirst("\\{", "{\"" + name + "\":1,");
  }

  private static String without(String name, String json) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    return ((ObjectNode) mapper.readTree(json)).without(List.of(name)).toString();
  }
}
