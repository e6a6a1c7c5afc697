package etesian.ops.cli;

import etesian.ops.embedded.TemporaryFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Benchmarks on a cluster of separate processes, which leave logs and data behind. */
final class KeepOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Where logs and data of all processes stay; removed without this.")
  private Path keep;

  /** Runs processes that write below a folder. */
  interface Benchmark {
    /**
     * @param progress takes a line now and then
     * @return the exit code
     */
    int run(Path folder, Consumer<String> progress) throws InterruptedException;
  }

  /**
   * Runs a benchmark in the folder that was asked for, or else in one of its own.
   *
   * @param name of the folder, without one that was asked for
   * @param diskMegabytes that it needs there
   * @return the exit code
   */
  int run(String name, long diskMegabytes, Benchmark benchmark) throws InterruptedException {
    if (keep != null) {
      return benchmark.run(keep, this::tell);
    }
    try (TemporaryFolder folder = TemporaryFolder.create(name + "-", diskMegabytes)) {
      return benchmark.run(folder.path(), this::tell);
    }
  }

  private void tell(String line) {
    PrintWriter err = mixee.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
