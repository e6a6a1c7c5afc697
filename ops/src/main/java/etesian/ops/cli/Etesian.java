package etesian.ops.cli;

import etesian.pipeline.settings.SettingsException;
import etesian.pipeline.storage.FileSystems;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code etesian}: the root of all commands. A new command is one more class in the list below. */
@Command(
    name = "etesian",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Reanalysis as a stream: ERA5 and SST NetCDF in, scored neural forecasts out.",
    footerHeading = "%nTo begin with:%n",
    footer = {
      "  etesian demo                          forecasts of a simulated world, scored as they come",
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
    CommandLine etesian = commandLine();
    etesian.setOut(etesian.getOut());
    // Libraries print to standard output too: NetCDF-Java what it skips, in the midst of our JSON.
    System.setOut(System.err);
    System.exit(etesian.execute(arguments));
  }

  /** The command line, ready to execute or to be tested. */
  public static CommandLine commandLine() {
    Etesian root = new Etesian();
    return new CommandLine(root)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Duration.class, Etesian::duration)
        .setUsageHelpAutoWidth(true)
        .setHelpFactory(ExamplesAsTheyAre::new)
        .setExecutionStrategy(Etesian::execute)
        .setParameterExceptionHandler((failure, arguments) -> explain(failure))
        .setExecutionExceptionHandler(root::report);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw new ParameterException(spec.commandLine(), "a command is needed");
  }

  private static int execute(ParseResult parsed) {
    FileSystems.know(System.getenv());
    return new RunLast().execute(parsed);
  }

  private static Duration duration(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'%s' is no duration; write PT10S, PT5M or P1D".formatted(text));
    }
  }

  /** What was not understood, in one line: the whole help would push it off the screen. */
  private static int explain(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(command.getColorScheme().errorText(name + ": " + failure.getMessage()));
    if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
      err.printf("'%s --help' shows what it takes%n", name);
    }
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private int report(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    String message =
        failure instanceof SettingsException settings
            ? "settings:" + EACH + String.join(EACH, settings.problems())
            : said(failure);
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

  /** Of a file that cannot be had Java often tells the name alone. */
  static String said(Exception failure) {
    Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
    boolean bare = cause == failure || cause.toString().equals(failure.getMessage());
    String message =
        Objects.requireNonNullElse((bare ? cause : failure).getMessage(), failure.toString());
    if (cause instanceof FileSystemException file && file.getReason() != null) {
      return bare ? message : message + ": " + file.getReason();
    }
    if (cause instanceof NoSuchFileException) {
      return message + ": no such file or folder";
    }
    if (cause instanceof AccessDeniedException) {
      return message + ": permission denied";
    }
    return cause instanceof FileAlreadyExistsException
        ? message + ": there is a file of that name"
        : message;
  }

  private static boolean unexpected(Exception failure) {
    return failure instanceof NullPointerException
        || failure instanceof ClassCastException
        || failure instanceof IndexOutOfBoundsException;
  }

  /** Help whose examples stay on their lines, to be copied. */
  private static final class ExamplesAsTheyAre extends Help {
    private ExamplesAsTheyAre(CommandSpec spec, ColorScheme colours) {
      super(spec, colours);
    }

    @Override
    public String footer(Object... parameters) {
      return Arrays.stream(commandSpec().usageMessage().footer())
          .map(line -> line.formatted(parameters) + System.lineSeparator())
          .collect(Collectors.joining());
    }
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
