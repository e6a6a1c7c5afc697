package etesian.ops.console;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.ForecastEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookBackTest {
  private static final TopicPartition PLACE = new TopicPartition(Topics.FORECASTS, 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final Store store = Samples.store(4, 1 << 20);
  @TempDir private Path folder;

  @Test
  void whatCameMeanwhileOnANewGridOutlivesWhatWasIssuedOnTheOldOne() throws Exception {
    Forecast old = Samples.on(new Grid(2, 3, 60, 0, 1, 1), forecast(0));
    store.addObserved(Samples.STREAM, Samples.observed(forecast(1).issueTime(), 281));

    look(old, false);

    assertThat(consumer.position(PLACE)).isEqualTo(1);
    assertThat(issues()).isEmpty();
    assertThat(store.<Integer>with(Samples.KEY, of -> of.observed.size())).isEqualTo(1);
  }

  @Test
  void anOlderForecastIsFound() throws Exception {
    look(forecast(0), false);
    assertThat(issues()).containsExactly(forecast(0).issueTime());
  }

  @Test
  void nothingIsReadForAConsoleThatIsClosing() throws Exception {
    look(forecast(0), true);
    assertThat(issues()).isEmpty();
  }

  /** At a topic with one record. */
  private void look(Forecast only, boolean closed) throws Exception {
    consumer.updateBeginningOffsets(Map.of(PLACE, 0L));
    consumer.schedulePollTask(() -> consumer.addRecord(record(only)));
    Intake intake = new Intake(store, Samples.settings("nobody:9092", folder).granules());
    new LookBack(consumer, intake, 1, Duration.ofMinutes(1), () -> closed)
        .run(Set.of("t2m"), Map.of(PLACE, 1L));
  }

  private List<Instant> issues() {
    return store.with(Samples.KEY, of -> List.copyOf(of.issues.keySet()));
  }

  private static ConsumerRecord<byte[], byte[]> record(Forecast forecast) {
    ProducerRecord<byte[], byte[]> sent =
        ForecastEvents.record(Topics.FORECASTS, forecast, "1", Samples.NOON);
    return new ConsumerRecord<>(
        Topics.FORECASTS,
        0,
        0,
        0,
        TimestampType.LOG_APPEND_TIME,
        sent.key().length,
        sent.value().length,
        sent.key(),
        sent.value(),
        sent.headers(),
        Optional.empty());
  }

  private static Forecast forecast(int number) {
    return Samples.forecast(Samples.NOON.plus(Samples.STEP.multipliedBy(number)), 0, 280, 1, 3);
  }
}
