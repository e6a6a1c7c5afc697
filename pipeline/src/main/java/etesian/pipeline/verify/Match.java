package etesian.pipeline.verify;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a step has added to the skill table, kept for as long as it may have to be taken away again.
 *
 * @param row that it was added to
 * @param pair what was added; {@link PairStatistics#NONE} when the newest observation has no cell
 *     in common with the step
 * @param revision of the score that told of it, 0 for the first
 * @param regions what was added to the rows of regions, by their names
 */
record Match(
    SkillTable.Row row, PairStatistics pair, int revision, Map<String, PairStatistics> regions) {

  /** Of a grid without regions. */
  Match(SkillTable.Row row, PairStatistics pair, int revision) {
    this(row, pair, revision, Map.of());
  }

  /**
   * Version 1: lead, model and weights of the row, pair, revision. Version 2: then what the pair
   * has of an ensemble. Version 3: then the number of regions, and of each its name, pair and what
   * that has of an ensemble. The lowest that holds all is written.
   */
  public static final class MatchCodec implements Codec<Match> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(Match match, DataOutput out) throws IOException {
      boolean ensemble = match.pair.ensemble().pairs() > 0;
      boolean regions = !match.regions.isEmpty();
      out.writeByte(regions ? 3 : ensemble ? 2 : 1);
      out.writeInt(match.row.lead());
      out.writeUTF(match.row.model());
      out.writeUTF(match.row.weightsSha256());
      match.pair.write(out);
      out.writeInt(match.revision);
      if (regions || ensemble) {
        match.pair.ensemble().write(out);
      }
      if (regions) {
        out.writeInt(match.regions.size());
        for (Map.Entry<String, PairStatistics> region : match.regions.entrySet()) {
          out.writeUTF(region.getKey());
          region.getValue().write(out);
          region.getValue().ensemble().write(out);
        }
      }
    }

    @Override
    public Match read(DataInput in) throws IOException {
      int version = Binary.version(in, 3, "a verified step");
      SkillTable.Row row = new SkillTable.Row(in.readInt(), in.readUTF(), in.readUTF());
      PairStatistics pair = PairStatistics.read(in);
      int revision = in.readInt();
      return new Match(
          row,
          version == 1 ? pair : pair.with(EnsembleStatistics.read(in)),
          revision,
          version < 3 ? Map.of() : readRegions(in));
    }

    private static Map<String, PairStatistics> readRegions(DataInput in) throws IOException {
      Map<String, PairStatistics> regions = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        String name = in.readUTF();
        PairStatistics pair = PairStatistics.read(in);
        regions.put(name, pair.with(EnsembleStatistics.read(in)));
      }
      return regions;
    }
  }
}
