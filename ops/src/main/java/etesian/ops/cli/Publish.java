package etesian.ops.cli;

import etesian.ingest.field.Check;
import etesian.ingest.kafka.Form;
import etesian.ingest.kafka.Inputs;
import etesian.ingest.kafka.Locations;
import etesian.ingest.kafka.Pace;
import etesian.ingest.kafka.PublishListener;
import etesian.ingest.kafka.PublishOptions;
import etesian.ingest.kafka.PublishSummary;
import etesian.ingest.kafka.Publisher;
import etesian.ops.embedded.AtExit;
import etesian.ops.metrics.ProcessMetrics;
import etesian.ops.metrics.PublishMetrics;
import etesian.ops.run.BrokerContact;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code publish}: files to their granule topics. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Sends NetCDF files, one a record, to etesian.granules.<dataset>, in the order of their"
          + " names.",
      "",
      "A file beyond the record limit (32 MiB less 64 KiB) goes in parts, a record for each valid"
          + " time with all variables of that time; each part is a CF NetCDF file that names its"
          + " source. --by-reference leaves the files where they are and sends only the place, for"
          + " a job whose settings allow it (granules.references.roots).",
      "",
      "With --ledger a second call goes on where the first ended, also after a kill and also within"
          + " a file that goes in parts. Ctrl-C ends cleanly.",
      "",
      "A file that cannot be read is sent all the same: the job makes it a dead letter, so that"
          + " nothing is lost."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian publish era5/*.nc --dataset era5",
      "  etesian publish world --rate 4 --ledger world.ledger",
      "  etesian publish downloads --watch --ledger era5.ledger    what is there, then what comes",
      "  etesian publish 'era5/**/*.nc' --speed 3600x    an hour of weather each second",
      "  etesian publish /data/era5 --by-reference --base-uri /data=https://files.example/"
    })
final class Publish implements Callable<Integer> {
  private static final Duration PATIENCE_AT_EXIT = Duration.ofSeconds(30);

  private static final Pattern DATASET = Pattern.compile("[A-Za-z0-9._-]+");

