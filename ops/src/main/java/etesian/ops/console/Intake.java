package etesian.ops.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.claim.References;
import etesian.ingest.claim.Unresolved;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Origin;
import etesian.ingest.kafka.Topics;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Limits;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.DataReference;
import etesian.ingest.wire.ForecastNetcdf;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.settings.GranuleSettings;
import etesian.pipeline.settings.ReferenceSettings;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens records and puts what they say into the store. */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Store store;
  private final GranuleSettings granules;
  private final References references;

  Intake(Store store, GranuleSettings granules) {
    this.store = store;
    this.granules = granules;
    ReferenceSettings allowed = granules.references();
    this.references = new References(allowed.roots(), allowed.maxBytes(), allowed.timeout());
  }

  /** A record that cannot be read is passed by: what is wrong with it is for the job to say. */
  void take(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    take(record, store::add);
  }

  /** The same of a forecast that lies before what has been taken. */
  void takeOlder(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    take(record, store::addOlder);
  }

  private void take(ConsumerRecord<byte[], byte[]> record, Consumer<Forecast> add)
      throws InterruptedException {
    try {
      open(record, add);
    } catch (Refusal | Unresolved | IOException | IllegalArgumentException e) {
      LOG.info(
          "{}/{}@{} is not shown: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
    }
  }

  private void open(ConsumerRecord<byte[], byte[]> record, Consumer<Forecast> add)
      throws Refusal, Unresolved, IOException, InterruptedException {
    String topic = record.topic();
    if (topic.equals(Topics.DEAD_LETTERS)) {
      store.add(letter(record));
    } else if (topic.startsWith(Topics.granules(""))) {
      observations(record);
    } else if (record.value() == null) {
      LOG.debug("{}: a tombstone", topic);
    } else if (topic.equals(Topics.FORECASTS)) {
      add.accept(ForecastNetcdf.read(record.value()));
    } else if (topic.equals(Topics.SCORES)) {
      store.addScore(JSON.readTree(record.value()));
    } else if (topic.equals(Topics.CHAMPIONS)) {
      store.add(Champion.fromJson(new String(record.value(), UTF_8)));
    } else if (topic.equals(Topics.MODELS)) {
      store.addEvent(event(record.value()));
    }
  }

  private static JsonNode event(byte[] value) throws IOException {
    JsonNode event = JSON.readTree(value);
    for (String field : List.of("stream", "event", "at")) {
      if (!event.path(field).isTextual()) {
        throw new IllegalArgumentException("an event without '" + field + "'");
      }
    }
    return event;
  }

  private void observations(ConsumerRecord<byte[], byte[]> record)
      throws Refusal, Unresolved, InterruptedException {
    String dataset = record.topic().substring(Topics.granules("").length());
    List<StreamSettings> streams =
        store.streams().stream().filter(stream -> stream.dataset().equals(dataset)).toList();
    Optional<DataReference> reference = DataReference.of(record.headers());
    byte[] content = record.value();
    if (streams.isEmpty() || content == null && reference.isEmpty()) {
      return;
    }
    if (content == null) {
      content = references.read(reference.get());
    }
    GranuleReader reader =
        new GranuleReader(Limits.DEFAULT, granules.modelCalendars().contains(dataset));
    String place = record.topic() + "/" + record.partition() + "@" + record.offset();
    for (Field field : reader.read(content, place, new Origin("", place)).fields()) {
      for (StreamSettings stream : streams) {
        if (stream.takes(field)) {
          store.addObserved(stream, stream.onGrid(field));
        }
      }
    }
  }

  private static Letter letter(ConsumerRecord<byte[], byte[]> record) {
    return new Letter(
        Instant.ofEpochMilli(record.timestamp()),
        header(record, "class"),
        header(record, "reason"),
        header(record, "topic")
            + "/"
            + header(record, "partition")
            + "@"
            + header(record, "offset"),
        header(record, "sha256"));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null ? "?" : new String(header.value(), UTF_8);
  }
}
