package etesian.ingest.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.ClassicNetcdf;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Files in a folder, a broker that has no process, and what was heard of the way between. */
abstract class PublishFixture {
  static final int ROWS = 48;
  static final int COLUMNS = 60;

  @TempDir Path folder;

  final MockProducer<byte[], byte[]> broker = broker(true);
  final List<String> heard = new ArrayList<>();
  Path ledger;

  @BeforeEach
  void nameTheLedger() {
    ledger = folder.resolve("ledger.txt");
  }

  PublishSummary publish(
      MockProducer<byte[], byte[]> producer, PublishOptions options, Path... paths)
      throws IOException, InterruptedException {
    return publish(producer, options, Publisher.MAX_FILE_BYTES, paths);
  }

  PublishSummary publish(
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

  static PublishOptions everything() {
    return PublishOptions.everything();
  }

  static PublishOptions keeping(Path ledger) {
    return everything().keeping(ledger);
  }

  /** A broker that acknowledges so many records and is gone at the next. */
  static MockProducer<byte[], byte[]> dyingAfter(int records) {
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

  static MockProducer<byte[], byte[]> broker(boolean answersAtOnce) {
    return new MockProducer<>(
        answersAtOnce, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static String header(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  static String key(ProducerRecord<byte[], byte[]> record) {
    return new String(record.key(), UTF_8);
  }

  static List<Field> fields(byte[] bytes) throws Refusal {
    return new GranuleReader().read(bytes, "test", new Origin("", "")).fields();
  }

  /** Two variables on 48 x 60 cells, packed, one cell missing, at hours since 2000. */
  static Path writeHours(Path path, String variable, int... hours) throws IOException {
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

  static Path write(Path path, String variable, float value) throws IOException {
    ClassicNetcdf file =
        new ClassicNetcdf().dimension("time", 1).dimension("lat", 1).dimension("lon", 1);
    file.variable("time", new int[] {0}, "time").attribute("units", "days since 2000-01-01");
    file.variable("lat", new double[] {0}, "lat").attribute("units", "degrees_north");
    file.variable("lon", new double[] {0}, "lon").attribute("units", "degrees_east");
    file.variable(variable, new float[] {value}, "time", "lat", "lon");
    return Files.write(path, file.toBytes());
  }
}
