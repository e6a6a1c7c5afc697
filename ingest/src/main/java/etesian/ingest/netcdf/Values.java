package etesian.ingest.netcdf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** All values of one numeric variable in stored order, unpacked as {@link Unpacking} says. */
final class Values {
  private final int size;
  private final StoredType type;
  private final ByteBuffer stored;
  private final Unpacking unpacking;

  private Values(FileVariable variable) throws IOException {
    size = variable.size();
    type = variable.type();
    stored = variable.whole();
    unpacking = new Unpacking(variable);
  }

  /**
   * @throws IOException when the file is damaged
   */
  static Values read(FileVariable variable) throws IOException {
    return new Values(variable);
  }

  int size() {
    return size;
  }

  /** Value {@code i} in stored order, NaN when missing. */
  double at(int i) {
    return unpacking.value(type.at(stored, i));
  }

  double[] toArray() {
    double[] all = new double[size];
    Arrays.setAll(all, this::at);
    return all;
  }
}
