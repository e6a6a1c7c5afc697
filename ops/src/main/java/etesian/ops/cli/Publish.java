package etesian.ops.cli;

import etesian.ingest.kafka.PublishListener;
import etesian.ingest.kafka.PublishOptions;
import etesian.ingest.kafka.PublishSummary;
import etesian.ingest.kafka.Publisher;
import etesian.ops.run.BrokerContact;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
      "With --ledger a second call goes on where the first ended. A file that cannot be read is"
          + " sent all the same: the job makes it a dead letter, so that nothing is lost."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian publish era5/*.nc --dataset era5",
      "  etesian publish world --rate 4 --ledger world.ledger"
    })
final class Publish implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Brokers brokers;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, or folders of files.")
  private List<Path> paths;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description =
          "The granule topic; otherwise chosen by variable: sst to sst, all else to era5.")
  private String dataset;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "No more than R files a second (default: no limit).")
  private double rate;

  @Option(
      names = "--ledger",
      paramLabel = "FILE",
      description = "Notes what the brokers have acknowledged; what is in it is not sent again.")
  private Path ledger;

  @Option(
      names = "--json",
      description = "{published, skipped, unreadable, bytes} instead of a sentence.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PublishOptions options =
        new PublishOptions(Optional.ofNullable(dataset), rate, Optional.ofNullable(ledger));
    Properties client = new Properties();
    client.putAll(brokers.properties());
    BrokerContact.demand(client);
    PublishSummary summary;
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Publisher.settings(client), new ByteArraySerializer(), new ByteArraySerializer());
        Progress progress = new Progress(spec.commandLine().getErr())) {
      summary = new Publisher(producer, options, progress).publish(paths);
    }
    report(summary);
    return 0;
  }

  private void report(PublishSummary summary) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("published", summary.published());
      object.put("skipped", summary.skipped());
      object.put("unreadable", summary.unreadable());
      object.put("bytes", summary.bytes());
      out.println(Json.line(object));
      return;
    }
    out.printf(
        "%d files published, %.1f MB; %d skipped (in the ledger)%n",
        summary.published(), summary.bytes() / 1e6, summary.skipped());
    if (summary.unreadable() > 0) {
      out.printf("%d of them cannot be read and become dead letters%n", summary.unreadable());
    }
  }

  /** A bar with rate and time left; only where somebody looks at it. */
  private static final class Progress implements PublishListener, AutoCloseable {
    private final PrintWriter err;
    private ProgressBar bar;

    Progress(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void found(int files, long bytes) {
      if (Terminal.present()) {
        bar =
            new ProgressBarBuilder()
                .setTaskName("publish")
                .setUnit(" files", 1)
                .setInitialMax(files)
                .setStyle(ProgressBarStyle.ASCII)
                .showSpeed()
                .build();
      }
    }

    @Override
    public void published(Path file, long bytes) {
      step();
    }

    @Override
    public void skipped(Path file, long bytes) {
      step();
    }

    @Override
    public void unreadable(Path file, String reason) {
      err.println(file + " will be a dead letter: " + reason);
    }

    private void step() {
      if (bar != null) {
        bar.step();
      }
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }
}
