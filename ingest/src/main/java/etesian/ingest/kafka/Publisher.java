package etesian.ingest.kafka;

import etesian.ingest.field.Field;
import etesian.ingest.kafka.Packing.PartTooLarge;
import etesian.ingest.kafka.Shipment.Piece;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.supply.FolderWatch;
import etesian.ingest.wire.GranuleEvents;
import etesian.ingest.wire.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends NetCDF files to the granule topics: byte for byte, in parts or by reference, see {@link
 * Form}; in the order of the files or replayed by valid time, see {@link Pace}. A file that cannot
 * be read is sent as well: the pipeline makes a dead letter of it, so that nothing is lost in
 * silence. No record carries a timestamp of ours: the topics stamp what they append.
 *
 * <p>With a ledger a call goes on where an earlier one ended, however that ended. What was sent but
 * not noted when a process died is sent once more; whoever reads the topic knows a content by its
 * hash.
 */
public final class Publisher {
  /** Largest value: the record limit less room for key and headers. */
  public static final int MAX_FILE_BYTES = Topics.MAX_RECORD_BYTES - (64 << 10);

  private static final String SST = "sst";
  private static final String ERA5 = "era5";

  /** A file that cannot be read. */
  private static final Piece UNREAD = new Piece(Optional.empty(), "unreadable", List.of());

