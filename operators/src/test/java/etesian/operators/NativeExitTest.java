package etesian.operators;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class NativeExitTest {
  private static final int SIGABRT = 6;

  @TempDir private Path folder;

  @Test
  void handlersOfNativeLibrariesDoNotRunOnceTheEngineIsThere() throws Exception {
    assertThat(statusOf(WithEngine.class)).isEqualTo(3);
  }

  @Test
  void theyDoWithoutIt() throws Exception {
    assertThat(statusOf(WithoutEngine.class)).isEqualTo(128 + SIGABRT);
  }

  private int statusOf(Class<?> program) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  static final class WithEngine {
    public static void main(String[] arguments) {
      abortAtExit();
      assertThat(Devices.threads()).isPositive();
      System.exit(3);
    }
  }

  static final class WithoutEngine {
    public static void main(String[] arguments) {
      abortAtExit();
      System.exit(3);
    }
  }

  /** Stands for a destructor that fails; the process ends by SIGABRT when it runs. */
  private static void abortAtExit() {
    NativeLibrary c = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
    c.getFunction("on_exit").invokeInt(new Object[] {c.getFunction("abort"), null});
  }
}
