package etesian.ingest.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.netcdf.ClassicNetcdf;
import etesian.ingest.wire.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherTest {
  @TempDir Path folder;

  private final MockProducer<byte[], byte[]> broker = broker(true);
  private final List<String> heard = new ArrayList<>();
  private Path ledger;

  @BeforeEach
  void nameTheLedger() {
    ledger = folder.resolve("ledger.txt");
  }

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
    assertThat(heard).containsExactly("found 2", "published b.nc", "published a.nc");
  }

  @Test
  void anUnreadableFileIsSentWithAWarning() throws Exception {
    Path text = Files.writeString(folder.resolve("broken.nc"), "no NetCDF");
    PublishSummary summary = publish(broker, everything(), text);
    assertThat(broker.history()).extracting(r -> key(r)).containsExactly("era5/unreadable");
    assertThat(summary).isEqualTo(new PublishSummary(1, 0, 1, 9));
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
  void aFileBeyondTheRecordLimitStopsBeforeAnythingIsSent() throws Exception {
    Path small = write(folder.resolve("a.nc"), "t2m", 1);
    Path large = folder.resolve("large.nc");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(Publisher.MAX_FILE_BYTES + 1L);
    }
    assertThatThrownBy(() -> publish(broker, everything(), small, large))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("large.nc", String.valueOf(Publisher.MAX_FILE_BYTES), "split");
    assertThat(broker.history()).isEmpty();
  }

  @Test
  void aMissingPathIsNamed() {
    assertThatThrownBy(() -> publish(broker, everything(), folder.resolve("nowhere")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void aRateSpreadsTheFiles() throws Exception {
    Path a = write(folder.resolve("a.nc"), "t2m", 1);
    long start = System.nanoTime();
    publish(broker, new PublishOptions(Optional.of("era5"), 20, Optional.empty()), a, a, a);
    assertThat(System.nanoTime() - start).isGreaterThan(100_000_000L);
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

  private PublishSummary publish(
      MockProducer<byte[], byte[]> producer, PublishOptions options, Path... paths)
      throws IOException, InterruptedException {
    PublishListener listener =
        new PublishListener() {
          @Override
          public void found(int files, long bytes) {
            heard.add("found " + files);
          }

          @Override
          public void published(Path file, long bytes) {
            heard.add("published " + file.getFileName());
          }

          @Override
          public void unreadable(Path file, String reason) {
            heard.add("unreadable " + file.getFileName());
          }
        };
    return new Publisher(producer, options, listener).publish(List.of(paths));
  }

  private static PublishOptions everything() {
    return PublishOptions.everything();
  }

  private static PublishOptions keeping(Path ledger) {
    return new PublishOptions(Optional.empty(), 0, Optional.of(ledger));
  }

  private static MockProducer<byte[], byte[]> broker(boolean answersAtOnce) {
    return new MockProducer<>(
        answersAtOnce, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static String key(ProducerRecord<byte[], byte[]> record) {
    return new String(record.key(), UTF_8);
  }

  private static Path write(Path path, String variable, float value) throws IOException {
    ClassicNetcdf file =
        new ClassicNetcdf().dimension("time", 1).dimension("lat", 1).dimension("lon", 1);
    file.variable("time", new int[] {0}, "time").attribute("units", "days since 2000-01-01");
    file.variable("lat", new double[] {0}, "lat").attribute("units", "degrees_north");
    file.variable("lon", new double[] {0}, "lon").attribute("units", "degrees_east");
    file.variable(variable, new float[] {value}, "time", "lat", "lon");
    return Files.write(path, file.toBytes());
  }
}
