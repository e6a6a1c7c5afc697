package etesian.pipeline.verify;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;

/**
 * A forecast step that waits: first for its issue time, when it gets its references, then for its
 * valid time, and after that for a better observation or a revision of itself. The arrays are never
 * written after construction.
 *
 * @param values shape (cells), NaN is missing
 * @param references null before the issue time
 */
record PendingStep(
    int lead,
    Instant issueTime,
    Instant validAt,
    int revision,
    String model,
    String weightsSha256,
    float[] values,
    ReferenceFields references) {

  PendingStep with(ReferenceFields known) {
    return new PendingStep(lead, issueTime, validAt, revision, model, weightsSha256, values, known);
  }

  /** The row of the skill table that it belongs to. */
  SkillTable.Row row() {
    return new SkillTable.Row(lead, model, weightsSha256);
  }

  /**
   * Version 1: the components in their order; the references after a boolean that tells of them.
   */
  public static final class PendingStepCodec implements Codec<PendingStep> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(PendingStep step, DataOutput out) throws IOException {
      out.writeByte(1);
      out.writeInt(step.lead);
      out.writeLong(step.issueTime.toEpochMilli());
      out.writeLong(step.validAt.toEpochMilli());
      out.writeInt(step.revision);
      out.writeUTF(step.model);
      out.writeUTF(step.weightsSha256);
      Cells.write(step.values, out);
      out.writeBoolean(step.references != null);
      if (step.references != null) {
        Cells.write(step.references.persistence(), out);
        Cells.write(step.references.climatology(), out);
        Cells.write(step.references.damped(), out);
      }
    }

    @Override
    public PendingStep read(DataInput in) throws IOException {
      Binary.version(in, 1, "a step that waits for verification");
      return new PendingStep(
          in.readInt(),
          Instant.ofEpochMilli(in.readLong()),
          Instant.ofEpochMilli(in.readLong()),
          in.readInt(),
          in.readUTF(),
          in.readUTF(),
          Cells.read(in),
          in.readBoolean()
              ? new ReferenceFields(Cells.read(in), Cells.read(in), Cells.read(in))
              : null);
    }
  }
}
