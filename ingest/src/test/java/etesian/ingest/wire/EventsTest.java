package etesian.ingest.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void aGranuleIsIdentifiedByItsContent() {
    byte[] bytes = "CDF".getBytes(UTF_8);
    ProducerRecord<byte[], byte[]> record =
        GranuleEvents.record("etesian.granules.sst", "sst/sst", bytes, "file:///a.nc", NOW);
    assertThat(record.value()).isEqualTo(bytes);
    assertThat(record.key()).asString(UTF_8).isEqualTo("sst/sst");
    assertThat(record.timestamp()).isNull();
    assertThat(headers(record))
        .containsEntry("ce_specversion", "1.0")
        .containsEntry("ce_id", Sha256.hex(bytes))
        .containsEntry("ce_type", "etesian.granule.v1")
        .containsEntry("ce_source", "file:///a.nc")
        .containsEntry("ce_time", "2026-01-02T03:04:05Z")
        .containsEntry("content-type", "application/x-netcdf");
  }

  @Test
  void aPartNamesItsSource() {
    byte[] bytes = "CDF".getBytes(UTF_8);
    ProducerRecord<byte[], byte[]> record =
        GranuleEvents.part("t", "sst/sst", bytes, "file:///a.nc", "cd".repeat(32), NOW, NOW);
    assertThat(record.value()).isEqualTo(bytes);
    assertThat(record.timestamp()).isNull();
    assertThat(headers(record))
        .containsEntry("ce_id", Sha256.hex(bytes))
        .containsEntry("ce_source", "file:///a.nc")
        .containsEntry(GranuleEvents.SOURCE_SHA256_HEADER, "cd".repeat(32))
        .containsEntry("ce_validtime", "2026-01-02T03:04:05Z");
    assertThat(DataReference.of(record.headers())).isEmpty();
  }

  @Test
  void aClaimCheckIsReadFromItsHeaders() {
    URI place = URI.create("https://files.example/%C3%BC.nc");
    ProducerRecord<byte[], byte[]> record =
        GranuleEvents.reference("t", "sst/sst", place, "cd".repeat(32), 9L << 30, "/a.nc", NOW);
    assertThat(record.value()).isNull();
    assertThat(record.timestamp()).isNull();
    assertThat(headers(record)).containsEntry("content-type", "application/x-netcdf");
    DataReference expected =
        new DataReference(place.toString(), "cd".repeat(32), String.valueOf(9L << 30));
    assertThat(DataReference.of(record.headers())).contains(expected);
    RecordHeaders copied = new RecordHeaders();
    expected.addTo(copied);
    assertThat(DataReference.of(copied)).contains(expected);
    assertThat(DataReference.of(new RecordHeaders())).isEmpty();
  }

  @Test
  void aForecastCanBeFilteredByItsHeaders() {
    ProducerRecord<byte[], byte[]> record =
        ForecastEvents.record("etesian.forecasts", Samples.forecast(), "1.2.3", NOW);
    assertThat(record.key()).asString(UTF_8).isEqualTo("sst-monthly/sst/2019-04-01T00:00:00Z");
    assertThat(record.timestamp()).isNull();
    assertThat(headers(record))
        .containsEntry("ce_type", "etesian.forecast.v1")
        .containsEntry("ce_stream", "sst-monthly")
        .containsEntry("ce_variable", "sst")
        .containsEntry("ce_issuetime", "2019-04-01T00:00:00Z")
        .containsEntry("ce_validtime", "2019-08-01T00:00:00Z")
        .containsEntry("ce_firstlead", "3")
        .containsEntry("ce_lastlead", "4")
        .containsEntry("ce_model", "smnn")
        .containsEntry("ce_weightssha256", "ab".repeat(32))
        .containsEntry("ce_revision", "2")
        .doesNotContainKey("ce_members");
    assertThat(headers(ForecastEvents.record("t", Samples.ensemble(), "1.2.3", NOW)))
        .containsEntry("ce_members", "3");
  }

  @Test
  void aRevisionNamesTheRecordThatItSupersedes() {
    Forecast revised = Samples.superseding(); // revision 2, in the place of revision 0
    Forecast first =
        new Forecast(
            revised.stream(),
            revised.variable(),
            revised.grid(),
            revised.issueTime(),
            0,
            revised.steps(),
            revised.model(),
            "ef".repeat(32), // the champion may have been another
            revised.inputs());
    assertThat(headers(ForecastEvents.record("t", revised, "1.2.3", NOW)))
        .containsEntry("ce_revision", "2")
        .containsEntry("ce_supersedes", ForecastEvents.id(first));
    assertThat(headers(ForecastEvents.record("t", first, "1.2.3", NOW)))
        .containsEntry("ce_id", ForecastEvents.id(first))
        .doesNotContainKey("ce_supersedes");
    assertThat(ForecastEvents.key(revised)).isEqualTo(ForecastEvents.key(first));
  }

  @Test
  void aReplayRepeatsTheIdAndAnotherRevisionDoesNot() {
    Forecast forecast = Samples.forecast();
    Forecast revised =
        new Forecast(
            forecast.stream(),
            forecast.variable(),
            forecast.grid(),
            forecast.issueTime(),
            3,
            forecast.steps(),
            forecast.model(),
            forecast.weightsSha256(),
            forecast.inputs());
    assertThat(ForecastEvents.id(Samples.forecast())).isEqualTo(ForecastEvents.id(forecast));
    assertThat(ForecastEvents.id(revised)).isNotEqualTo(ForecastEvents.id(forecast));
    assertThat(EventHeaders.id("a", "bc")).isNotEqualTo(EventHeaders.id("ab", "c"));
  }

  @Test
  void jsonIsAnEventToo() {
    ProducerRecord<byte[], byte[]> record =
        EventHeaders.json(
            "etesian.scores",
            "k".getBytes(UTF_8),
            "{}".getBytes(UTF_8),
            "etesian.score.v1",
            EventHeaders.id("sst", 4),
            "/etesian/streams/sst",
            NOW);
    CloudEvent event = KafkaMessageFactory.createReader(record.headers(), record.value()).toEvent();
    assertThat(event.getDataContentType()).isEqualTo("application/json");
    assertThat(event.getData().toBytes()).asString(UTF_8).isEqualTo("{}");
    assertThat(record.timestamp()).isNull();
  }

  private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
    return StreamSupport.stream(record.headers().spliterator(), false)
        .collect(Collectors.toMap(h -> h.key(), h -> new String(h.value(), UTF_8)));
  }
}
