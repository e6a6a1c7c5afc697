package etesian.pipeline.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import etesian.ingest.field.Grid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.core.fs.Path;

/**
 * The group of a stream, to which issues are appended:
 *
 * <pre>
 *   variable(issue_time, lead, latitude, longitude)   float32, chunks of some leads of an issue, gzip
 *   issue_time(issue_time)                            int64, milliseconds since 1970
 *   revision(issue_time)                              int32
 *   weights_sha256(issue_time, sha256_byte)           uint8
 *   valid_time(issue_time, lead)                      int64, milliseconds since 1970
 *   lead(lead), latitude(latitude), longitude(longitude)
 * </pre>
 *
 * and of an ensemble
 *
 * <pre>
 *   variable_spread(issue_time, lead, latitude, longitude)
 *   variable_quantile(issue_time, lead, quantile, latitude, longitude), quantile(quantile)
 *   variable_member(issue_time, lead, realization, latitude, longitude), realization(realization)
 * </pre>
 *
 * Rows come in the order of commits. A revision is a row of its own, after the older one: what a
 * reader has seen never changes.
 *
 * <p>The order of an append: chunks, rows of the coordinates, documents of the arrays, the document
 * of the group, that of the root. The group's holds those of its arrays (consolidated metadata), so
 * that one move shows the new shape of all. Before that move nothing has happened as far as the
 * store knows, and a repetition takes the same rows again; after it the issues are found among the
 * rows and left alone.
 */
final class ZarrGroup {
  private final Storage storage;
  private final Path root;
  private final String stream;
  private final int chunkBytes;
  private Set<Row> rows; // null until it is needed

  private record Row(long issueMillis, int revision) {
    static Row of(Issue issue) {
      return new Row(issue.issueTime().toEpochMilli(), issue.revision());
    }
  }

  ZarrGroup(Storage storage, Path root, String stream, int chunkBytes) {
    this.storage = storage;
    this.root = root;
    this.stream = stream;
    this.chunkBytes = chunkBytes;
  }

  /**
   * @param ensemble null for one run
   * @throws IllegalStateException when the store holds the stream with another variable, horizon,
   *     grid or other products of an ensemble
   */
  void demand(String variable, int horizon, Grid grid, EnsembleKind ensemble) throws IOException {
    Path document = new Path(folder(), ZarrMetadata.NAME);
    if (!storage.exists(document)) {
      return;
    }
    ObjectNode group = ZarrMetadata.parse(storage.read(document));
    Map<String, ObjectNode> arrays = ZarrMetadata.arraysIn(group);
    JsonNode shape =
        arrays.containsKey(variable) ? arrays.get(variable).get("shape") : group.path("shape");
    boolean fits =
        shape.path(1).asInt() == horizon
            && shape.path(2).asInt() == grid.rows()
            && shape.path(3).asInt() == grid.columns()
            && Arrays.equals(
                storage.read(new Path(folder(), "latitude/c/0")), ZarrChunks.raw(grid.latitudes()))
            && Arrays.equals(
                storage.read(new Path(folder(), "longitude/c/0")),
                ZarrChunks.raw(longitudes(grid)));
    if (fits && !holds(variable, arrays, ensemble)) {
      throw new IllegalStateException(
          String.format(
              "sinks.zarr: %s holds the stream %s with the arrays %s; expected %s. Give the stream"
                  + " another name or sinks.zarr.root another folder",
              root, stream, arrays.keySet(), ensemble == null ? "one run" : ensemble));
    }
    if (!fits) {
      throw new IllegalStateException(
          String.format(
              "sinks.zarr: %s holds the stream %s with %s; expected %s, %d leads on %s. Give the"
                  + " stream another name or sinks.zarr.root another folder",
              root,
              stream,
              shape.isMissingNode()
                  ? "another variable"
                  : "another grid or horizon, shape " + shape,
              variable,
              horizon,
              grid));
    }
  }

  /** Whether the products in the store are those of an ensemble. */
  private boolean holds(String variable, Map<String, ObjectNode> arrays, EnsembleKind ensemble)
      throws IOException {
    boolean spread = arrays.containsKey(variable + "_spread");
    boolean quantile = arrays.containsKey(variable + "_quantile");
    boolean member = arrays.containsKey(variable + "_member");
    if (ensemble == null) {
      return !spread;
    }
    boolean sameQuantiles =
        quantile
            ? Arrays.equals(storage.read(new Path(folder(), "quantile/c/0")), quantiles(ensemble))
            : ensemble.probabilities().isEmpty();
    boolean sameMembers =
        !member
            || arrays.get(variable + "_member").get("shape").get(2).asInt() == ensemble.members();
    return spread && sameQuantiles && member == ensemble.keepsMembers() && sameMembers;
  }

