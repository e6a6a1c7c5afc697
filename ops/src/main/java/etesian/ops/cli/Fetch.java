package etesian.ops.cli;

import etesian.ingest.supply.Credentials;
import etesian.ingest.supply.DataRequest;
import etesian.ingest.supply.DataStore;
import etesian.ingest.supply.FetchListener;
import etesian.ingest.supply.FetchSummary;
import etesian.ingest.supply.HttpFolder;
import etesian.ingest.supply.Patience;
import etesian.ingest.supply.SupplyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fetch}: files from folders on the web and from the data stores of Copernicus. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Brings files from a folder on the web, or has a data store of Copernicus make them.",
      "",
      "A file grows as NAME.part and is renamed when it is complete; what broke off goes on where it"
          + " ended, also in a later call. A file of a folder that is here already comes again only"
          + " when the server has another. What is in the files is not looked at:"
          + " publish --watch DIR takes them on as they become complete.",
      "",
      "A data store wants a key, in ~/.cdsapirc as for cdsapi:",
      "    url: https://cds.climate.copernicus.eu/api",
      "    key: the personal access token from the profile page",
      "The environment may say otherwise: CDSAPI_URL, CDSAPI_KEY, CDSAPI_RC."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian fetch https://www.ncei.noaa.gov/data/sea-surface-temperature-optimum-"
          + "interpolation/v2.1/access/avhrr/202401/ --into sst",
      "  etesian fetch https://host/archive/ --depth 1 --glob 'oisst-*.nc' --into sst --json",
      "  etesian fetch --cds july.yaml --into era5      gives era5/july.nc",
      "",
      "where july.yaml holds what the download form of the dataset shows:",
      "  dataset: reanalysis-era5-single-levels",
      "  request:",
      "    product_type: [reanalysis]",
      "    variable: [2m_temperature]",
      "    year: ['2024']",
      "    month: ['07']",
      "    day: ['01', '02']",
      "    time: ['00:00', '06:00', '12:00', '18:00']"
    })
final class Fetch implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "URL",
      arity = "0..1",
      description = "A folder whose page lists its files, with a slash at its end.")
  private URI url;

  @Option(
      names = "--cds",
      paramLabel = "REQUEST",
      description =
          "A file of YAML or JSON with dataset and request; may be given several times. Plain NetCDF"
              + " is asked for unless it says otherwise.")
  private List<Path> requests = List.of();

  @Option(
      names = "--into",
      paramLabel = "DIR",
      required = true,
      description = "Where the files go; made when it is not there.")
  private Path into;

  @Option(
      names = "--glob",
      paramLabel = "PATTERN",
      defaultValue = "*.nc",
      description = "Which names of a folder (default: ${DEFAULT-VALUE}).")
  private String glob;

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "0",
      description = "How deep into subfolders (default: ${DEFAULT-VALUE}, not at all).")
  private int depth;

  @Option(
      names = "--rc",
      paramLabel = "FILE",
      description = "Address and key of the data store, instead of environment and ~/.cdsapirc.")
  private Path rc;

  @Option(
      names = "--delete-job",
      description = "Removes a request from your list at the store, once its file is here.")
  private boolean deleteJob;

  @Option(
      names = "--no-checksum",
      description =
          "Takes a file whose MD5 is not the announced one; some stores announce another sum. The"
              + " length is checked all the same.")
  private boolean noChecksum;

  @Option(
      names = "--json",
      description = "{fetched, unchanged, failed, bytes, files, reasons} instead of a sentence.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if ((url == null) == requests.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "either the URL of a folder or --cds REQUEST is needed");
    }
    if (requests.stream().map(Fetch::stem).distinct().count() < requests.size()) {
      throw new ParameterException(
          spec.commandLine(), "two requests of one name would become one file; rename one of them");
    }
    FetchSummary summary;
    Progress progress = new Progress(spec.commandLine().getErr());
    try (progress) {
      summary = url == null ? fromStore(progress) : fromFolder(progress);
    }
    report(summary, progress);
    return summary.complete() ? 0 : 1;
  }

  private FetchSummary fromFolder(Progress progress) throws IOException, InterruptedException {
    HttpFolder folder;
    try {
      folder = new HttpFolder(url, glob, depth, Patience.usual(), progress);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    return folder.fetch(into);
  }

  private FetchSummary fromStore(Progress progress) throws IOException, InterruptedException {
    Map<String, String> environment =
        rc == null ? System.getenv() : Map.of("CDSAPI_RC", rc.toString());
    Path home = Path.of(System.getProperty("user.home"));
    DataStore store =
        new DataStore(Credentials.read(environment, home), Patience.usual(), progress);
    for (Path file : requests) {
      try {
        DataRequest request = DataRequest.read(file);
        if (!request.added().isEmpty()) {
          progress.status(file + ": added " + String.join(", ", request.added()));
        }
        store.fetch(request, into, stem(file), new DataStore.Options(deleteJob, !noChecksum));
      } catch (SupplyException e) {
        progress.failed(file.toString(), e.getMessage());
      }
    }
    return new FetchSummary(
        progress.files.size(), progress.unchanged, progress.reasons.size(), progress.bytes);
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    return name.replaceFirst("(?<=.)\\.(ya?ml|json)$", "");
  }

  private void report(FetchSummary summary, Progress progress) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("fetched", summary.fetched());
      object.put("unchanged", summary.unchanged());
      object.put("failed", summary.failed());
      object.put("bytes", summary.bytes());
      object.put("files", progress.files);
      object.put("reasons", progress.reasons);
      out.println(Json.line(object));
      return;
    }
    out.printf(
        "%d files fetched, %.1f MB; %d unchanged; %d failed%n",
        summary.fetched(), summary.bytes() / 1e6, summary.unchanged(), summary.failed());
  }

  /** A bar for the file that comes where somebody looks, a line for each that is here. */
  private static final class Progress implements FetchListener, AutoCloseable {
    private final PrintWriter err;
    private final List<String> files = new ArrayList<>();
    private final Map<String, String> reasons = new LinkedHashMap<>();
    private int unchanged;
    private long bytes;
    private String current = "";
    private ProgressBar bar;

    Progress(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void status(String text) {
      close();
      err.println(text);
      err.flush();
    }

    @Override
    public void progress(String name, long done, long total) {
      if (!name.equals(current)) {
        close();
        current = name;
        bar = WorkBar.onTerminal(name);
      }
      if (bar != null && total > 0) {
        bar.stepTo(Math.round((double) done / total * WorkBar.STEPS));
      }
    }

    @Override
    public void fetched(Path file, long size) {
      files.add(file.toString());
      bytes += size;
      status("%s, %.1f MB".formatted(file, size / 1e6));
    }

    @Override
    public void unchanged(Path file) {
      unchanged++;
    }

    @Override
    public void failed(String name, String reason) {
      reasons.put(name, reason);
      status(name + " is not to be had: " + reason);
    }

    @Override
    public void close() {
      current = "";
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }
  }
}
