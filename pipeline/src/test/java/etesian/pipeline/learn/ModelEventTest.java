package etesian.pipeline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.ModelEvent.ModelEventCodec;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelEventTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @Test
  void anEventReadsAsJson() {
    ModelEvent event =
        new ModelEvent(
            Kind.ROLLED_BACK,
            NOW,
            "sst",
            "smnn",
            "a".repeat(64),
            NOW,
            "b".repeat(64),
            null,
            "the champion before is better",
            Map.of("blocks", 12.0, "loss", Double.NaN));
    assertThat(event.toJson())
        .isEqualTo(
            "{\"event\":\"rolled_back\",\"at\":\"2030-01-01T00:00:00Z\",\"stream\":\"sst\","
                + "\"model\":\"smnn\",\"weights_sha256\":\""
                + "a".repeat(64)
                + "\",\"effective_from\":\"2030-01-01T00:00:00Z\",\"parent\":\""
                + "b".repeat(64)
                + "\",\"reason\":\"the champion before is better\",\"evidence\":{\"blocks\":12.0}}");
    assertThat(ModelEvent.fromJson(event.toJson())).isEqualTo(event);
  }

  @Test
  void theStoredFormIsReadBackAndNewerFieldsArePassedOver() throws IOException {
    ModelEvent event =
        new ModelEvent(Kind.DRIFT, NOW, "sst", "smnn", null, null, null, NOW, "up", Map.of());
    assertThat(RoundTrip.of(new ModelEventCodec(), event)).isEqualTo(event);
    assertThat(ModelEvent.fromJson(event.toJson().replace("{\"event", "{\"x\":1,\"event")))
        .isEqualTo(event);
  }

  @Test
  void whatIsNoEventIsRefused() {
    assertThatThrownBy(() -> ModelEvent.fromJson("{}")).hasMessageContaining("not a model event");
    assertThatThrownBy(() -> ModelEvent.fromJson("null")).hasMessageContaining("not a model event");
    assertThatThrownBy(
            () -> new ModelEvent(Kind.DRIFT, NOW, "sst", "smnn", null, null, null, null, "", null))
        .hasMessageContaining("says why");
  }
}
