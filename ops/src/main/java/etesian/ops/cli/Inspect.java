package etesian.ops.cli;

import etesian.ingest.netcdf.Inspection;
import etesian.ingest.netcdf.Inspection.TimesReport;
import etesian.ingest.netcdf.Inspection.VariableReport;
import etesian.ingest.netcdf.Refusal;
import etesian.ops.run.DataFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code inspect}: what the reader sees in a NetCDF file. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Shows what the reader sees in NetCDF files: variables, units, grid, times, revisions and the"
          + " range of the values.",
      "",
      "A file that cannot be read is named with the reason that it would have as a dead letter; the"
          + " others are shown all the same.",
      "",
      "With --settings it writes settings for 'train' and 'run' instead, with a stream for each"
          + " regular series, to be looked over."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian inspect era5.nc",
      "  etesian inspect era5.nc sst.nc --settings > etesian.yaml",
      "  etesian inspect *.nc --json | jq '.[].variables[].name'"
    })
final class Inspect implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "NetCDF-3 or NetCDF-4 files.")
  private List<Path> files;

  @Option(
      names = "--json",
      description = "One JSON object for one file, an array of them for several.")
  private boolean json;

  @Option(names = "--settings", description = "An etesian.yaml to begin with, instead.")
  private boolean settings;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (settings) {
      return draft(out);
    }
    List<Object> reports = new ArrayList<>();
    boolean allRead = true;
    for (Path file : files) {
      try {
        Inspection inspection = inspect(file);
        if (json) {
          reports.add(InspectionJson.of(inspection));
        } else {
          print(inspection, out);
        }
      } catch (IOException | Refusal e) {
        allRead = false;
        String reason = e instanceof Refusal r ? r.reason().name() : "UNREADABLE";
        if (json) {
          Map<String, Object> refused = new LinkedHashMap<>();
          refused.put("file", file.toString());
          refused.put("refused", reason);
          refused.put("reason", e.getMessage());
          reports.add(refused);
        } else {
          out.flush();
          spec.commandLine().getErr().println(reason + ": " + e.getMessage());
        }
      }
    }
    if (json) {
      out.println(Json.pretty(files.size() == 1 ? reports.get(0) : reports));
    }
    return allRead ? 0 : 1;
  }

  private int draft(PrintWriter out) {
    if (json) {
      throw new ParameterException(
          spec.commandLine(), "--json does not go with --settings, which writes YAML");
    }
    Consumer<String> say = spec.commandLine().getErr()::println;
    DataFiles data = new DataFiles(files, say);
    out.print(SettingsDraft.of(data.fields(), say));
    out.flush();
    return data.files().stream().anyMatch(file -> file.fields().isEmpty()) ? 1 : 0;
  }

  private static Inspection inspect(Path file) throws IOException, Refusal {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a folder; name the files in it");
    }
    try {
      return Inspection.of(file);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no " + file, e);
    }
  }

  private static void print(Inspection inspection, PrintWriter out) {
    out.printf("%s  (%s)%n", inspection.file(), inspection.format());
    inspection.notes().forEach(note -> out.printf("  left out: %s%n", note));
    for (VariableReport v : inspection.variables()) {
      out.printf("  %s [%s]  %s  %s%n", v.name(), v.units(), shape(v), v.storedType());
      if (v.grid() == null) {
        out.printf("    grid       none: %s%n", v.gridReason());
      } else {
        out.printf(
            "    grid       %d x %d from %s N %s E, steps %s and %s degrees%n",
            v.grid().rows(),
            v.grid().columns(),
            v.grid().north(),
            v.grid().west(),
            v.grid().rowStep(),
            v.grid().columnStep());
      }
      if (v.times() != null) {
        out.printf("    times      %s%n", times(v.times()));
      }
      out.printf(
          "    values     min %s  mean %s  max %s, %d missing%n",
          number(v.min()), number(v.mean()), number(v.max()), v.missing());
      if (!v.revisions().isEmpty()) {
        out.printf("    revisions  %s%n", v.revisions());
      }
      if (v.leftOut() != null && !v.leftOut().equals(v.gridReason())) {
        out.printf("    left out   %s%n", v.leftOut());
      }
    }
  }

  private static String shape(VariableReport v) {
    List<String> axes = new ArrayList<>();
    for (int i = 0; i < v.dims().size(); i++) {
      axes.add(v.dims().get(i) + "=" + v.shape().get(i));
    }
    return axes.stream().collect(Collectors.joining(", ", "(", ")"));
  }

  private static String times(TimesReport times) {
    String span =
        "%d, %s to %s (%s)".formatted(times.count(), times.first(), times.last(), times.calendar());
    return times.readAs() == null
        ? span
        : "%s; read as %s: %s to %s"
            .formatted(
                span, times.readAs().calendar(), times.readAs().first(), times.readAs().last());
  }

  private static String number(Double value) {
    return value == null || value.isNaN() ? "-" : "%.6g".formatted(value);
  }
}
