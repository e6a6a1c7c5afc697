package etesian.pipeline.verify;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The statistics of a stream per lead and model weights: some three hundred bytes each, kept for as
 * long as the stream lives. Mutable, for one thread.
 */
final class SkillTable {
  /** What a row is about. */
  record Row(int lead, String model, String weightsSha256) {}

  private final Map<Row, PairSums> rows = new LinkedHashMap<>();

  /** Adds pairs to a row and gives the statistics of all its pairs so far. */
  PairStatistics add(Row row, PairStatistics pairs) {
    PairSums sums = row(row);
    sums.add(pairs);
    return sums.total();
  }

  /** Takes pairs away that were added before. */
  void remove(Row row, PairStatistics pairs) {
    PairSums sums = row(row);
    sums.remove(pairs);
    if (sums.total().pairs() == 0) {
      rows.remove(row);
    }
  }

  private PairSums row(Row row) {
    return rows.computeIfAbsent(row, unseen -> new PairSums());
  }

  /** Adds every row of another table. */
  void addAll(SkillTable other) {
    other.rows.forEach((row, sums) -> row(row).addAll(sums));
  }

  /** The statistics of a row; {@link PairStatistics#NONE} when it has no pairs. */
  PairStatistics get(Row row) {
    return rows.containsKey(row) ? rows.get(row).total() : PairStatistics.NONE;
  }

  /**
   * Number of rows, then each row and, in version 1, its statistics; in version 2 its {@link
   * PairSums}.
   */
  public static final class SkillTableCodec implements Codec<SkillTable> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(SkillTable table, DataOutput out) throws IOException {
      out.writeByte(2);
      out.writeInt(table.rows.size());
      for (Map.Entry<Row, PairSums> entry : table.rows.entrySet()) {
        out.writeInt(entry.getKey().lead());
        out.writeUTF(entry.getKey().model());
        out.writeUTF(entry.getKey().weightsSha256());
        entry.getValue().write(out);
      }
    }

    @Override
    public SkillTable read(DataInput in) throws IOException {
      int version = Binary.version(in, 2, "a skill table");
      SkillTable table = new SkillTable();
      for (int left = in.readInt(); left > 0; left--) {
        Row row = new Row(in.readInt(), in.readUTF(), in.readUTF());
        if (version == 1) {
          table.add(row, PairStatistics.read(in));
        } else {
          table.rows.put(row, PairSums.read(in));
        }
      }
      return table;
    }

    @Override
    public SkillTable copy(SkillTable table) {
      SkillTable copy = new SkillTable();
      table.rows.forEach((row, sums) -> copy.rows.put(row, sums.copy()));
      return copy;
    }
  }
}
