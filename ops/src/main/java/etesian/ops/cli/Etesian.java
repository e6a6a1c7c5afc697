package etesian.ops.cli;

import etesian.pipeline.settings.SettingsException;
import java.io.PrintWriter;
import java.util.Objects;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code etesian}: the root of all commands. A new command is one more class in the list below. */
@Command(
    name = "etesian",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Reanalysis as a stream: ERA5 and SST NetCDF in, scored neural forecasts out.",
    footerHeading = "%nTo begin with:%n",
    footer = {
      "  etesian demo                          watch forecasts of a simulated world be scored",
      "  etesian sample world --days 30        write a month of a simulated world",
      "  etesian inspect world/*.nc            see what the reader sees",
      "  etesian doctor                        check this machine",
      "  etesian COMMAND --help                what a command does, with examples"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:something is not: a file could not be read, a check or a case failed",
      "2:the command was not understood"
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      PackageCommand.class,
      TrainCommand.class,
      LearnCommand.class,
      EvaluateCommand.class,
      ForecastCommand.class,
      Fetch.class,
      Inspect.class,
      Publish.class,
      Consume.class,
      ConsoleCommand.class,
      ModelsCommand.class,
      DeadLettersCommand.class,
      ConformanceCommand.class,
      Bench.class,
      Compare.class,
      Example.class,
      Sample.class,
      Doctor.class,
      AutoComplete.GenerateCompletion.class
    })
public final class Etesian implements Runnable {
  /** Before each of several problems, so that it stands on a line of its own. */
  private static final String EACH = System.lineSeparator() + "  - ";

  @Spec private CommandSpec spec;

  @Option(
      names = "--trace",
      scope = ScopeType.INHERIT,
      description = "On failure, print where in the code it happened.")
  private boolean trace;

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, ready to execute or to be tested. */
  public static CommandLine commandLine() {
    Etesian root = new Etesian();
    return new CommandLine(root)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(root::report);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is needed");
  }

  private int report(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    String message =
        failure instanceof SettingsException settings
            ? "settings:" + EACH + String.join(EACH, settings.problems())
            : Objects.requireNonNullElse(failure.getMessage(), failure.toString());
    err.println(
        command
            .getColorScheme()
            .errorText(command.getCommandSpec().qualifiedName() + ": " + message));
    if (trace) {
      failure.printStackTrace(err);
    } else if (unexpected(failure)) {
      err.println("(a bug, it seems: " + failure + "; --trace shows where)");
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static boolean unexpected(Exception failure) {
    return failure instanceof NullPointerException
        || failure instanceof ClassCastException
        || failure instanceof IndexOutOfBoundsException;
  }

  /** The version of the jar, with what it runs on. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "etesian " + number(),
        "Java ${java.version} (${java.vendor}), ${os.name} ${os.version} ${os.arch}"
      };
    }

    static String number() {
      return Objects.requireNonNullElse(
          Etesian.class.getPackage().getImplementationVersion(), "not packaged");
    }
  }
}
