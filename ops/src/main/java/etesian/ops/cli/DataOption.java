package etesian.ops.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The files that a command cannot do without. */
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "FILE|DIR",
      required = true,
      arity = "1..*",
      description = "NetCDF files or folders, one or more.")
  private List<Path> paths = new ArrayList<>();

  List<Path> paths() {
    return paths;
  }
}
