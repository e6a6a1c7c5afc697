package etesian.pipeline.verify;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps that wait for one time. Immutable.
 *
 * @param steps in {@link PendingStep#ORDER}, one per lead, issue time and weights
 */
record PendingSteps(List<PendingStep> steps) {
  static final PendingSteps NONE = new PendingSteps(List.of());

  PendingSteps {
    steps = List.copyOf(steps);
  }

  /** These and one more; of two revisions of the same step the higher one stays. */
  PendingSteps and(PendingStep step) {
    List<PendingStep> all = new ArrayList<>(steps);
    for (int i = 0; i < all.size(); i++) {
      PendingStep other = all.get(i);
      if (PendingStep.ORDER.compare(other, step) == 0) {
        all.set(i, step.revision() > other.revision() ? step : other);
        return new PendingSteps(all);
      }
    }
    all.add(step);
    all.sort(PendingStep.ORDER);
    return new PendingSteps(all);
  }

  /** Version 1: count, then each step. */
  public static final class PendingStepsCodec implements Codec<PendingSteps> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(PendingSteps pending, DataOutput out) throws IOException {
      out.writeByte(1);
      out.writeInt(pending.steps.size());
      for (PendingStep step : pending.steps) {
        out.writeInt(step.lead());
        out.writeLong(step.issueTime().toEpochMilli());
        out.writeLong(step.validAt().toEpochMilli());
        out.writeInt(step.revision());
        out.writeUTF(step.model());
        out.writeUTF(step.weightsSha256());
        Cells.write(step.values(), out);
        Cells.write(step.references().persistence(), out);
        Cells.write(step.references().climatology(), out);
        Cells.write(step.references().damped(), out);
      }
    }

    @Override
    public PendingSteps read(DataInput in) throws IOException {
      Binary.version(in, 1, "steps that wait for verification");
      List<PendingStep> steps = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        steps.add(
            new PendingStep(
                in.readInt(),
                Instant.ofEpochMilli(in.readLong()),
                Instant.ofEpochMilli(in.readLong()),
                in.readInt(),
                in.readUTF(),
                in.readUTF(),
                Cells.read(in),
                new ReferenceFields(Cells.read(in), Cells.read(in), Cells.read(in))));
      }
      return new PendingSteps(steps);
    }
  }
}
