package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NicenessTest {
  private static final int SCHED_IDLE = 5;

  @Test
  void aThreadGivesWayAndTheOthersDoNot() {
    Scheduling before = Scheduling.ofThisThread();
    Scheduling other =
        CompletableFuture.supplyAsync(
                () -> {
                  assertThat(Niceness.giveWay()).isTrue();
                  return Scheduling.ofThisThread();
                },
                work -> new Thread(work, "gives-way").start())
            .join();
    assertThat(other).isEqualTo(new Scheduling(19, SCHED_IDLE));
    assertThat(Scheduling.ofThisThread()).isEqualTo(before);
  }

  private record Scheduling(int niceness, int policy) {

    /** Fields 19 and 41 of the kernel's line; the third is the first behind the name. */
    static Scheduling ofThisThread() {
      try {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Scheduling(Integer.parseInt(fields[16]), Integer.parseInt(fields[38]));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
