package etesian.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.wire.DataReference;
import etesian.ingest.wire.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class PublisherTest extends PublishFixture {
  @Test
  void filesOfAFolderGoByNameToTheTopicOfTheirVariables() throws Exception {
    Path files = Files.createDirectories(folder.resolve("files/2020"));
    write(files.resolve("b.nc"), "t2m", 1);
    write(files.getParent().resolve("a.nc"), "sst", 2);
    Files.writeString(files.resolve("notes.txt"), "not to be sent");
    PublishSummary summary = publish(broker, everything(), files.getParent());
    assertThat(broker.history()).extracting(r -> key(r)).containsExactly("era5/t2m", "sst/sst");
    assertThat(broker.history())
        .extracting(ProducerRecord::topic)
        .containsExactly("etesian.granules.era5", "etesian.granules.sst");
    assertThat(broker.history()).allSatisfy(r -> assertThat(r.timestamp()).isNull());
    assertThat(broker.history().get(1).value())
        .isEqualTo(Files.readAllBytes(files.getParent().resolve("a.nc")));
    assertThat(summary.published()).isEqualTo(2);
    assertThat(heard)
        .containsExactly(
            "found 2",
            "acknowledged b.nc",
            "published b.nc",
            "acknowledged a.nc",
            "published a.nc");
  }

  @Test
  void anUnreadableFileIsSentWithAWarning() throws Exception {
    Path text = Files.writeString(folder.resolve("broken.nc"), "no NetCDF");
    PublishSummary summary = publish(broker, everything(), text);
    assertThat(broker.history()).extracting(r -> key(r)).containsExactly("era5/unreadable");
    assertThat(summary).isEqualTo(new PublishSummary(1, 1, 0, 0, 0, 0, 0, 1, 0, 9));
    assertThat(heard).contains("unreadable broken.nc");
  }

  @Test
  void aSecondCallSkipsWhatTheLedgerHolds() throws Exception {
    Path a = write(folder.resolve("a.nc"), "t2m", 1);
    Path copy = write(folder.resolve("copy.nc"), "t2m", 1);
    Path b = write(folder.resolve("b.nc"), "t2m", 2);
    assertThat(publish(broker, keeping(ledger), a, copy).published()).isEqualTo(1);
    PublishSummary second = publish(broker, keeping(ledger), a, copy, b);
    assertThat(second.published()).isEqualTo(1);
    assertThat(second.skipped()).isEqualTo(2);
    assertThat(broker.history()).hasSize(2);
    assertThat(Files.readString(ledger))
        .isEqualTo(
            Sha256.hex(Files.readAllBytes(a))
                + "  "
                + a
                + "\n"
                + Sha256.hex(Files.readAllBytes(b))
                + "  "
                + b
                + "\n");
  }

  @Test
  void aTornLineOfTheLedgerSendsItsFileAgain() throws Exception {
    Path a = write(folder.resolve("a.nc"), "t2m", 1);
    Files.writeString(ledger, Sha256.hex(Files.readAllBytes(a)) + "  /da");
    assertThat(publish(broker, keeping(ledger), a).published()).isEqualTo(1);
    assertThat(publish(broker, keeping(ledger), a).skipped()).isEqualTo(1);
  }

  @Test
  void whatTheBrokerRefusesIsNotInTheLedger() throws Exception {
    Path a = write(folder.resolve("a.nc"), "t2m", 1);
    MockProducer<byte[], byte[]> refusing = broker(true);
    refusing.sendException = new IllegalStateException("no leader");
    assertThatThrownBy(() -> publish(refusing, keeping(ledger), a)).hasMessage("no leader");
    assertThat(ledger).isEmptyFile();
  }

  @Test
  void aFailedAcknowledgementIsAnErrorThatNamesTheFile() throws Exception {
    Path a = write(folder.resolve("a.nc"), "t2m", 1);
    MockProducer<byte[], byte[]> failing =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
          @Override
          public synchronized void flush() {
            errorNext(new IllegalStateException("disk full"));
          }
        };
    assertThatThrownBy(() -> publish(failing, keeping(ledger), a))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("a.nc", "disk full", "second call");
    assertThat(ledger).isEmptyFile();
  }

  @Test
  void whatTheFileSystemDoesNotGiveIsRefusedAndTheOthersGo() throws Exception {
    Files.createSymbolicLink(folder.resolve("a.nc"), folder.resolve("nowhere"));
    write(folder.resolve("b.nc"), "t2m", 1);
    PublishSummary summary = publish(broker, everything(), folder.resolve("*.nc"));
    assertThat(summary.refused()).isEqualTo(1);
    assertThat(summary.published()).isEqualTo(1);
    assertThat(heard).contains("refused a.nc", "published b.nc");
  }

  @Test
  void aReferenceHasNoValueButHashAndLength() throws Exception {
    Path file = writeHours(folder.resolve("large.nc"), "sst", 0, 1, 2);
    PublishOptions options = everything().as(new Form.ByReference(Locations.asHere()));
    PublishSummary summary = publish(broker, options, 700, file);
    ProducerRecord<byte[], byte[]> record = broker.history().get(0);
    assertThat(record.value()).isNull();
    assertThat(record.timestamp()).isNull();
    assertThat(key(record)).isEqualTo("sst/d2m+sst");
    assertThat(DataReference.of(record.headers()))
        .contains(
            new DataReference(
                file.toUri().toString(),
                Sha256.hex(Files.readAllBytes(file)),
                String.valueOf(Files.size(file))));
    assertThat(summary.byReference()).isEqualTo(1);
    assertThat(summary.bytes()).isZero();
  }

  @Test
  void aReferenceThatTheJobCannotSeeIsRefused() throws Exception {
    Path file = write(folder.resolve("a.nc"), "t2m", 1);
    Locations elsewhere = Locations.parse(List.of("/elsewhere=file:///mnt/"));
    publish(broker, everything().as(new Form.ByReference(elsewhere)), file);
    assertThat(broker.history()).isEmpty();
    assertThat(heard).contains("refused a.nc");
  }

  @Test
  void aMissingPathIsNamed() {
    assertThatThrownBy(() -> publish(broker, everything(), folder.resolve("nowhere")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void theProducerTakesLargeRecordsAndLosesNone() {
    assertThat(Publisher.settings(Map.of("bootstrap.servers", "b:1", "acks", "all")))
        .containsEntry("bootstrap.servers", "b:1")
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", "true")
        .containsEntry("max.request.size", "33554432")
        .containsEntry("buffer.memory", "134217728");
  }
}
