package etesian.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Field;
import etesian.ingest.wire.GranuleNetcdf;
import etesian.ingest.wire.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Files that go in parts: as they are too large for a record, or as a replay goes by time. */
class PublishedPartsTest extends PublishFixture {
  /** Two fields fit, the packed file of three times does not. */
  private static final int SMALL = 8 * ROWS * COLUMNS + (6 << 10);

  @Test
  void aFileBeyondTheRecordLimitGoesInPartsThatReadTheSame() throws Exception {
    Path large = writeHours(folder.resolve("large.nc"), "sst", 0, 3, 5);
    PublishSummary summary = publish(broker, everything(), SMALL, large);
    assertThat(broker.history())
        .extracting(r -> header(r, "ce_validtime"))
        .containsExactly("2000-01-01T00:00:00Z", "2000-01-01T03:00:00Z", "2000-01-01T05:00:00Z");
    assertThat(broker.history())
        .allSatisfy(
            r -> {
              assertThat(r.value().length).isLessThanOrEqualTo(SMALL);
              assertThat(r.timestamp()).isNull();
              assertThat(r.topic()).isEqualTo("etesian.granules.sst");
              assertThat(key(r)).isEqualTo("sst/d2m+sst");
              assertThat(header(r, "ce_id")).isEqualTo(Sha256.hex(r.value()));
              assertThat(header(r, "ce_source")).isEqualTo(large.toUri().toString());
              assertThat(header(r, "ce_sourcesha256"))
                  .isEqualTo(Sha256.hex(Files.readAllBytes(large)));
            });
    List<Field> parts = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : broker.history()) {
      parts.addAll(fields(record.value()));
    }
    assertThat(parts).containsExactlyInAnyOrderElementsOf(fields(Files.readAllBytes(large)));
    assertThat(summary).isEqualTo(new PublishSummary(1, 3, 1, 3, 0, 0, 0, 0, 0, summary.bytes()));
    assertThat(heard)
        .containsExactly(
            "found 1",
            "split large.nc 3",
            "acknowledged large.nc",
            "acknowledged large.nc",
            "acknowledged large.nc",
            "published large.nc");
  }

  @Test
  void aTimeThatIsTooLargeGoesVariableByVariable() throws Exception {
    Path large = writeHours(folder.resolve("large.nc"), "sst", 0, 1);
    int one = (int) GranuleNetcdf.sizeAtMost(List.of(fields(Files.readAllBytes(large)).get(0)));
    publish(broker, everything(), one, large);
    assertThat(broker.history())
        .extracting(r -> key(r))
        .containsExactly("sst/d2m", "sst/sst", "sst/d2m", "sst/sst");
  }

  @Test
  void whatFitsInNoWayIsRefusedAndTheOthersGo() throws Exception {
    Path large = writeHours(folder.resolve("large.nc"), "sst", 0, 1);
    Path text = Files.writeString(folder.resolve("text.nc"), "no NetCDF".repeat(100));
    Path small = write(folder.resolve("small.nc"), "t2m", 1);
    PublishSummary summary = publish(broker, everything(), 700, large, text, small);
    assertThat(broker.history()).extracting(r -> key(r)).containsExactly("era5/t2m");
    assertThat(summary.refused()).isEqualTo(2);
    assertThat(heard).contains("refused large.nc", "refused text.nc", "published small.nc");
  }

  @Test
  void afterAFailureInTheMiddleOfAFileEachPartIsAcknowledgedOnce() throws Exception {
    Path large = writeHours(folder.resolve("large.nc"), "sst", 0, 1, 2, 3);
    MockProducer<byte[], byte[]> dying = dyingAfter(2);
    assertThatThrownBy(() -> publish(dying, keeping(ledger).as(Form.SPLIT), large))
        .hasMessage("killed");
    assertThat(Files.readAllLines(ledger)).hasSize(2).allMatch(line -> line.contains("large.nc#"));

    PublishSummary second = publish(broker, keeping(ledger).as(Form.SPLIT), large);
    assertThat(second.skippedParts()).isEqualTo(2);
    assertThat(second.published()).isEqualTo(1);
    List<String> both = new ArrayList<>();
    dying.history().forEach(r -> both.add(header(r, "ce_validtime")));
    broker.history().forEach(r -> both.add(header(r, "ce_validtime")));
    assertThat(both)
        .containsExactly(
            "2000-01-01T00:00:00Z",
            "2000-01-01T01:00:00Z",
            "2000-01-01T02:00:00Z",
            "2000-01-01T03:00:00Z");

    PublishSummary third = publish(broker, keeping(ledger), large);
    assertThat(third.skipped()).isEqualTo(1); // the file itself is in the ledger by now
    assertThat(broker.history()).hasSize(2);
  }

  @Test
  void aReplayGoesByValidTimeOverAllFilesAndKeepsWhatHasOneTime() throws Exception {
    Path evens = writeHours(folder.resolve("a.nc"), "sst", 0, 2, 4);
    Path odds = writeHours(folder.resolve("b.nc"), "t2m", 1, 3);
    Path one = writeHours(folder.resolve("c.nc"), "t2m", 2);
    Path text = Files.writeString(folder.resolve("d.nc"), "no NetCDF");
    publish(broker, everything().at(new Pace.Replay(1e9)), evens, odds, one, text);
    assertThat(broker.history())
        .extracting(r -> key(r) + " " + header(r, "ce_validtime"))
        .containsExactly(
            "era5/unreadable ",
            "sst/d2m+sst 2000-01-01T00:00:00Z",
            "era5/d2m+t2m 2000-01-01T01:00:00Z",
            "sst/d2m+sst 2000-01-01T02:00:00Z",
            "era5/d2m+t2m ",
            "era5/d2m+t2m 2000-01-01T03:00:00Z",
            "sst/d2m+sst 2000-01-01T04:00:00Z");
    assertThat(broker.history().get(4).value()).isEqualTo(Files.readAllBytes(one));
    assertThat(heard).contains("indexed a.nc", "indexed b.nc", "indexed c.nc");
  }

  @Test
  void aReplayGoesOnWhereItsLedgerEnds() throws Exception {
    Path a = writeHours(folder.resolve("a.nc"), "sst", 0, 2);
    Path b = writeHours(folder.resolve("b.nc"), "t2m", 1, 3);
    PublishOptions replay = keeping(ledger).at(new Pace.Replay(1e9));
    assertThatThrownBy(() -> publish(dyingAfter(3), replay, a, b)).hasMessage("killed");
    publish(broker, replay, a, b);
    assertThat(broker.history())
        .extracting(r -> header(r, "ce_validtime"))
        .containsExactly("2000-01-01T03:00:00Z");
  }
}
