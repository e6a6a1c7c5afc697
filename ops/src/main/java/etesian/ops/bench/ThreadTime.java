package etesian.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Time that threads of other processes have computed, as Linux counts it; NaN elsewhere. */
final class ThreadTime {
  /** Linux keeps so many bytes of a thread's name. */
  private static final int NAME_LENGTH = 15;

  /** Of the unit of the kernel's figures; the same on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private ThreadTime() {}

  /** Seconds of all threads of a process whose name begins so, within what Linux keeps of it. */
  static double seconds(long process, String name) {
    Path tasks = Path.of("/proc", Long.toString(process), "task");
    if (!Files.exists(tasks)) {
      return Double.NaN;
    }
    String kept = name.substring(0, Math.min(NAME_LENGTH, name.length()));
    try (Stream<Path> threads = Files.list(tasks)) {
      return threads.mapToDouble(thread -> seconds(thread, kept)).sum();
    } catch (IOException e) {
      return Double.NaN; // the process ended in between
    }
  }

  private static double seconds(Path thread, String name) {
    try {
      if (!Files.readString(thread.resolve("comm")).startsWith(name)) {
        return 0;
      }
      String stat = Files.readString(thread.resolve("stat"));
      List<String> after = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      return (Double.parseDouble(after.get(11)) + Double.parseDouble(after.get(12)))
          / TICKS_PER_SECOND; // user and system, fields 14 and 15
    } catch (IOException e) {
      return 0; // the thread ended in between
    }
  }
}
