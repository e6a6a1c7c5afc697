package etesian.pipeline.settings;

import java.util.List;
import java.util.Locale;

/** Where Flink keeps the state of windows and verification. */
public enum StateBackend {
  /** By what the settings need: {@link #ROCKSDB} from {@link #LARGE} bytes on, else heap. */
  AUTO,
  /** Objects on the heap; every checkpoint is whole. */
  HEAP,
  /** Bytes on disk and in native memory; a checkpoint holds what changed since the one before. */
  ROCKSDB;

  /** Where the heap ends to be the better place, 200 MB. */
  static final long LARGE = 200_000_000;

  /** {@link #HEAP} or {@link #ROCKSDB}; streams whose grid is not known count as nothing. */
  public StateBackend of(List<StreamSettings> streams) {
    return this != AUTO ? this : bytes(streams) > LARGE ? ROCKSDB : HEAP;
  }

  private static long bytes(List<StreamSettings> streams) {
    return streams.stream()
        .filter(stream -> stream.grid() != null)
        .mapToLong(stream -> WindowState.bytes(stream) + VerificationState.bytes(stream))
        .sum();
  }

  static StateBackend parse(String text) {
    for (StateBackend backend : values()) {
      if (backend.name().toLowerCase(Locale.ROOT).equals(text)) {
        return backend;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is not one of auto, heap, rocksdb");
  }
}
