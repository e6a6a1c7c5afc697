package etesian.pipeline.verify;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a step has added to the skill table, kept for as long as it may have to be taken away again.
 *
 * @param row that it was added to
 * @param pair what was added; {@link PairStatistics#NONE} when the newest observation has no cell
 *     in common with the step
 * @param revision of the score that told of it, 0 for the first
 */
record Match(SkillTable.Row row, PairStatistics pair, int revision) {

  /** Version 1: lead, model and weights of the row, pair, revision. */
  public static final class MatchCodec implements Codec<Match> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(Match match, DataOutput out) throws IOException {
      out.writeByte(1);
      out.writeInt(match.row.lead());
      out.writeUTF(match.row.model());
      out.writeUTF(match.row.weightsSha256());
      match.pair.write(out);
      out.writeInt(match.revision);
    }

    @Override
    public Match read(DataInput in) throws IOException {
      Binary.version(in, 1, "a verified step");
      return new Match(
          new SkillTable.Row(in.readInt(), in.readUTF(), in.readUTF()),
          PairStatistics.read(in),
          in.readInt());
    }
  }
}
