package etesian.ingest.wire;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;

/**
 * The binary form of a value in state and between tasks. Its first byte is a version: a newer codec
 * reads what an older one wrote.
 */
public interface Codec<T> extends Serializable {
  void write(T value, DataOutput out) throws IOException;

  /**
   * @throws IOException also for a version that is newer than this code
   */
  T read(DataInput in) throws IOException;

  /** A value that shares nothing mutable with the given one: the same one when it is immutable. */
  default T copy(T value) {
    return value;
  }
}
