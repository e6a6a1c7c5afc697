package etesian.ops.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Times a pass, beside that of a peer if there is one: in turns, so that both see the same machine.
 * Figures: {@code median_ms, minimum_ms, repeats}; {@code allocated_mib}, what the first pass took
 * from the Java heap. Of a pass on the heap {@code beyond_results_mib}, the same without its
 * results: a bound of what it needs, whatever the heap had room for. Of one off the heap {@code
 * peak_mib}, growth of resident memory in the first pass over the state after set-up. With a peer
 * its figures, of which the peak is too low where ours has left memory to use; {@code
 * times_faster}, quotient of the medians; and {@code deviation}, greatest difference over greatest
 * value of the peer.
 *
 * @param ours set up first, alone: its memory is measured before the peer is there
 * @param peer {@code null} without one
 */
public record TimedCase(String name, Work.Setup ours, Work.Setup peer) implements Case {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Without a peer. */
  TimedCase(String name, Work.Setup ours) {
    this(name, ours, null);
  }

  @Override
  public Map<String, Object> measure(Limits limits) throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    try (Work work = ours.begin()) {
      Map<String, Object> memory = memory(work);
      if (peer == null) {
        Stopwatch stopwatch = new Stopwatch(work.pass());
        stopwatch.run(limits);
        putTimes(figures, "", stopwatch.times(0));
        figures.putAll(memory);
        return figures;
      }
      try (Work other = peer.begin()) {
        Map<String, Object> memoryOfPeer = memory(other);
        Stopwatch stopwatch = new Stopwatch(work.pass(), other.pass());
        stopwatch.run(limits);
        putTimes(figures, "", stopwatch.times(0));
        figures.putAll(memory);
        putTimes(figures, "peer_", stopwatch.times(1));
        memoryOfPeer.forEach((name, value) -> figures.put("peer_" + name, value));
        figures.put("times_faster", median(stopwatch.times(1)) / median(stopwatch.times(0)));
        if (work.output() != null && other.output() != null) {
          figures.put("deviation", deviation(work.output().get(), other.output().get()));
        }
      }
    }
    return figures;
  }

  private static Map<String, Object> memory(Work work) {
    Map<String, Object> figures = new LinkedHashMap<>();
    ResidentMemory.Growth growth = ResidentMemory.watch();
    long before = allocatedBytes();
    work.pass().run();
    double allocated = allocatedBytes() - before;
    if (!work.onHeap()) {
      figures.put("peak_mib", growth.mib());
    }
    figures.put("allocated_mib", allocated / (1 << 20));
    if (work.onHeap()) {
      figures.put("beyond_results_mib", (allocated - work.resultBytes()) / (1 << 20));
    }
    return figures;
  }

  /** By all threads that live. */
  static long allocatedBytes() {
    return LongStream.of(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  private static void putTimes(Map<String, Object> figures, String prefix, double[] sorted) {
    figures.put(prefix + "median_ms", median(sorted));
    figures.put(prefix + "minimum_ms", sorted[0]);
    figures.put(prefix + "repeats", sorted.length);
  }

  static double median(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static double deviation(float[] ours, float[] peers) {
    if (ours.length != peers.length) {
      throw new IllegalStateException(
          "%d values, the peer gives %d".formatted(ours.length, peers.length));
    }
    double difference = 0;
    double scale = 0;
    for (int i = 0; i < ours.length; i++) {
      difference = Math.max(difference, Math.abs(ours[i] - peers[i]));
      scale = Math.max(scale, Math.abs(peers[i]));
    }
    return difference / scale;
  }

  /** Runs passes in turns and keeps their times. */
  static final class Stopwatch {
    private final Runnable[] passes;
    private double[][] times;
    private int rounds;

    Stopwatch(Runnable... passes) {
      this.passes = passes;
    }

    /** Warm-up for half of the time, but twice at least: the compiler works meanwhile. */
    void run(Limits limits) {
      rounds(new Limits(2, limits.seconds() / 2));
      rounds(limits);
    }

    private void rounds(Limits limits) {
      times = new double[passes.length][limits.repeats()];
      rounds = 0;
      long end = System.nanoTime() + (long) (1e9 * limits.seconds());
      while (rounds < limits.repeats() || System.nanoTime() < end) {
        for (int i = 0; i < passes.length; i++) {
          if (rounds == times[i].length) {
            times[i] = Arrays.copyOf(times[i], 2 * rounds);
          }
          long start = System.nanoTime();
          passes[i].run();
          times[i][rounds] = (System.nanoTime() - start) / 1e6;
        }
        rounds++;
      }
    }

    /** In milliseconds, sorted. */
    double[] times(int pass) {
      double[] sorted = Arrays.copyOf(times[pass], rounds);
      Arrays.sort(sorted);
      return sorted;
    }
  }
}
