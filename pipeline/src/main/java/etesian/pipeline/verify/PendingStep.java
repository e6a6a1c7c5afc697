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
 * A forecast step that waits: first for its issue time, when it gets its references, then for its
 * valid time, and after that for a better observation or a revision of itself. The arrays are never
 * written after construction.
 *
 * @param values shape (cells), NaN is missing
 * @param references null before the issue time
 * @param members values of each member of an ensemble, whose mean the values are; none of one run
 */
record PendingStep(
    int lead,
    Instant issueTime,
    Instant validAt,
    int revision,
    String model,
    String weightsSha256,
    float[] values,
    ReferenceFields references,
    List<float[]> members) {

  PendingStep with(ReferenceFields known) {
    return new PendingStep(
        lead, issueTime, validAt, revision, model, weightsSha256, values, known, members);
  }

  /** The row of the skill table that it belongs to. */
  SkillTable.Row row() {
    return new SkillTable.Row(lead, model, weightsSha256);
  }

  /**
   * Version 1: the components in their order, without members; the references after a boolean that
   * tells of them. Version 2: with the members of an ensemble, after their number.
   */
  public static final class PendingStepCodec implements Codec<PendingStep> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(PendingStep step, DataOutput out) throws IOException {
      out.writeByte(step.members.isEmpty() ? 1 : 2);
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
      if (!step.members.isEmpty()) {
        out.writeInt(step.members.size());
        for (float[] member : step.members) {
          Cells.write(member, out);
        }
      }
    }

    @Override
    public PendingStep read(DataInput in) throws IOException {
      int version = Binary.version(in, 2, "a step that waits for verification");
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
              : null,
          version == 1 ? List.of() : readMembers(in));
    }

    private static List<float[]> readMembers(DataInput in) throws IOException {
      List<float[]> members = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        members.add(Cells.read(in));
      }
      return members;
    }
  }
}