  /**
   * @param staged of this stream, in the same order in each repetition
   */
  void append(List<Staged> staged) throws IOException {
    if (rows == null) {
      rows = readRows();
    }
    int first = rows.size();
    List<Issue> fresh = new ArrayList<>();
    for (Staged one : staged) {
      if (rows.add(Row.of(one.issue()))) {
        place(one, first + fresh.size());
        fresh.add(one.issue());
      } else {
        storage.delete(one.pending()); // committed before, or made again from an older checkpoint
      }
    }
    if (!fresh.isEmpty()) {
      if (first == 0) {
        writeFixedCoordinates(fresh.get(0));
      }
      writeRows(fresh, first);
      writeDocuments(fresh.get(fresh.size() - 1), first + fresh.size());
    }
    writeRoot(); // in a repetition it may be all that is missing
  }

  /** Where an array of a staged issue lies. */
  static Path staged(Path pending, ValueArray array) {
    return array.staged().isEmpty() ? pending : new Path(pending, array.staged());
  }

  /** Gives the staged folders their names, that which the others lie in last. */
  private void place(Staged one, int row) throws IOException {
    List<ValueArray> arrays = ValueArray.of(one.issue());
    for (int i = arrays.size() - 1; i >= 0; i--) {
      place(one.issue(), arrays.get(i), staged(one.pending(), arrays.get(i)), row);
    }
  }

  /** What has its name already and is beyond the shape was never seen. */
  private void place(Issue issue, ValueArray array, Path pending, int row) throws IOException {
    Path place = new Path(folder(), array.name() + "/c/" + row);
    if (isComplete(issue, array, pending)) {
      storage.delete(place);
      storage.move(pending, place);
    } else if (isComplete(issue, array, place)) {
      storage.delete(pending); // where a move is many copies it may have ended in the middle
    } else {
      throw new IOException(
          "the checkpoint names "
              + pending
              + " for "
              + place
              + ", and neither is complete: somebody removed it. Restore an older checkpoint");
    }
  }

  private int leadsAChunk(Issue issue) {
    return ZarrChunks.leads(chunkBytes, issue.validTimes().size(), issue.grid().cells());
  }

  private boolean isComplete(Issue issue, ValueArray array, Path folder) throws IOException {
    int leads = leadsAChunk(issue);
    int chunks = (issue.validTimes().size() + leads - 1) / leads;
    for (int chunk = 0; chunk < chunks; chunk++) {
      for (int field = 0; field < array.fields(); field++) {
        if (!storage.exists(new Path(folder, array.chunk(chunk, field)))) {
          return false;
        }
      }
    }
    return true;
  }

  private void writeFixedCoordinates(Issue issue) throws IOException {
    Grid grid = issue.grid();
    int[] leads = new int[issue.validTimes().size()];
    Arrays.setAll(leads, i -> i + 1);
    replace(new Path(folder(), "lead/c/0"), ZarrChunks.raw(leads));
    replace(new Path(folder(), "latitude/c/0"), ZarrChunks.raw(grid.latitudes()));
    replace(new Path(folder(), "longitude/c/0"), ZarrChunks.raw(longitudes(grid)));
    EnsembleKind ensemble = issue.ensemble();
    if (ensemble != null && !ensemble.probabilities().isEmpty()) {
      replace(new Path(folder(), "quantile/c/0"), quantiles(ensemble));
    }
    if (ensemble != null && ensemble.keepsMembers()) {
      int[] numbers = new int[ensemble.members()];
      Arrays.setAll(numbers, i -> i);
      replace(new Path(folder(), "realization/c/0"), ZarrChunks.raw(numbers));
    }
  }

