package etesian.ops.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.ForecastEvents;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.ops.metrics.ProcessMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedTest {
  @Test
  void showsWhatIsCommittedInTopicsThatComeLaterAndLeavesNoTrace(@TempDir Path folder)
      throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(0)) {
      var settings = Samples.settings(kafka.bootstrap(), folder);
      Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrap());
      Store store = Samples.store(4, 1 << 20);
      ProcessMetrics metrics = new ProcessMetrics();
      try (Feed feed =
              new Feed(
                  store,
                  new Intake(store, settings.granules()),
                  new ConsoleMetrics(metrics, store, new Live(store)),
                  settings.kafka(),
                  4);
          Admin admin = Admin.create(client)) {
        Topics.create(admin, List.of("era5"));
        send(kafka, false, ForecastEvents.record(Topics.FORECASTS, forecast(0), "1", Samples.NOON));
        send(kafka, true, new ProducerRecord<>(Topics.FORECASTS, "not NetCDF".getBytes(UTF_8)));
        send(kafka, true, ForecastEvents.record(Topics.FORECASTS, forecast(1), "1", Samples.NOON));

        await(store, () -> store.bytes() > 0);

        assertThat(store.<Object>with(Samples.KEY, of -> List.copyOf(of.issues.keySet())))
            .isEqualTo(List.of(forecast(1).issueTime()));
        assertThat(store.trouble()).isEmpty();
        assertThat(admin.listGroups().all().get()).isEmpty();
        assertThat(new String(metrics.text(), UTF_8))
            .contains(
                "etesian_console_records_total{topic=\"" + Topics.FORECASTS + "\"} 2.0\n",
                "etesian_console_lag_records{topic=\"" + Topics.FORECASTS + "\"}",
                "etesian_console_connected 1.0\n");
      }
    }
  }

  @Test
  void aQuietStreamIsFoundBehindManyRecordsOfABusyOne(@TempDir Path folder) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(0)) {
      var settings = Samples.settings(kafka.bootstrap(), folder);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
        Topics.create(admin, List.of("era5"));
      }
      Forecast quiet = Samples.named("quiet", forecast(0));
      send(kafka, true, ForecastEvents.record(Topics.FORECASTS, quiet, "1", Samples.NOON));
      for (int i = 0; i < 10; i++) { // of which the newest are read, those of one issue time each
        send(kafka, true, ForecastEvents.record(Topics.FORECASTS, forecast(i), "1", Samples.NOON));
      }
      Store store =
          new Store(List.of(Samples.STREAM, Samples.STREAM.withName("quiet")), 1, 1 << 20);
      SeriesKey key = new SeriesKey("quiet", "t2m");
      try (Feed feed =
          new Feed(
              store,
              new Intake(store, settings.granules()),
              new ConsoleMetrics(new ProcessMetrics(), store, new Live(store)),
              settings.kafka(),
              1)) {
        await(store, () -> store.<Boolean>with(key, of -> !of.issues.isEmpty()));
        assertThat(store.<Object>with(key, of -> List.copyOf(of.issues.keySet())))
            .isEqualTo(List.of(quiet.issueTime()));
        assertThat(store.<Object>with(Samples.KEY, of -> List.copyOf(of.issues.keySet())))
            .isEqualTo(List.of(forecast(9).issueTime()));
      }
    }
  }

  private static Forecast forecast(int number) {
    return Samples.forecast(Samples.NOON.plus(Samples.STEP.multipliedBy(number)), 0, 280, 1, 3);
  }

  private static void await(Store store, BooleanSupplier until) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!until.getAsBoolean() && System.nanoTime() < end) {
      store.await(store.version(), Duration.ofSeconds(1));
    }
  }

  private static void send(
      EmbeddedKafka kafka, boolean commit, ProducerRecord<byte[], byte[]> record) throws Exception {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "test");
    try (var producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(record).get();
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }
}
