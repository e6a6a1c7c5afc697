package etesian.pipeline.verify;

import java.io.DataInput;
import java.io.IOException;

/** The first byte of each binary form of this package. */
final class Versions {
  private Versions() {}

  /**
   * @throws IOException when the state was written by a newer version of Etesian
   */
  static void check(DataInput in, String what) throws IOException {
    int version = in.readUnsignedByte();
    if (version != 1) {
      throw new IOException(
          what
              + " of binary version "
              + version
              + ", this code reads 1; restore with the version of Etesian that wrote it");
    }
  }
}
