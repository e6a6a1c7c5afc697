package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.ChampionTimeline;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Anybody may write to the topic of champions, and every job reads it. */
class ChampionRecordsTest {
  private static final String WHOLE =
      new Champion("t2m", "m2no", "c".repeat(64), Instant.EPOCH, null).toJson();

  /** A record that fails where it is read would fail there again after each restart. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "no JSON",
        "1970-01-01 becomes +292278995-01-01",
        "1970-01-01 becomes -292278995-01-01",
        "null becomes null,\"earlier\":[{\"model\":null}]",
        "null becomes null,\"earlier\":[null]",
        "m2no becomes LONG",
      })
  void whatIsNoChampionIsPassedBy(String text) {
    String[] change = text.split(" becomes ");
    String json =
        change.length == 2
            ? WHOLE.replace(change[0], change[1].replace("LONG", "m".repeat(1 << 16)))
            : text;
    assertThat(json).isNotEqualTo(WHOLE);
    assertThat(read(json)).isEmpty();
  }

  @Test
  void theLongestRecordThatIsTakenFitsIntoTheState() throws IOException {
    String longest = WHOLE.replace("m2no", "m".repeat((16 << 10) - WHOLE.length() + 4));
    assertThat(longest).hasSize(16 << 10);
    Champion champion = read(longest).get(0);
    new Champion.ChampionCodec().write(champion, new DataOutputSerializer(64));
    ChampionTimeline timeline = new ChampionTimeline();
    timeline.add(champion);
    assertThat(timeline.at(Instant.EPOCH)).contains(champion);
  }

  private static List<Champion> read(String json) {
    List<Champion> taken = new ArrayList<>();
    new ChampionRecords()
        .deserialize(
            new ConsumerRecord<>("etesian.champions", 0, 0, null, json.getBytes(UTF_8)),
            new Collector<>() {
              @Override
              public void collect(Champion one) {
                taken.add(one);
              }

              @Override
              public void close() {}
            });
    return taken;
  }
}
