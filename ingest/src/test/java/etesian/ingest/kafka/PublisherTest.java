package etesian.ingest.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.ClassicNetcdf;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.DataReference;
import etesian.ingest.wire.GranuleNetcdf;
import etesian.ingest.wire.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherTest {
  private static final int ROWS = 48;
  private static final int COLUMNS = 60;

  /** Two fields fit, the packed file of three times does not. */
  private static final int SMALL = 8 * ROWS * COLUMNS + (6 << 10);

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
  void whatTheFileSystemDoesNotGiveIsRefusedAndTheOthersGo() throws Exception {
    Files.createSymbolicLink(folder.resolve("a.nc"), folder.resolve("nowhere"));
    write(folder.resolve("b.nc"), "t2m", 1);
    PublishSummary summary = publish(broker, everything(), folder.resolve("*.nc"));
    assertThat(summary.refused()).isEqualTo(1);
    assertThat(summary.published()).isEqualTo(1);
    assertThat(heard).contains("refused a.nc", "published b.nc");
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
  void aWatchSendsWhatIsThereWhatComesAndWhatIsReplaced() throws Exception {
    Path inbox = Files.createDirectories(folder.resolve("in"));
    Path a = write(inbox.resolve("a.nc"), "t2m", 1);
    Files.writeString(inbox.resolve("half.nc.part"), "to come");
    List<Action> then =
        new ArrayList<>(
            List.of(
                () -> move(write(folder.resolve("b.tmp"), "t2m", 2), inbox.resolve("b.nc")),
                () -> move(write(folder.resolve("a2.tmp"), "sst", 3), a),
                () -> stop()));
    PublishSummary summary = watch(inbox, then);
    assertThat(broker.history())
        .extracting(r -> key(r))
        .containsExactly("era5/t2m", "era5/t2m", "sst/sst");
    assertThat(summary.published()).isEqualTo(3);
  }

  @Test
  void aStopEndsAfterTheRecordAtHand() throws Exception {
    Path large = writeHours(folder.resolve("large.nc"), "sst", 0, 1, 2, 3);
    PublishSummary summary = watch(folder, new ArrayList<>(), keeping(ledger).as(Form.SPLIT), 2);
    assertThat(summary.records()).isEqualTo(2);
    assertThat(summary.published()).isZero();
    PublishSummary rest = publish(broker, keeping(ledger).as(Form.SPLIT), large);
    assertThat(rest.records()).isEqualTo(2);
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

  /** Something that may fail. */
  private interface Action {
    void run() throws IOException;
  }

  private Publisher watching; // null unless a folder is watched

  private void stop() {
    watching.stop();
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private PublishSummary watch(Path path, List<Action> afterEachFile) throws Exception {
    return watch(path, afterEachFile, everything(), Integer.MAX_VALUE);
  }

  /** Acknowledgements come on this thread: what happens next is not left to chance. */
  private PublishSummary watch(
      Path path, List<Action> afterEachFile, PublishOptions options, int mostRecords)
      throws Exception {
    PublishListener listener =
        new PublishListener() {
          private int records;

          @Override
          public void acknowledged(Path file, long bytes) {
            if (++records == mostRecords) {
              stop();
            }
          }

          @Override
          public void published(Path file, long bytes) {
            try {
              afterEachFile.remove(0).run();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    watching = new Publisher(broker, options, listener);
    return watching.watch(Inputs.of(List.of(path)), Duration.ofMillis(20));
  }

  private PublishSummary publish(
      MockProducer<byte[], byte[]> producer, PublishOptions options, Path... paths)
      throws IOException, InterruptedException {
    return publish(producer, options, Publisher.MAX_FILE_BYTES, paths);
  }

  private PublishSummary publish(
      MockProducer<byte[], byte[]> producer,
      PublishOptions options,
      int maxFileBytes,
      Path... paths)
      throws IOException, InterruptedException {
    PublishListener listener =
        new PublishListener() {
          @Override
          public void found(int files, long bytes) {
            heard.add("found " + files);
          }

          @Override
          public void indexed(Path file) {
            heard.add("indexed " + file.getFileName());
          }

          @Override
          public void split(Path file, int parts) {
            heard.add("split " + file.getFileName() + " " + parts);
          }

          @Override
          public void acknowledged(Path file, long bytes) {
            heard.add("acknowledged " + file.getFileName());
          }

          @Override
          public void published(Path file, long bytes) {
            heard.add("published " + file.getFileName());
          }

          @Override
          public void unreadable(Path file, String reason) {
            heard.add("unreadable " + file.getFileName());
          }

          @Override
          public void refused(Path file, String reason) {
            heard.add("refused " + file.getFileName());
          }
        };
    return new Publisher(producer, options, listener, maxFileBytes).publish(List.of(paths));
  }

  private static PublishOptions everything() {
    return PublishOptions.everything();
  }

  private static PublishOptions keeping(Path ledger) {
    return everything().keeping(ledger);
  }

  /** A broker that acknowledges so many records and is gone at the next. */
  private static MockProducer<byte[], byte[]> dyingAfter(int records) {
    return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
      @Override
      public synchronized Future<RecordMetadata> send(
          ProducerRecord<byte[], byte[]> record, Callback callback) {
        if (history().size() == records) {
          throw new IllegalStateException("killed");
        }
        return super.send(record, callback);
      }
    };
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  private static List<Field> fields(byte[] bytes) throws Refusal {
    return new GranuleReader().read(bytes, "test", new Origin("", "")).fields();
  }

  /** Two variables on 48 x 60 cells, packed, one cell missing, at hours since 2000. */
  private static Path writeHours(Path path, String variable, int... hours) throws IOException {
    ClassicNetcdf file =
        new ClassicNetcdf()
            .dimension("time", hours.length)
            .dimension("lat", ROWS)
            .dimension("lon", COLUMNS);
    file.variable("time", hours, "time").attribute("units", "hours since 2000-01-01");
    float[] latitudes = new float[ROWS];
    float[] longitudes = new float[COLUMNS];
    for (int i = 0; i < ROWS; i++) {
      latitudes[i] = 60 - 2 * i;
    }
    for (int i = 0; i < COLUMNS; i++) {
      longitudes[i] = 2 * i;
    }
    file.variable("lat", latitudes, "lat").attribute("units", "degrees_north");
    file.variable("lon", longitudes, "lon").attribute("units", "degrees_east");
    for (String name : List.of(variable, "d2m")) {
      short[] values = new short[hours.length * ROWS * COLUMNS];
      for (int i = 0; i < values.length; i++) {
        values[i] = i % 100 == 7 ? (short) -32767 : (short) (hours[0] + i);
      }
      file.variable(name, values, "time", "lat", "lon")
          .attribute("units", "K")
          .attribute("scale_factor", 0.0123)
          .attribute("add_offset", 280.1)
          .attribute("_FillValue", (short) -32767);
    }
    return Files.write(path, file.toBytes());
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
