package etesian.ops.cli;

import etesian.ops.sample.GranuleSeries;
import etesian.ops.sample.SampleGranule;
import etesian.ops.sample.SimulatedWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sample}: the simulated world as files. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Writes files of a SIMULATED world: an ERA5-like atmosphere (t2m, u10, v10 on 32 x 64 cells,"
          + " six-hourly, a day a file) and a sea surface (sst on 36 x 72 cells, weekly).",
      "",
      "The files have the NetCDF layouts of the Copernicus Climate Data Store and say in their"
          + " title that they are simulated. The same seed gives the same bytes."
    },
    footerHeading = "%nExample:%n",
    footer = "  etesian sample world --days 30 && etesian inspect world/*.nc")
final class Sample implements Callable<Integer> {
  private static final int TIMES_A_DAY = 4;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Where to write; made if it is not there.")
  private Path folder;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "120",
      description = "Length of the series (default: ${DEFAULT-VALUE}).")
  private int days;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Another number, another world (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "Only era5 or only sst (default: both).")
  private String dataset;

  @Option(
      names = "--start",
      paramLabel = "DATE",
      defaultValue = "2020-01-01",
      description = "First day (default: ${DEFAULT-VALUE}).")
  private LocalDate start;

  @Override
  public Integer call() throws IOException {
    if (days < 1) {
      throw new ParameterException(spec.commandLine(), "--days is at least 1, got " + days);
    }
    Files.createDirectories(folder);
    Instant from = start.atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant end = from.plus(Duration.ofDays(days));
    SimulatedWorld world = new SimulatedWorld(seed, from);
    long bytes = 0;
    int files = 0;
    for (GranuleSeries series : wanted(world)) {
      int times = series == world.atmosphere() ? TIMES_A_DAY : 1;
      while (series.nextAt().isBefore(end)) {
        SampleGranule granule = series.next(times);
        Files.write(folder.resolve(granule.fileName()), granule.bytes());
        bytes += granule.bytes().length;
        files++;
      }
    }
    spec.commandLine()
        .getOut()
        .printf("%d simulated files, %.1f MB, in %s%n", files, bytes / 1e6, folder);
    return 0;
  }

  private List<GranuleSeries> wanted(SimulatedWorld world) {
    if (dataset == null) {
      return List.of(world.atmosphere(), world.ocean());
    }
    return switch (dataset) {
      case "era5" -> List.of(world.atmosphere());
      case "sst" -> List.of(world.ocean());
      default ->
          throw new ParameterException(
              spec.commandLine(), "--dataset is era5 or sst, got '" + dataset + "'");
    };
  }
}
