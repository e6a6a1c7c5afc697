package etesian.pipeline.settings;

import etesian.ingest.field.Grid;
import etesian.ingest.kafka.Topics;
import java.util.Locale;
import java.util.Optional;

/** How many leads of a forecast fit into a record of its topic, and whether one does. */
public final class RecordSize {
  private static final int HEADER_BYTES = 1 << 20; // coordinates, attributes, headers

  private RecordSize() {}

  /** What is wrong when it does not, with the arithmetic; nothing while the grid is not known. */
  public static Optional<String> problem(StreamSettings stream) {
    if (stream.grid() == null) {
      return Optional.empty();
    }
    long room = Topics.MAX_RECORD_BYTES - HEADER_BYTES;
    int fields = fields(stream);
    long bytes = leadBytes(stream, stream.grid());
    if (bytes <= room) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            stream.ensemble() == null
                ? "a lead has %2$d cells, %3$d bytes, and a record takes %4$d; forecast a part"
                    + " of the grid, or a coarser one by 'regrid'"
                : "a lead has %1$d fields (mean, spread, quantiles, members if they are"
                    + " emitted) of %2$d cells, %3$d bytes, and a record takes %4$d; take fewer"
                    + " quantiles or leave emit_members out",
            fields,
            stream.grid().cells(),
            bytes,
            room));
  }

  /** Leads of a message: at least one, and otherwise not more than fill half of a record. */
  public static int leadsPerMessage(StreamSettings stream, Grid grid) {
    return (int) Math.max(1, Topics.MAX_RECORD_BYTES / 2 / leadBytes(stream, grid));
  }

  private static long leadBytes(StreamSettings stream, Grid grid) {
    return (long) fields(stream) * grid.cells() * Float.BYTES;
  }

  private static int fields(StreamSettings stream) {
    return stream.ensemble() == null ? 1 : stream.ensemble().fieldsEmitted();
  }
}
