package etesian.pipeline.verify;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statistics of a variable of a stream per lead, region and model weights: some five hundred
 * bytes each. A stream that learns has new weights again and again: its owner lets go of those that
 * nobody asks for any more. Mutable, for one thread.
 */
final class SkillTable {
  /**
   * What a row is about.
   *
   * @param region name, {@link Region#EVERYWHERE} for the whole grid
   */
  record Row(int lead, String region, String model, String weightsSha256) {
    Row(int lead, String model, String weightsSha256) {
      this(lead, Region.EVERYWHERE, model, weightsSha256);
    }

    Row in(String otherRegion) {
      return new Row(lead, otherRegion, model, weightsSha256);
    }
  }

  private final Map<Row, PairSums> rows = new LinkedHashMap<>();

  /** Adds pairs to a row and gives the statistics of all its pairs so far. */
  PairStatistics add(Row row, PairStatistics pairs) {
    PairSums sums = row(row);
    sums.add(pairs);
    return sums.total();
  }

  /** Takes away what a match has added, everywhere and in its regions. */
  void remove(Match match) {
    remove(match.row(), match.pair());
    match.regions().forEach((region, pair) -> remove(match.row().in(region), pair));
  }

  /**
   * Adds a match everywhere and in its regions.
   *
   * @return by region, the statistics of all pairs of its row so far; first those of {@link
   *     Region#EVERYWHERE}
   */
  Map<String, PairStatistics> add(Match match) {
    Map<String, PairStatistics> all = new LinkedHashMap<>();
    all.put(Region.EVERYWHERE, add(match.row(), match.pair()));
    match.regions().forEach((region, pair) -> all.put(region, add(match.row().in(region), pair)));
    return all;
  }

  /** Takes pairs away that were added before. */
  void remove(Row row, PairStatistics pairs) {
    PairSums sums = row(row);
    sums.remove(pairs);
    if (sums.total().pairs() == 0) {
      rows.remove(row);
    }
  }

  /** Whose statistics there are. */
  Set<String> weights() {
    return rows.keySet().stream().map(Row::weightsSha256).collect(Collectors.toSet());
  }

  /** Lets go of all rows of weights, whose pairs must not come or go any more. */
  void forget(String weightsSha256) {
    rows.keySet().removeIf(row -> row.weightsSha256().equals(weightsSha256));
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
   * PairSums}; in version 3 those and its {@link EnsembleSums}; in version 4 a row has its region
   * after the lead. The lowest from 2 on that holds all is written.
   */
  public static final class SkillTableCodec implements Codec<SkillTable> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(SkillTable table, DataOutput out) throws IOException {
      boolean ensembles =
          table.rows.values().stream().anyMatch(sums -> !sums.ensembles().isEmpty());
      boolean regions =
          table.rows.keySet().stream().anyMatch(row -> !row.region().equals(Region.EVERYWHERE));
      out.writeByte(regions ? 4 : ensembles ? 3 : 2);
      out.writeInt(table.rows.size());
      for (Map.Entry<Row, PairSums> entry : table.rows.entrySet()) {
        out.writeInt(entry.getKey().lead());
        if (regions) {
          out.writeUTF(entry.getKey().region());
        }
        out.writeUTF(entry.getKey().model());
        out.writeUTF(entry.getKey().weightsSha256());
        entry.getValue().write(out);
        if (regions || ensembles) {
          entry.getValue().ensembles().write(out);
        }
      }
    }

    @Override
    public SkillTable read(DataInput in) throws IOException {
      int version = Binary.version(in, 4, "a skill table");
      SkillTable table = new SkillTable();
      for (int left = in.readInt(); left > 0; left--) {
        int lead = in.readInt();
        String region = version < 4 ? Region.EVERYWHERE : in.readUTF();
        Row row = new Row(lead, region, in.readUTF(), in.readUTF());
        if (version == 1) {
          table.add(row, PairStatistics.read(in));
        } else {
          PairSums sums = PairSums.read(in);
          if (version >= 3) {
            sums.ensembles().addAll(EnsembleSums.read(in));
          }
          table.rows.put(row, sums);
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
