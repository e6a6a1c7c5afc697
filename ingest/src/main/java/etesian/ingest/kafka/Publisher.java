package etesian.ingest.kafka;

import etesian.ingest.field.Origin;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.GranuleEvents;
import etesian.ingest.wire.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends NetCDF files to the granule topics, one file a record, byte for byte. A file that cannot be
 * read is sent as well: the pipeline makes a dead letter of it, so that nothing is lost in silence.
 */
public final class Publisher {
  /** Largest file: the record limit less room for key and headers. */
  public static final int MAX_FILE_BYTES = Topics.MAX_RECORD_BYTES - (64 << 10);

  private static final String SST = "sst";
  private static final String ERA5 = "era5";
  private static final String UNREADABLE = "unreadable";

  private final Producer<byte[], byte[]> producer;
  private final PublishOptions options;
  private final PublishListener listener;
  private final GranuleReader reader = new GranuleReader();

  /**
   * @param producer made with {@link #settings}; the caller closes it
   */
  public Publisher(
      Producer<byte[], byte[]> producer, PublishOptions options, PublishListener listener) {
    this.producer = producer;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Settings of a producer of large records that neither loses nor doubles one.
   *
   * @param connection brokers and their security; wins over what is set here
   */
  public static Properties settings(Map<?, ?> connection) {
    Properties settings = new Properties();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(Topics.MAX_RECORD_BYTES));
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, String.valueOf(128 << 20));
    settings.putAll(connection);
    return settings;
  }

  /**
   * Sends files in the given order, those of a folder ({@code *.nc}, at any depth) by name, and
   * returns when the broker has acknowledged the last one.
   *
   * @throws IOException when a path does not exist, a file is too large for a record (before any is
   *     sent), or the broker refuses one
   */
  public PublishSummary publish(Collection<Path> paths) throws IOException, InterruptedException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      files.addAll(expand(path));
    }
    long bytes = 0;
    for (Path file : files) {
      bytes += checkedSize(file);
    }
    listener.found(files.size(), bytes);
    if (options.ledger().isEmpty()) {
      return new Run(null).publish(files);
    }
    try (PublishLedger ledger = new PublishLedger(options.ledger().get())) {
      return new Run(ledger).publish(files);
    }
  }

  private static List<Path> expand(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(
          path.toString(), null, "no such file or folder; expected NetCDF files");
    }
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> tree = Files.walk(path)) {
      return tree.filter(file -> file.toString().endsWith(".nc") && Files.isRegularFile(file))
          .sorted(Comparator.comparing((Path file) -> path.relativize(file).toString()))
          .toList();
    }
  }

  private static long checkedSize(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_FILE_BYTES) {
      throw new IOException(
          String.format(
              "%s has %d bytes, a record of a granule topic takes %d; split the file by time, for"
                  + " instance with 'cdo splitmon' or 'ncks -d time,...'; nothing was sent",
              file, size, MAX_FILE_BYTES));
    }
    return size;
  }

  /** What a file is sent as. */
  private record Address(String dataset, String variables) {
    String key() {
      return dataset + "/" + variables;
    }
  }

  /** One call of {@link #publish}. Acknowledgements come on the producer's thread. */
  private final class Run {
    private final PublishLedger ledger; // null when none is kept
    private final Set<String> underway = new HashSet<>();
    private final Object lock = new Object();
    private int published;
    private int skipped;
    private int unreadable;
    private long bytesPublished;
    private IOException failure;

    Run(PublishLedger ledger) {
      this.ledger = ledger;
    }

    PublishSummary publish(List<Path> files) throws IOException, InterruptedException {
      long start = System.nanoTime();
      int sent = 0;
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        String sha256 = Sha256.hex(bytes);
        if (isKnown(sha256)) {
          synchronized (lock) {
            skipped++;
            listener.skipped(file, bytes.length);
          }
          continue;
        }
        pace(start, sent++);
        send(file, bytes, sha256);
        throwFailure();
      }
      producer.flush();
      throwFailure();
      synchronized (lock) {
        return new PublishSummary(published, skipped, unreadable, bytesPublished);
      }
    }

    private boolean isKnown(String sha256) {
      synchronized (lock) {
        return ledger != null && (ledger.contains(sha256) || !underway.add(sha256));
      }
    }

    private void pace(long start, int sent) throws InterruptedException {
      if (options.filesPerSecond() > 0) {
        long due = start + Math.round(sent / options.filesPerSecond() * 1e9);
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      }
    }

    private void send(Path file, byte[] bytes, String sha256) {
      Address address = address(file, bytes, sha256);
      ProducerRecord<byte[], byte[]> record =
          GranuleEvents.record(
              Topics.granules(address.dataset),
              address.key(),
              bytes,
              file.toUri().toString(),
              Instant.now());
      var unused =
          producer.send(
              record, (metadata, exception) -> acknowledged(file, bytes.length, sha256, exception));
    }

    private Address address(Path file, byte[] bytes, String sha256) {
      try {
        Set<String> variables = new TreeSet<>();
        reader
            .read(bytes, String.valueOf(file.getFileName()), new Origin(sha256, file.toString()))
            .fields()
            .forEach(field -> variables.add(field.frame().variable().name()));
        String dataset = options.dataset().orElse(variables.contains(SST) ? SST : ERA5);
        return new Address(dataset, String.join("+", variables));
      } catch (Refusal refusal) {
        synchronized (lock) {
          unreadable++;
          listener.unreadable(file, refusal.getMessage());
        }
        return new Address(options.dataset().orElse(ERA5), UNREADABLE);
      }
    }

    private void acknowledged(Path file, long bytes, String sha256, Exception exception) {
      synchronized (lock) {
        if (exception != null) {
          failed(file, exception);
          return;
        }
        published++;
        bytesPublished += bytes;
        try {
          if (ledger != null) {
            ledger.add(sha256, file);
          }
        } catch (IOException e) {
          failed(file, e);
        }
        listener.published(file, bytes);
      }
    }

    private void failed(Path file, Exception cause) {
      if (failure == null) {
        failure =
            new IOException(
                String.format(
                    "%s was not published: %s; with a ledger a second call goes on from here",
                    file, cause.getMessage()),
                cause);
      }
    }

    private void throwFailure() throws IOException {
      synchronized (lock) {
        if (failure != null) {
          throw failure;
        }
      }
    }
  }
}
