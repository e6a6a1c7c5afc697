package etesian.pipeline.verify;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The statistics of a stream per lead and model weights: some two hundred bytes each, kept for as
 * long as the stream lives. Mutable, for one thread.
 */
final class SkillTable {
  /** What a row is about. */
  record Row(int lead, String model, String weightsSha256) {}

  private final Map<Row, PairStatistics> rows = new LinkedHashMap<>();

  /** Adds pairs to a row and gives the statistics of all its pairs so far. */
  PairStatistics add(Row row, PairStatistics pairs) {
    return rows.merge(row, pairs, PairStatistics::plus);
  }

  /** Adds every row of another table. */
  void addAll(SkillTable other) {
    other.rows.forEach(this::add);
  }

  /** The statistics of a row; {@link PairStatistics#NONE} when it has no pairs. */
  PairStatistics get(Row row) {
    return rows.getOrDefault(row, PairStatistics.NONE);
  }

  /** Version 1: number of rows, then each row and its statistics. */
  public static final class SkillTableCodec implements Codec<SkillTable> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(SkillTable table, DataOutput out) throws IOException {
      out.writeByte(1);
      out.writeInt(table.rows.size());
      for (Map.Entry<Row, PairStatistics> entry : table.rows.entrySet()) {
        out.writeInt(entry.getKey().lead());
        out.writeUTF(entry.getKey().model());
        out.writeUTF(entry.getKey().weightsSha256());
        entry.getValue().write(out);
      }
    }

    @Override
    public SkillTable read(DataInput in) throws IOException {
      Binary.version(in, 1, "a skill table");
      SkillTable table = new SkillTable();
      for (int left = in.readInt(); left > 0; left--) {
        Row row = new Row(in.readInt(), in.readUTF(), in.readUTF());
        table.add(row, PairStatistics.read(in));
      }
      return table;
    }

    @Override
    public SkillTable copy(SkillTable table) {
      SkillTable copy = new SkillTable();
      copy.addAll(table);
      return copy;
    }
  }
}
