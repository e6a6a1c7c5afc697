package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NicenessTest {
  @Test
  void aThreadGivesWayAndTheOthersDoNot() {
    int before = niceness();
    int other =
        CompletableFuture.supplyAsync(
                () -> {
                  assertThat(Niceness.giveWay()).isTrue();
                  return niceness();
                },
                work -> new Thread(work, "gives-way").start())
            .join();
    assertThat(other).isEqualTo(19);
    assertThat(niceness()).isEqualTo(before);
  }

  /** Field 19 of the kernel's line about the calling thread, counted behind its name. */
  private static int niceness() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Integer.parseInt(fields[16]);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
