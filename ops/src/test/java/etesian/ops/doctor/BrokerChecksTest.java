package etesian.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.kafka.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;

class BrokerChecksTest {
  private static final Map<String, String> SOUND =
      Map.of(
          "message.timestamp.type", "LogAppendTime",
          "max.message.bytes", Integer.toString(Topics.MAX_DEAD_LETTER_BYTES),
          "cleanup.policy", "delete",
          "retention.ms", "604800000");

  @Test
  void aSoundTopicIsOneLine() {
    assertThat(check(Topics.DEAD_LETTERS, Map.of()))
        .singleElement()
        .satisfies(finding -> assertThat(finding.state()).isEqualTo(Finding.State.OK));
  }

  @Test
  void aTopicThatRefusesDeadLettersIsTold() {
    assertThat(check(Topics.DEAD_LETTERS, Map.of("max.message.bytes", "1048588")))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.state()).isEqualTo(Finding.State.WARN);
              assertThat(finding.toString()).contains("max.message.bytes=1048588", "67108864");
            });
  }

  @Test
  void granulesThatRunWouldWarnOfAreToldHereToo() {
    assertThat(check(Topics.granules("era5"), Map.of("max.message.bytes", "8000000")))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.state()).isEqualTo(Finding.State.WARN);
              assertThat(finding.found()).contains("8000000", "33554432");
            });
  }

  private static List<Finding> check(String topic, Map<String, String> changes) {
    Map<String, String> all = new TreeMap<>(SOUND);
    all.putAll(changes);
    return BrokerChecks.topic(
        topic,
        new Config(
            all.entrySet().stream()
                .map(entry -> new ConfigEntry(entry.getKey(), entry.getValue()))
                .toList()));
  }
}