  private static final long HOLD_BYTES = 256L << 20;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Producer<byte[], byte[]> producer;
  private final PublishOptions options;
  private final PublishListener listener;
  private final int maxFileBytes;
  private final GranuleReader reader = new GranuleReader();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param producer made with {@link #settings}; the caller closes it
   */
  public Publisher(
      Producer<byte[], byte[]> producer, PublishOptions options, PublishListener listener) {
    this(producer, options, listener, MAX_FILE_BYTES);
  }

  Publisher(
      Producer<byte[], byte[]> producer,
      PublishOptions options,
      PublishListener listener,
      int maxFileBytes) {
    this.producer = producer;
    this.options = options;
    this.listener = listener;
    this.maxFileBytes = maxFileBytes;
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

  /** As {@link #publish(Inputs)}. */
  public PublishSummary publish(Collection<Path> paths) throws IOException, InterruptedException {
    return publish(Inputs.of(paths));
  }

  /**
   * Sends the files and returns when the broker has acknowledged the last one, or after {@link
   * #stop}.
   *
   * @throws IOException when a path does not exist (before any is sent), or the broker refuses a
   *     record
   */
  public PublishSummary publish(Inputs inputs) throws IOException, InterruptedException {
    List<Path> files = inputs.files();
    if (options.ledger().isEmpty()) {
      return new Run(Optional.empty()).once(files);
    }
    try (PublishLedger ledger = PublishLedger.in(options.ledger().get())) {
      return new Run(Optional.of(ledger)).once(files);
    }
  }

  /**
   * Sends the files as they become complete, those that are there and those that come, until {@link
   * #stop}; a file that is replaced by another content is sent again. In a replay, files that come
   * later follow those that were there, at the same clock.
   *
   * @param quiet how long a file stays the same before it counts as complete
   * @throws IOException when a path does not exist (before any is sent), or the broker refuses a
   *     record
   */
  public PublishSummary watch(Inputs inputs, Duration quiet)
      throws IOException, InterruptedException {
    inputs.checkWatchable();
    FolderWatch folder = new FolderWatch(inputs::present, quiet);
    try (PublishLedger ledger =
        options.ledger().isPresent()
            ? PublishLedger.in(options.ledger().get())
            : PublishLedger.inMemory()) {
      return new Run(Optional.of(ledger)).asTheyCome(folder, quiet);
    }
  }

  /**
   * Ends {@link #publish} and {@link #watch} after the record that they are at; from any thread.
   */
  public void stop() {
    stopped.countDown();
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** One call. */
  private final class Run {
    private final Sender sender;
    private final Pacer pacer = new Pacer(options.pace(), System::nanoTime);

    Run(Optional<PublishLedger> ledger) {
      sender = new Sender(producer, ledger, listener);
    }

    PublishSummary once(List<Path> files) throws IOException, InterruptedException {
      send(files);
      return sender.finish();
    }

    PublishSummary asTheyCome(FolderWatch folder, Duration quiet)
        throws IOException, InterruptedException {
      long pause = Math.min(LOOK_AGAIN.toNanos(), quiet.toNanos());
      while (!isStopped()) {
        List<Path> files = folder.poll();
        if (!files.isEmpty()) {
          send(files);
        }
        sender.throwFailure();
        if (stopped.await(pause, TimeUnit.NANOSECONDS)) {
          break;
        }
      }
      return sender.finish();
    }

    private void send(List<Path> files) throws IOException, InterruptedException {
      long bytes = 0;
      for (Path file : files) {
        bytes += file.toFile().length(); // 0 when it is gone meanwhile
      }
      sender.found(files.size(), bytes);
      if (options.pace() instanceof Pace.Replay) {
        byValidTime(files);
      } else {
        inOrder(files);
      }
    }

    private void inOrder(List<Path> files) throws IOException, InterruptedException {
      for (Path file : files) {
        Optional<Loaded> loaded = isStopped() ? Optional.empty() : load(file);
        if (loaded.isPresent()) {
          for (Piece piece : loaded.get().shipment.pieces()) {
            if (!send(loaded.get().shipment, piece, loaded.get().cargo)) {
              return;
            }
          }
        }
      }
    }

    /** All files are read once for their times, then sent as those come up. */
    private void byValidTime(List<Path> files) throws IOException, InterruptedException {
      Hold hold = new Hold(HOLD_BYTES, Publisher.this::reload);
      List<Turn> turns = new ArrayList<>();
      for (Path file : files) {
        if (isStopped()) {
          return;
        }
        Optional<Loaded> loaded = load(file);
        sender.indexed(file);
        loaded.ifPresent(
            found -> {
              hold.put(found.shipment, found.cargo);
              List<Piece> pieces = found.shipment.pieces();
              for (int i = 0; i < pieces.size(); i++) {
                turns.add(new Turn(found.shipment, pieces.get(i), i + 1 == pieces.size()));
              }
            });
      }
      turns.sort(Comparator.comparing(turn -> turn.piece.validAt().orElse(Instant.MIN))); // stable
      for (Turn turn : turns) {
        if (!send(turn.shipment, turn.piece, hold.get(turn.shipment))) {
          return;
        }
        if (turn.isLast) {
          hold.drop(turn.shipment);
        }
      }
    }

    /** Empty when there is nothing to send of it. */
    private Optional<Loaded> load(Path file) {
      SourceFile source;
      try {
        source = SourceFile.read(file);
      } catch (IOException e) {
        sender.refused(file, "it cannot be read: " + e);
        return Optional.empty();
      }
      if (sender.skips(source)) {
        return Optional.empty();
      }
      boolean fits = source.length() <= maxFileBytes || isByReference();
      List<Field> fields = List.of();
      try {
        fields = source.fields(reader);
      } catch (Refusal refusal) {
        if (!fits) {
          sender.refused(file, refusal.getMessage());
          return Optional.empty();
        }
        sender.unreadable(file, refusal.getMessage());
      }
      try {
        Optional<URI> reference = reference(file);
        Shipment shipment =
            new Shipment(
                file,
                source.sha256(),
                source.length(),
                reference,
                dataset(fields),
                fields.isEmpty() ? List.of(UNREAD) : pieces(fields, fits));
        sender.begin(shipment);
        return Optional.of(new Loaded(shipment, cargo(shipment, source, fields)));
      } catch (PartTooLarge | IllegalArgumentException e) {
        sender.refused(file, e.getMessage());
        return Optional.empty();
      }
    }

    /**
     * @return false when somebody has stopped us
     */
    private boolean send(Shipment shipment, Piece piece, Cargo cargo)
        throws IOException, InterruptedException {
      byte[] bytes = cargo.bytes(piece);
      String sha256 = piece.isPart() ? Sha256.hex(bytes) : shipment.sha256();
      if (piece.isPart() && sender.skipsPart(shipment, sha256)) {
        return !isStopped();
      }
      if (stopped.await(pacer.wait(piece.validAt()), TimeUnit.NANOSECONDS)) {
        return false;
      }
      sender.send(shipment, piece, sha256, record(shipment, piece, bytes));
      return true;
    }
  }

  /** What is sent of a file, and what that takes. */
  private record Loaded(Shipment shipment, Cargo cargo) {}

  /** A record of a replay. */
  private record Turn(Shipment shipment, Piece piece, boolean isLast) {}

  private List<Piece> pieces(List<Field> fields, boolean fits) throws PartTooLarge {
    if (isByReference()) {
      return List.of(Packing.whole(fields));
    }
    boolean hasManyTimes =
        options.pace() instanceof Pace.Replay && Packing.times(fields) > 1; // one by one
    return options.form() instanceof Form.Split || !fits || hasManyTimes
        ? Packing.parts(fields, maxFileBytes)
        : List.of(Packing.whole(fields));
  }

  private Cargo cargo(Shipment shipment, SourceFile source, List<Field> fields) {
    if (isByReference()) {
      return Cargo.NOTHING;
    }
    return shipment.isSplit()
        ? new Cargo(new byte[0], fields)
        : new Cargo(source.bytes(), List.of());
  }

  private Cargo reload(Shipment shipment) throws IOException {
    SourceFile source = SourceFile.read(shipment.file());
    try {
      if (source.sha256().equals(shipment.sha256())) {
        return cargo(shipment, source, shipment.isSplit() ? source.fields(reader) : List.of());
      }
    } catch (Refusal refusal) {
      throw new IOException(shipment.file() + " could be read before, now: " + refusal, refusal);
    }
    throw new IOException(
        shipment.file()
            + " has another content than when the replay began; leave the files as they are, and"
            + " begin again with the same ledger");
  }

  private String dataset(List<Field> fields) {
    boolean isSst = fields.stream().anyMatch(field -> field.frame().variable().name().equals(SST));
    return options.dataset().orElse(isSst ? SST : ERA5);
  }

  private boolean isByReference() {
    return options.form() instanceof Form.ByReference;
  }

  private Optional<URI> reference(Path file) {
    return options.form() instanceof Form.ByReference form
        ? Optional.of(form.locations().of(file))
        : Optional.empty();
  }

  private ProducerRecord<byte[], byte[]> record(Shipment shipment, Piece piece, byte[] bytes) {
    String topic = Topics.granules(shipment.dataset());
    String key = shipment.dataset() + "/" + piece.variables();
    String source = shipment.file().toUri().toString();
    Instant now = Instant.now();
    if (shipment.reference().isPresent()) {
      return GranuleEvents.reference(
          topic, key, shipment.reference().get(), shipment.sha256(), shipment.bytes(), source, now);
    }
    return piece.isPart()
        ? GranuleEvents.part(
            topic, key, bytes, source, shipment.sha256(), piece.validAt().orElseThrow(), now)
        : GranuleEvents.record(topic, key, bytes, source, now);
  }
}
