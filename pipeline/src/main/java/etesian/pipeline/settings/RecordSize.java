package etesian.pipeline.settings;

import etesian.ingest.kafka.Topics;
import java.util.Locale;
import java.util.Optional;

/** Whether a lead of a forecast fits into a record of its topic. */
public final class RecordSize {
  private static final int HEADER_BYTES = 1 << 20; // coordinates, attributes, headers

  private RecordSize() {}

  /** What is wrong when it does not, with the arithmetic; nothing while the grid is not known. */
  public static Optional<String> problem(StreamSettings stream) {
    if (stream.grid() == null) {
      return Optional.empty();
    }
    long room = Topics.MAX_RECORD_BYTES - HEADER_BYTES;
    int fields = stream.ensemble() == null ? 1 : stream.ensemble().fieldsEmitted();
    long bytes = (long) fields * stream.grid().cells() * Float.BYTES;
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
}