  private static byte[] quantiles(EnsembleKind ensemble) {
    return ZarrChunks.raw(
        ensemble.probabilities().stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static double[] longitudes(Grid grid) {
    double[] longitudes = new double[grid.columns()];
    Arrays.setAll(longitudes, grid::longitude);
    return longitudes;
  }

  private void writeRows(List<Issue> fresh, int first) throws IOException {
    int leads = fresh.get(0).validTimes().size();
    RowWriter issueTimes = new RowWriter("issue_time/c/%d", ZarrMetadata.ROWS_A_CHUNK, Long.BYTES);
    RowWriter revisions = new RowWriter("revision/c/%d", ZarrMetadata.ROWS_A_CHUNK, Integer.BYTES);
    RowWriter weights =
        new RowWriter(
            "weights_sha256/c/%d/0", ZarrMetadata.ROWS_A_CHUNK, ZarrMetadata.SHA256_BYTES);
    RowWriter validTimes =
        new RowWriter("valid_time/c/%d/0", ZarrMetadata.LONG_ROWS_A_CHUNK, leads * Long.BYTES);
    for (int i = 0; i < fresh.size(); i++) {
      Issue issue = fresh.get(i);
      int row = first + i;
      issueTimes.put(row, bytes -> bytes.putLong(issue.issueTime().toEpochMilli()));
      revisions.put(row, bytes -> bytes.putInt(issue.revision()));
      weights.put(row, bytes -> bytes.put(HexFormat.of().parseHex(issue.weightsSha256())));
      validTimes.put(
          row,
          bytes -> {
            for (Instant validTime : issue.validTimes()) {
              bytes.putLong(validTime.toEpochMilli());
            }
          });
    }
    for (RowWriter writer : List.of(issueTimes, revisions, weights, validTimes)) {
      writer.flush();
    }
  }

  /** Rows of a coordinate, in uncompressed chunks that are read, changed and replaced. */
  private final class RowWriter {
    private final String key;
    private final int rowsAChunk;
    private final int rowBytes;
    private final Map<Integer, ByteBuffer> changed = new TreeMap<>();

    RowWriter(String key, int rowsAChunk, int rowBytes) {
      this.key = key;
      this.rowsAChunk = rowsAChunk;
      this.rowBytes = rowBytes;
    }

    void put(int row, Consumer<ByteBuffer> value) throws IOException {
      int chunk = row / rowsAChunk;
      ByteBuffer bytes = changed.get(chunk);
      if (bytes == null) {
        bytes = read(chunk);
        changed.put(chunk, bytes);
      }
      bytes.position(row % rowsAChunk * rowBytes);
      value.accept(bytes);
    }

    ByteBuffer read(int chunk) throws IOException {
      ByteBuffer bytes = ZarrChunks.littleEndian(new byte[rowsAChunk * rowBytes]);
      Path path = path(chunk);
      if (storage.exists(path)) {
        bytes.put(storage.read(path));
      }
      return bytes.clear();
    }

    void flush() throws IOException {
      for (Map.Entry<Integer, ByteBuffer> entry : changed.entrySet()) {
        replace(path(entry.getKey()), entry.getValue().array());
      }
    }

    private Path path(int chunk) {
      return new Path(folder(), String.format(key, chunk));
    }
  }

  private void writeDocuments(Issue newest, int issues) throws IOException {
    Map<String, ObjectNode> arrays = ZarrMetadata.arrays(newest, issues, leadsAChunk(newest));
    for (Map.Entry<String, ObjectNode> array : arrays.entrySet()) {
      replace(
          new Path(folder(), array.getKey() + "/" + ZarrMetadata.NAME),
          ZarrMetadata.bytes(array.getValue()));
    }
    replace(
        new Path(folder(), ZarrMetadata.NAME),
        ZarrMetadata.bytes(ZarrMetadata.group(newest, arrays)));
  }

  private void writeRoot() throws IOException {
    Map<String, ObjectNode> groups = new LinkedHashMap<>();
    for (String name : storage.list(root).stream().sorted().toList()) {
      Path document = new Path(new Path(root, name), ZarrMetadata.NAME);
      if (storage.exists(document)) {
        groups.put(name, ZarrMetadata.parse(storage.read(document)));
      }
    }
    replace(new Path(root, ZarrMetadata.NAME), ZarrMetadata.bytes(ZarrMetadata.root(groups)));
  }

  private Set<Row> readRows() throws IOException {
    Set<Row> found = new HashSet<>();
    Path document = new Path(folder(), ZarrMetadata.NAME);
    if (!storage.exists(document)) {
      return found;
    }
    ObjectNode group = ZarrMetadata.parse(storage.read(document));
    int count = ZarrMetadata.arraysIn(group).get("issue_time").get("shape").get(0).asInt();
    RowWriter issueTimes = new RowWriter("issue_time/c/%d", ZarrMetadata.ROWS_A_CHUNK, Long.BYTES);
    RowWriter revisions = new RowWriter("revision/c/%d", ZarrMetadata.ROWS_A_CHUNK, Integer.BYTES);
    for (int row = 0; row < count; ) {
      ByteBuffer times = issueTimes.read(row / ZarrMetadata.ROWS_A_CHUNK);
      ByteBuffer counts = revisions.read(row / ZarrMetadata.ROWS_A_CHUNK);
      for (; row < count && times.hasRemaining(); row++) {
        found.add(new Row(times.getLong(), counts.getInt()));
      }
    }
    return found;
  }

  private void replace(Path path, byte[] bytes) throws IOException {
    storage.replace(path, bytes, new Path(root, ".pending"));
  }

  private Path folder() {
    return new Path(root, stream);
  }
}
