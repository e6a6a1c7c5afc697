package etesian.pipeline.learn;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Where learning stands, for one stream and its settings; each part says what its own form is.
 *
 * <p>Version 4: decisions, that is {@link DriftWatch}, {@link Succession}, {@link Contest}, steps
 * of {@link VerifiedWindows} and {@link Timetable}; then the fields of {@link VerifiedWindows}.
 * Version 3 has no predecessor in the contest. Version 2 has the fields first and the steps after
 * the contest. Version 1, up to 0.1.0, has no detector of physics, one champion, and its bets begin
 * anew; so do bets and detectors of other settings than today's.
 */
public final class LearningCodec implements Codec<Learning> {
  private static final long serialVersionUID = 1L;

  private final StreamSettings stream;
  private final TuningSettings tuning;

  public LearningCodec(StreamSettings stream, TuningSettings tuning) {
    this.stream = stream;
    this.tuning = tuning;
  }

  @Override
  public void write(Learning learning, DataOutput out) throws IOException {
    writeDecisions(learning, out);
    writeFields(learning, out);
  }

  /** The first part of it: some KiB, with all weights that it names. */
  public void writeDecisions(Learning learning, DataOutput out) throws IOException {
    out.writeByte(4);
    learning.drift.write(out);
    learning.succession.write(out);
    learning.contest.write(out);
    learning.windows.writeSteps(out);
    learning.timetable.write(out);
  }

  /** The other part. */
  public void writeFields(Learning learning, DataOutput out) throws IOException {
    learning.windows.writeFields(out);
  }

  @Override
  public Learning read(DataInput in) throws IOException {
    int version = Binary.version(in, 4, "the learning of a stream");
    Learning learning = new Learning(stream, tuning);
    if (version < 3) {
      learning.windows.readFields(in);
    }
    learning.drift.read(version, in);
    learning.succession.read(version, in);
    if (version == 1) {
      learning.contest.readVersion1(in, learning.succession.champion().orElse(null));
    } else {
      learning.contest.read(version, in);
    }
    learning.windows.readSteps(in);
    learning.timetable.read(in);
    if (version >= 3) {
      learning.windows.readFields(in);
    }
    return learning;
  }
}
