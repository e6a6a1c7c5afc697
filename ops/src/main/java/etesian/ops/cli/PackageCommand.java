package etesian.ops.cli;

import etesian.ops.cluster.ClusterJars;
import etesian.ops.cluster.JobPackage;
import etesian.ops.run.ClusterJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code package}: what a Flink cluster needs. */
@Command(
    name = "package",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Writes DIR/etesian-job.jar, which 'flink run' takes, and DIR/lib, whose jars belong in the"
          + " folder lib of Flink on each machine: DJL and libtorch for the platform of this build."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  etesian package cluster",
      "  cp cluster/lib/*.jar flink-2.3.0/lib/          on each machine, then restart Flink",
      "  flink run -d cluster/etesian-job.jar -c etesian.yaml"
    })
final class PackageCommand implements Callable<Integer> {
  private static final String JAR = "etesian-job.jar";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Made if it is not there.")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Path jar = JobPackage.write(ClusterJars.here(), JAR, ClusterJob.class.getName(), folder);
    out.printf("%s: the job, for 'flink run'%n", jar);
    out.printf("%s: for the folder lib of Flink%n", folder.resolve("lib"));
    return 0;
  }
}
