package etesian.pipeline.forecast;

import etesian.ingest.field.Forecast;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Which revision of each lead of an issue time is the newest that went out, so that the next one
 * can say what it replaces: a rollout that was abandoned in its middle has issued its first leads
 * only. Immutable.
 */
final class Issued {
  static final Issued NOTHING = new Issued(new int[0]);

  private final int[] revisions; // by lead - 1

  private Issued(int[] revisions) {
    this.revisions = revisions;
  }

  /** The newest revision of a lead that went out, else {@link Forecast#NOTHING}. */
  int revisionOf(int lead) {
    return lead <= revisions.length ? revisions[lead - 1] : Forecast.NOTHING;
  }

  /** These and more leads of a revision. */
  Issued and(int revision, int firstLead, int leads) {
    int length = Math.max(revisions.length, firstLead + leads - 1);
    int[] all = Arrays.copyOf(revisions, length);
    Arrays.fill(all, Math.min(revisions.length, length), length, Forecast.NOTHING);
    Arrays.fill(all, firstLead - 1, firstLead + leads - 1, revision);
    return new Issued(all);
  }

  /** Version 1: number of leads, the revision of each. */
  static final class IssuedCodec implements Codec<Issued> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(Issued issued, DataOutput out) throws IOException {
      out.writeByte(1);
      out.writeInt(issued.revisions.length);
      for (int revision : issued.revisions) {
        out.writeInt(revision);
      }
    }

    @Override
    public Issued read(DataInput in) throws IOException {
      Binary.version(in, 1, "what was issued");
      int[] revisions = new int[in.readInt()];
      for (int i = 0; i < revisions.length; i++) {
        revisions[i] = in.readInt();
      }
      return new Issued(revisions);
    }
  }
}
