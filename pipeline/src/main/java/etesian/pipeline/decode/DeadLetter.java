package etesian.pipeline.decode;

import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A granule that could not be read, untouched, with the reason.
 *
 * @param record as it came
 * @param sha256 of the bytes that were read, its value or what it referred to, lower-case
 *     hexadecimal
 * @param reasonClass one of {@link etesian.ingest.netcdf.Refusal.Reason} or {@link
 *     etesian.ingest.claim.Unresolved.Reason}, for filters and metrics
 * @param reason what was wrong, what was expected and what to do
 */
public record DeadLetter(GranuleRecord record, String sha256, String reasonClass, String reason) {

  /** Version 1: the record, hash, class, reason. */
  public static final class LetterCodec implements Codec<DeadLetter> {
    private static final long serialVersionUID = 1L;
    private static final GranuleRecord.RecordCodec RECORD = new GranuleRecord.RecordCodec();

    @Override
    public void write(DeadLetter letter, DataOutput out) throws IOException {
      out.writeByte(1);
      RECORD.write(letter.record, out);
      Binary.text(letter.sha256, out);
      Binary.text(letter.reasonClass, out);
      Binary.text(letter.reason, out);
    }

    @Override
    public DeadLetter read(DataInput in) throws IOException {
      Binary.version(in, 1, "a dead letter");
      return new DeadLetter(RECORD.read(in), Binary.text(in), Binary.text(in), Binary.text(in));
    }
  }
}
