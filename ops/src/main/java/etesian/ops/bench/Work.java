package etesian.ops.bench;

import java.io.IOException;
import java.util.function.Supplier;

/**
 * A pass that is ready to be run, again and again.
 *
 * @param pass what is timed
 * @param output what a pass computes, to be compared with a peer; {@code null} if it has none
 * @param resultBytes size on the heap of the results that any implementation has to return; 0 when
 *     it works off the heap
 * @param release frees what the pass needs
 */
public record Work(Runnable pass, Supplier<float[]> output, long resultBytes, Runnable release)
    implements AutoCloseable {

  /** Makes everything ready that is not to be timed. */
  @FunctionalInterface
  public interface Setup {
    Work begin() throws IOException;
  }

  /** A pass on the heap that nobody is compared with. */
  static Work onTheHeap(Runnable pass, long resultBytes) {
    return new Work(pass, null, resultBytes, () -> {});
  }

  boolean onHeap() {
    return resultBytes > 0;
  }

  @Override
  public void close() {
    release.run();
  }
}
