package etesian.pipeline.archive;

import etesian.ingest.field.Grid;
import etesian.ingest.field.Variable;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.fs.Path;

/**
 * A forecast that waits for its commit.
 *
 * @param pending the file or folder that holds it, out of sight
 */
record Staged(Issue issue, Path pending) {

  /**
   * Version 1: place, then the issue in the order of its components, of one run. Version 2: an
   * ensemble, with the number of its members, the probabilities of the quantiles and whether its
   * members are there. The lowest that holds all is written.
   */
  static final class StagedCodec implements Codec<Staged> {
    private static final long serialVersionUID = 1L;
    static final int VERSION = 2;

    @Override
    public void write(Staged staged, DataOutput out) throws IOException {
      Issue issue = staged.issue;
      out.writeByte(issue.ensemble() == null ? 1 : VERSION);
      Binary.text(staged.pending.toString(), out);
      Binary.text(issue.stream(), out);
      Binary.variable(issue.variable(), out);
      Binary.grid(issue.grid(), out);
      Binary.instant(issue.issueTime(), out);
      out.writeInt(issue.revision());
      out.writeInt(issue.validTimes().size());
      for (Instant validTime : issue.validTimes()) {
        Binary.instant(validTime, out);
      }
      Binary.text(issue.model(), out);
      Binary.text(issue.weightsSha256(), out);
      if (issue.ensemble() != null) {
        write(issue.ensemble(), out);
      }
    }

    private static void write(EnsembleKind ensemble, DataOutput out) throws IOException {
      out.writeInt(ensemble.members());
      out.writeInt(ensemble.probabilities().size());
      for (double probability : ensemble.probabilities()) {
        out.writeDouble(probability);
      }
      out.writeBoolean(ensemble.keepsMembers());
    }

    private static EnsembleKind readEnsemble(DataInput in) throws IOException {
      int members = in.readInt();
      List<Double> probabilities = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        probabilities.add(in.readDouble());
      }
      return new EnsembleKind(members, probabilities, in.readBoolean());
    }

    @Override
    public Staged read(DataInput in) throws IOException {
      int version = Binary.version(in, VERSION, "a staged forecast");
      Path pending = new Path(Binary.text(in));
      String stream = Binary.text(in);
      Variable variable = Binary.variable(in);
      Grid grid = Binary.grid(in);
      Instant issueTime = Binary.instant(in);
      int revision = in.readInt();
      List<Instant> validTimes = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        validTimes.add(Binary.instant(in));
      }
      return new Staged(
          new Issue(
              stream,
              variable,
              grid,
              issueTime,
              revision,
              validTimes,
              Binary.text(in),
              Binary.text(in),
              version == 1 ? null : readEnsemble(in)),
          pending);
    }
  }
}
