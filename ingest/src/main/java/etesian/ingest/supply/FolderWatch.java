package etesian.ingest.supply;

import etesian.ingest.field.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Files as they become complete, each once for each content it gets.
 *
 * <p>A file is complete when its size, time of modification and identity have stayed the same for
 * an interval; a name that is temporary ({@code .part}, {@code .tmp}, {@code .partial}, {@code
 * .crdownload}, a leading dot, a trailing {@code ~}) waits until the file is renamed. A file that
 * changes afterwards, or is replaced, is complete once more.
 *
 * <p>It looks again and again instead of waiting for {@link java.nio.file.WatchService}: events of
 * the operating system tell neither of files that another machine writes to a network file system
 * nor of the end of a write, and they are lost when too many come at once.
 */
public final class FolderWatch {
  private static final List<String> TEMPORARY =
      List.of(".part", ".tmp", ".partial", ".crdownload", "~");

  /** The files that are there now. */
  @FunctionalInterface
  public interface Listing {
    Collection<Path> files() throws IOException;
  }

  /** What changes when a file is written or replaced. */
  private record State(long size, long modifiedMillis, Object identity) {}

  /** A file as it was last seen. */
  private static final class Seen {
    private State state;
    private long sinceNanos;
    private boolean told;
  }

  private final Listing listing;
  private final Duration quiet;
  private final LongSupplier nanoTime;
  private Map<Path, Seen> seen = new HashMap<>();

  /**
   * @param quiet how long a file stays the same before it counts as complete; longer than the pause
   *     that its writer may make, positive
   */
  public FolderWatch(Listing listing, Duration quiet) {
    this(listing, quiet, System::nanoTime);
  }

  FolderWatch(Listing listing, Duration quiet, LongSupplier nanoTime) {
    Check.that(
        !quiet.isNegative() && !quiet.isZero(),
        "the interval after which a file is complete must be positive, got %s",
        quiet);
    this.listing = listing;
    this.quiet = quiet;
    this.nanoTime = nanoTime;
  }

  /** Whether a writer uses such a name until its file is complete. */
  public static boolean isTemporary(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.startsWith(".") || TEMPORARY.stream().anyMatch(name::endsWith);
  }

  /**
   * The files that became complete since the last call, in the order of the listing. What is gone
   * is forgotten: a file that comes back is new.
   */
  public List<Path> poll() throws IOException {
    List<Path> complete = new ArrayList<>();
    Map<Path, Seen> now = new HashMap<>();
    for (Path file : listing.files()) {
      if (isTemporary(file) || now.containsKey(file)) {
        continue;
      }
      State state;
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        state =
            new State(
                attributes.size(),
                attributes.lastModifiedTime().toMillis(),
                attributes.fileKey()); // null where the file system has none
      } catch (NoSuchFileException e) {
        continue; // gone since it was listed
      }
      Seen before = seen.getOrDefault(file, new Seen());
      now.put(file, before);
      if (!Objects.equals(before.state, state)) {
        before.state = state;
        before.sinceNanos = nanoTime.getAsLong();
        before.told = false;
      } else if (!before.told && nanoTime.getAsLong() - before.sinceNanos >= quiet.toNanos()) {
        before.told = true;
        complete.add(file);
      }
    }
    seen = now;
    return complete;
  }
}
