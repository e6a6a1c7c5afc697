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

  /** Version 1: place, then the issue in the order of its components. */
  static final class StagedCodec implements Codec<Staged> {
    private static final long serialVersionUID = 1L;
    static final int VERSION = 1;

    @Override
    public void write(Staged staged, DataOutput out) throws IOException {
      out.writeByte(VERSION);
      Binary.text(staged.pending.toString(), out);
      Issue issue = staged.issue;
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
    }

    @Override
    public Staged read(DataInput in) throws IOException {
      Binary.version(in, VERSION, "a staged forecast");
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
              Binary.text(in)),
          pending);
    }
  }
}
