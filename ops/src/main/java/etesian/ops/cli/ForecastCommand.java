package etesian.ops.cli;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.CodeVersion;
import etesian.ingest.wire.ForecastNetcdf;
import etesian.operators.Devices;
import etesian.ops.evaluate.FieldSeries;
import etesian.ops.evaluate.OfflineModel;
import etesian.ops.plot.ForecastMaps;
import etesian.ops.plot.Phrases;
import etesian.ops.run.DataFiles;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code forecast}: one forecast from files, and maps of forecasts. */
@Command(
    name = "forecast",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Makes one forecast from NetCDF files, without Kafka and Flink: the same NetCDF as the topic"
          + " etesian.forecasts has, a file for each variable.",
      "",
      "'forecast maps' draws forecasts."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian forecast --weights mine.safetensors --data sst.nc --out out",
      "  etesian forecast --weights mine.safetensors --data sst.nc --issue 2018-01-01 --out out --maps",
      "  etesian consume etesian.forecasts --from-beginning --max 3 --save out",
      "  etesian forecast maps out/*.nc --out pictures"
    },
    subcommands = ForecastCommand.Maps.class)
final class ForecastCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private OfflineOptions offline;

  @Option(
      names = "--leads",
      paramLabel = "N",
      description =
          "How far, in steps (default: the horizon of the model if it has one, else 12; with -c that"
              + " of the stream).")
  private Integer leads;

  @Option(
      names = "--issue",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Time of the newest field that goes in (default: the newest that can).")
  private Instant issue;

  @Option(names = "--out", paramLabel = "DIR", description = "Folder of the files.")
  private Path out;

  @Option(names = "--maps", description = "Draw them too.")
  private boolean maps;

  @Override
  public Integer call() throws IOException {
    if (out == null) {
      throw new ParameterException(spec.commandLine(), "--out is needed");
    }
    PrintWriter err = spec.commandLine().getErr();
    PrintWriter names = spec.commandLine().getOut();
    Devices.setThreads(Runtime.getRuntime().availableProcessors());
    OfflineModel model = offline.model();
    List<Field> fields = new DataFiles(offline.data(), err::println).fields();
    StreamSettings stream =
        offline.stream(model, fields, leads == null ? List.of() : List.of(leads));
    List<Forecast> forecasts;
    try (OfflineModel.Loaded loaded = model.load(stream)) {
      FieldSeries series = new FieldSeries(stream, fields);
      forecasts = loaded.forecast(series, List.of(issueTime(series)), stream.horizon()).get(0);
    }
    Files.createDirectories(out);
    for (Forecast forecast : forecasts) {
      Path file =
          out.resolve(
              "%s_%s_%s.nc"
                  .formatted(
                      forecast.stream(),
                      forecast.variable().name(),
                      Phrases.stamp(forecast.issueTime())));
      Files.write(file, ForecastNetcdf.write(forecast, CodeVersion.get(), Instant.now()));
      names.println(file);
    }
    if (maps) {
      new ForecastMaps(out, names::println).draw(forecasts);
    }
    return 0;
  }

  private Instant issueTime(FieldSeries series) {
    List<Instant> times = series.times();
    if (issue != null) {
      Check.that(
          times.contains(issue) && series.issuesAt(issue),
          "no forecast of %s: %s",
          issue,
          times.contains(issue)
              ? "a field of its history of %d is missing".formatted(series.stream().history())
              : "the data have no field of that time; they go from %s to %s"
                  .formatted(times.get(0), times.get(times.size() - 1)));
      return issue;
    }
    for (int i = times.size() - 1; i >= 0; i--) {
      if (series.issuesAt(times.get(i))) {
        return times.get(i);
      }
    }
    throw new IllegalArgumentException(
        "no %d fields follow each other by a step of %s among the %d times of the data, %s to %s"
            .formatted(
                series.stream().history(),
                series.stream().step(),
                times.size(),
                times.get(0),
                times.get(times.size() - 1)));
  }

  /** {@code forecast maps}. */
  @Command(
      name = "maps",
      mixinStandardHelpOptions = true,
      versionProvider = Etesian.Version.class,
      description = {
        "Draws every lead of forecasts as a map, with coastlines and one scale of colours for all of"
            + " a variable: SVG, and PNG where this Java finds fonts. Of ensembles the spread too."
      },
      footerHeading = "%nExample:%n",
      footer = "  etesian forecast maps archive/netcdf/sst/1998/*/*.nc --out pictures")
  static final class Maps implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "FILE",
        arity = "1..*",
        description = "Forecasts as 'etesian consume --save' and the netcdf sink write them.")
    private List<Path> files = new ArrayList<>();

    @Option(
        names = "--out",
        paramLabel = "DIR",
        required = true,
        description = "Folder of the pictures.")
    private Path out;

    @Override
    public Integer call() throws IOException {
      PrintWriter err = spec.commandLine().getErr();
      List<Forecast> forecasts = new ArrayList<>();
      for (Path file : files) {
        try {
          forecasts.add(ForecastNetcdf.read(Files.readAllBytes(file)));
        } catch (Refusal refusal) {
          err.println(file + ": " + refusal.getMessage());
        } catch (NoSuchFileException e) {
          err.println(file + ": there is no such file");
        }
      }
      new ForecastMaps(out, spec.commandLine().getOut()::println).draw(forecasts);
      return forecasts.size() == files.size() ? 0 : 1;
    }
  }
}
