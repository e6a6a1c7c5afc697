package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A case in a process of its own. */
@Timeout(60)
class OwnProcessTest {
  @Test
  void whatItPrintsComesBack() throws Exception {
    assertThat(run(Talks.class, "one", "two")).isEqualTo("one two");
  }

  @Test
  void aFailureIsToldWithItsCode() {
    assertThatThrownBy(() -> run(Talks.class))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with code 3");
  }

  @Test
  void itEndsWithTheProcessThatStartedIt() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Starts.class.getName())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      while (!line.startsWith("child ")) {
        line = said.readLine();
      }
      ProcessHandle child = ProcessHandle.of(Long.parseLong(line.substring(6))).orElseThrow();
      assertThat(child.isAlive()).isTrue();
      parent.destroy(); // as Ctrl-C does
      assertThat(parent.waitFor(20, TimeUnit.SECONDS)).isTrue();
      child.onExit().get(20, TimeUnit.SECONDS);
    } finally {
      parent.destroyForcibly();
    }
  }

  private static String run(Class<?> main, String... arguments) throws Exception {
    return OwnProcess.output(MemoryPolicy.AS_IS, "64m", main.getName(), List.of(arguments));
  }

  /** Says its arguments; without any it fails. */
  static final class Talks {
    public static void main(String[] arguments) {
      if (arguments.length == 0) {
        System.exit(3);
      }
      System.out.print(String.join(" ", arguments));
    }
  }

  /** Starts a process that never ends by itself. */
  static final class Starts {
    public static void main(String[] arguments) throws Exception {
      run(Sleeps.class);
    }
  }

  /** Says who it is where its parent's errors go, as its output is waited for. */
  static final class Sleeps {
    public static void main(String[] arguments) throws Exception {
      System.err.println("child " + ProcessHandle.current().pid());
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