  @Spec private CommandSpec spec;
  @Mixin private Brokers brokers;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "Files, folders of files (*.nc at any depth), or quoted patterns: * and ? stay within a"
              + " folder, ** does not.")
  private List<String> paths;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description =
          "The granule topic; otherwise chosen by variable: sst to sst, all else to era5.")
  private String dataset;

  @ArgGroup private Timing timing = new Timing();
  @ArgGroup private Cut cut = new Cut();

  /** In the order of names or of valid times. */
  private static final class Timing {
    @Option(
        names = "--rate",
        paramLabel = "R",
        description = "No more than R records a second (default: no limit).")
    private Double rate;

    @Option(
        names = "--speed",
        paramLabel = "X",
        description =
            "Replay by valid time, X times as fast as it was: 3600x sends an hour each second. All"
                + " files are read once for their times; one with many times flows time by time.")
    private String speed;
  }

  /** What a file is sent as. */
  private static final class Cut {
    @Option(
        names = "--split",
        description = "A record for each valid time, also where the file would fit into one.")
    private boolean split;

    @Option(
        names = "--by-reference",
        description = "Send where the files are instead of the files (CloudEvents dataref).")
    private boolean byReference;
  }

  @Option(
      names = "--base-uri",
      paramLabel = "FOLDER=URI",
      description =
          "With --by-reference: where the job sees a folder of ours; may be repeated. Otherwise"
              + " under the same path, file:///...")
  private List<String> baseUris = new ArrayList<>();

  @Option(
      names = "--watch",
      description = {
        "After what is there go on with what comes, until Ctrl-C. A file is sent once it is"
            + " complete: unchanged for --quiet, and not under a temporary name (.part, .tmp, a"
            + " leading dot). One that is replaced by another content is sent again."
      })
  private boolean watch;

  @Option(
      names = "--quiet",
      paramLabel = "DURATION",
      defaultValue = "PT2S",
      description =
          "With --watch: unchanged for so long, a file is complete (default: ${DEFAULT-VALUE}).")
  private Duration quiet;

  @Option(
      names = "--ledger",
      paramLabel = "FILE",
      description =
          "Notes what the brokers have acknowledged; what is in it is not sent again. One for each"
              + " Kafka cluster.")
  private Path ledger;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description =
          "Serve what was sent and refused to Prometheus while it runs; 0 for any port."
              + " docs/metrics.md has the names.")
  private Integer metricsPort;

  @Option(
      names = "--metrics-host",
      paramLabel = "ADDRESS",
      defaultValue = ProcessMetrics.LOOPBACK,
      description = "Address that it listens on (default: ${DEFAULT-VALUE}).")
  private String metricsHost;

  @Option(
      names = "--json",
      description =
          "{published, records, split, parts, by_reference, skipped, skipped_parts, unreadable,"
              + " refused, bytes} instead of a sentence.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    PublishOptions options = options();
    Properties client = new Properties();
    client.putAll(brokers.properties());
    BrokerContact.demand(client);
    PublishSummary summary;
    ProcessMetrics metrics = new ProcessMetrics();
    PublishMetrics counts = new PublishMetrics(metrics);
    CountDownLatch reported = new CountDownLatch(1);
    AutoCloseable atExit = null;
    try {
      try (KafkaProducer<byte[], byte[]> producer =
              new KafkaProducer<>(
                  Publisher.settings(client),
                  new ByteArraySerializer(),
                  new ByteArraySerializer());
          ProcessMetrics.Endpoint endpoint =
              metricsPort == null ? null : metrics.serve(metricsHost, metricsPort);
          Progress progress = new Progress(spec.commandLine().getErr(), watch, counts)) {
        if (endpoint != null) {
          spec.commandLine().getErr().println("metrics on " + endpoint.address());
        }
        Publisher publisher = new Publisher(producer, options, progress);
        atExit = () -> endAndWait(publisher, reported);
        AtExit.register(atExit);
        Inputs inputs = Inputs.of(paths);
        summary = watch ? publisher.watch(inputs, quiet) : publisher.publish(inputs);
      }
      report(summary);
    } finally {
      reported.countDown();
      AtExit.forget(atExit);
    }
    return summary.refused() == 0 ? 0 : 1;
  }

  /** Ctrl-C: what is under way arrives, and the summary is printed, before the process ends. */
  private static void endAndWait(Publisher publisher, CountDownLatch reported)
      throws InterruptedException, IOException {
    publisher.stop();
    if (!reported.await(PATIENCE_AT_EXIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("the brokers have not acknowledged everything; call publish again");
    }
  }

  private PublishOptions options() {
    try {
      Check.that(
          dataset == null || DATASET.matcher(dataset).matches(),
          "--dataset '%s': letters, digits, '.', '_' and '-' only, as it becomes part of a topic",
          dataset);
      Check.that(
          ledger == null || !Files.isDirectory(ledger),
          "--ledger %s is a folder; name a file in it",
          ledger);
      PublishOptions options = PublishOptions.everything().as(form());
      options = dataset == null ? options : options.to(dataset);
      options = timing.rate == null ? options : options.at(new Pace.Rate(timing.rate));
      options = timing.speed == null ? options : options.at(Pace.Replay.parse(timing.speed));
      return ledger == null ? options : options.keeping(ledger);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Form form() {
    if (!cut.byReference && !baseUris.isEmpty()) {
      throw new IllegalArgumentException(
          "--base-uri says where references lead: add --by-reference");
    }
    if (cut.byReference) {
      return new Form.ByReference(Locations.parse(baseUris));
    }
    return cut.split ? Form.SPLIT : Form.WHOLE;
  }

  private void report(PublishSummary summary) {
    if (summary.published() + summary.skipped() + summary.refused() == 0 && !watch) {
      spec.commandLine().getErr().println("no file *.nc there, nothing was sent");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? Json.line(object(summary)) + "\n" : sentences(summary));
    out.flush();
  }

  private static Map<String, Object> object(PublishSummary summary) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("published", summary.published());
    object.put("records", summary.records());
    object.put("split", summary.split());
    object.put("parts", summary.parts());
    object.put("by_reference", summary.byReference());
    object.put("skipped", summary.skipped());
    object.put("skipped_parts", summary.skippedParts());
    object.put("unreadable", summary.unreadable());
    object.put("refused", summary.refused());
    object.put("bytes", summary.bytes());
    return object;
  }

  static String sentences(PublishSummary summary) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d files published, %.1f MB in %d records; %d skipped (sent before)%n",
            summary.published(),
            summary.bytes() / 1e6,
            summary.records(),
            summary.skipped()));
    line(
        text,
        summary.parts(),
        "of the records are parts; files that went in parts: %d",
        summary.split());
    line(text, summary.skippedParts(), "parts skipped (sent before)");
    line(text, summary.byReference(), "of the records only say where their file is");
    line(text, summary.unreadable(), "of the files cannot be read and become dead letters");
    line(text, summary.refused(), "of the files could not be sent, see above");
    return text.toString();
  }

  private static void line(StringBuilder text, int count, String what, Object... arguments) {
    if (count > 0) {
      text.append(count)
          .append(' ')
          .append(String.format(what, arguments))
          .append(String.format("%n"));
    }
  }

  /** Counts, and a bar of records with rate and time left where somebody looks at it. */
  private static final class Progress implements PublishListener, AutoCloseable {
    private final PrintWriter err;
    private final boolean endless;
    private final PublishMetrics counts;
    private Optional<ProgressBar> bar = Optional.empty();

    /**
     * @param endless when nobody knows how much there will be
     */
    Progress(PrintWriter err, boolean endless, PublishMetrics counts) {
      this.err = err;
      this.endless = endless;
      this.counts = counts;
    }

    @Override
    public void found(int files, long bytes) {
      if (bar.isEmpty() && Terminal.present()) {
        bar =
            Optional.of(
                new ProgressBarBuilder()
                    .setTaskName("publish")
                    .setUnit(" records", 1)
                    .setInitialMax(endless ? -1 : files)
                    .setStyle(ProgressBarStyle.ASCII)
                    .showSpeed()
                    .build());
      }
    }

    @Override
    public void indexed(Path file) {
      bar.ifPresent(b -> b.setExtraMessage("times of " + file.getFileName()));
    }

    @Override
    public void split(Path file, int parts) {
      if (!endless) {
        bar.ifPresent(b -> b.maxHint(b.getMax() + parts - 1));
      }
    }

    @Override
    public void acknowledged(Path file, long bytes) {
      counts.acknowledged(file, bytes);
      bar.ifPresent(b -> b.setExtraMessage(String.valueOf(file.getFileName())));
      bar.ifPresent(ProgressBar::step);
    }

    @Override
    public void skippedPart(Path file) {
      bar.ifPresent(ProgressBar::step);
    }

    @Override
    public void skipped(Path file, long bytes) {
      bar.ifPresent(ProgressBar::step);
    }

    @Override
    public void refused(Path file, String reason) {
      err.println(file + " is not sent: " + reason);
      counts.refused(file, reason);
      bar.ifPresent(ProgressBar::step);
    }

    @Override
    public void unreadable(Path file, String reason) {
      err.println(file + " will be a dead letter: " + reason);
      counts.unreadable(file, reason);
    }

    @Override
    public void close() {
      bar.ifPresent(ProgressBar::close);
    }
  }
}
