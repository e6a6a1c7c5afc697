package etesian.ops.cluster;

import etesian.ops.embedded.StartFailed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A Java process that can be started again and again; what it prints is appended to a file. */
final class JvmProcess {
  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private Process process;

  /**
   * @param name also of its log file
   * @param options of the JVM
   * @param mainAndArguments class to run, and what it is given
   */
  JvmProcess(
      String name,
      List<Path> classPath,
      List<String> options,
      List<String> mainAndArguments,
      Map<String, String> environment,
      Path logs) {
    this.name = name;
    this.environment = environment;
    this.log = logs.resolve(name + ".out");
    command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Detesian.log=" + logs.resolve(name + ".log"));
    command.add("-cp");
    command.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.addAll(mainAndArguments);
  }

  String name() {
    return name;
  }

  synchronized void start() {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new StartFailed("the process " + name + " does not start: " + e, e);
    }
  }

  synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Of the process that lives, if it does. */
  synchronized Optional<Long> id() {
    return isAlive() ? Optional.of(process.pid()) : Optional.empty();
  }

  /** {@code kill -9}: the process gets no time for anything. */
  synchronized void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
