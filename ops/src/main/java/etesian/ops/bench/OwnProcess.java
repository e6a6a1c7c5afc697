package etesian.ops.bench;

import etesian.ops.embedded.AtExit;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process with the Java, the options and the class path of this one. */
public final class OwnProcess {
  private OwnProcess() {}

  /**
   * Waits for its end. Its standard error goes where ours goes; when ours ends before, so does it.
   *
   * @param heap largest heap, such as {@code 3g}
   * @param mainClass what to run
   * @return its standard output
   * @throws IOException it does not start, or ends with another code than 0
   */
  public static String output(
      MemoryPolicy memory, String heap, String mainClass, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-Xmx" + heap); // the last one counts
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    memory.applyTo(builder.environment());
    Process process = builder.start();
    AutoCloseable end = process::destroy;
    AtExit.register(end);
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(
            "the process for %s ended with code %d; see above".formatted(arguments, code));
      }
      return out;
    } finally {
      AtExit.forget(end);
      process.destroy();
    }
  }
}
