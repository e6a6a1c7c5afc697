package etesian.pipeline.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** {@link Staged} in the state of the committer; the version that counts is the codec's. */
final class StagedSerializer implements SimpleVersionedSerializer<Staged> {
  private static final Staged.StagedCodec CODEC = new Staged.StagedCodec();

  @Override
  public int getVersion() {
    return Staged.StagedCodec.VERSION;
  }

  @Override
  public byte[] serialize(Staged staged) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CODEC.write(staged, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Override
  public Staged deserialize(int version, byte[] serialized) throws IOException {
    return CODEC.read(new DataInputStream(new ByteArrayInputStream(serialized)));
  }
}
