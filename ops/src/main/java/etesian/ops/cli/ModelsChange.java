package etesian.ops.cli;

import etesian.operators.Devices;
import etesian.ops.models.Throne;
import etesian.ops.models.Throne.Change;
import etesian.ops.plot.Phrases;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code models promote} and {@code models rollback}: other weights in the champion's place. */
final class ModelsChange {
  private ModelsChange() {}

  /** What both ask. */
  private static final class Wish {
    @Mixin private ModelsPlace place;

    @Parameters(paramLabel = "STREAM", description = "Its name in the settings.")
    private String stream;

    @Option(
        names = "--effective-from",
        paramLabel = "TIME",
        converter = TimeConverter.class,
        description =
            "First issue time that they serve, for instance 2026-01-31 or 2026-01-31T06:00:00Z"
                + " (default: the next that no forecast was issued for).")
    private Instant from;

    @Option(
        names = "--past-unreadable",
        description =
            "Go on although records of the stream cannot be read, as the job does. First look"
                + " whether the job's version is newer than this one.")
    private boolean pastUnreadable;

    @Option(names = "--json", description = "The event as it was written.")
    private boolean json;

    private Throne throne() throws IOException {
      WeightsStore store = place.demandedStore();
      StreamSettings settings = place.stream(stream);
      Devices.setThreads(1);
      Throne throne = new Throne(place.kafka(), store, settings, Clock.systemUTC());
      return pastUnreadable ? throne.pastUnreadable() : throne;
    }

    private Optional<Instant> from() {
      return Optional.ofNullable(from);
    }

    private int report(Change change, PrintWriter out) {
      out.println(
          json
              ? change.event().toJson()
              : "%s: %s serves from %s on%s"
                  .formatted(
                      stream,
                      Phrases.brief(change.now().weightsSha256()),
                      Throne.text(change.now().effectiveFrom()),
                      change.before() == null
                          ? ""
                          : ", before %s"
                              .formatted(Phrases.brief(change.before().weightsSha256()))));
      return 0;
    }
  }

  /** {@code models promote}. */
  @Command(
      name = "promote",
      mixinStandardHelpOptions = true,
      versionProvider = Etesian.Version.class,
      description = {
        "Makes weights the champion of a stream. They are loaded as the job loads them and forecast"
            + " once before anything is written; then the file goes into the folder of the weights,"
            + " and the event and the champion to their topics, both or neither.",
        "",
        "A job that runs takes them over for the issue times from --effective-from on; rollouts"
            + " that run keep theirs, and forecasts that were issued stay as they are."
      },
      footerHeading = "%nExample:%n",
      footer = {
        "  etesian evaluate --weights mine.safetensors --data archive/",
        "  etesian models promote sst -c etesian.yaml --weights mine.safetensors"
      })
  static final class Promote implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Wish wish;

    @Option(
        names = "--weights",
        paramLabel = "FILE|SHA256",
        required = true,
        description =
            "A .safetensors file, or the SHA-256 of one in the folder of the weights; its beginning"
                + " is enough.")
    private String weights;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        defaultValue = "promoted by hand",
        description = "For those who read it later (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Override
    public Integer call() throws IOException {
      return wish.report(
          wish.throne().promote(weights, wish.from(), reason), spec.commandLine().getOut());
    }
  }

  /** {@code models rollback}. */
  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      versionProvider = Etesian.Version.class,
      description = {
        "Puts the champion before the present one back in its place, from the next issue time on.",
        "",
        "A second rollback undoes the first; further back goes 'models promote --weights SHA256'."
      },
      footerHeading = "%nExample:%n",
      footer = "  etesian models rollback sst -c etesian.yaml --reason 'cold bias since May'")
  static final class Rollback implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Wish wish;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        defaultValue = "rolled back by hand",
        description = "For those who read it later (default: ${DEFAULT-VALUE}).")
    private String reason;

    @Override
    public Integer call() throws IOException {
      return wish.report(wish.throne().rollBack(wish.from(), reason), spec.commandLine().getOut());
    }
  }
}
