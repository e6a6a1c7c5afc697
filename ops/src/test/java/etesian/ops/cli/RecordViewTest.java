package etesian.ops.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.ModelEvent;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecordViewTest {
  private static final String WEIGHTS = "0123456789abcdef".repeat(4);

  @Test
  void anEventReadsAsModelsShowsIt() {
    ModelEvent event =
        new ModelEvent(
            ModelEvent.Kind.PROMOTED,
            Instant.parse("2026-11-21T20:30:15.123456789Z"),
            "sst",
            "smnn",
            WEIGHTS,
            Champion.ALWAYS,
            null,
            null,
            "better",
            Map.of("blocks", 1.0, "e_value", 0.31654));
    assertThat(line(event.toJson()))
        .contains("at=2026-11-21T20:30:15Z  ")
        .contains("weights_sha256=01234567  ")
        .contains("effective_from=the first issue time  ")
        .endsWith("evidence={blocks=1, e_value=0.3165}");
  }

  private static String line(String json) {
    return RecordView.of(
            new ConsumerRecord<>(
                "etesian.models", 0, 0, "sst".getBytes(UTF_8), json.getBytes(UTF_8)))
        .line();
  }
}
