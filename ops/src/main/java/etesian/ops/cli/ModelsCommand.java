package etesian.ops.cli;

import etesian.operators.Weights;
import etesian.ops.models.History;
import etesian.ops.models.Throne;
import etesian.ops.plot.Phrases;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code models}: who serves, why, and how a person changes it. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Which weights serve each stream and why; puts others in their place.",
      "",
      "Every change is kept in the topic etesian.models, with its reason."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian models list -c etesian.yaml",
      "  etesian models show sst -c etesian.yaml",
      "  etesian models promote sst -c etesian.yaml --weights mine.safetensors --reason 'CMIP"
          + " start'",
      "  etesian models rollback sst -c etesian.yaml --reason 'cold bias since May'",
      "  etesian models sweep -c etesian.yaml"
    },
    subcommands = {
      ModelsCommand.ListThem.class,
      ModelsCommand.Show.class,
      ModelsChange.Promote.class,
      ModelsChange.Rollback.class,
      ModelsSweep.class
    })
final class ModelsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what to do: models list, show, promote, rollback or sweep");
  }

  private static void warn(PrintWriter err, History history) {
    history.unread().forEach(record -> err.println("passed by, cannot be read: " + record));
  }

  private static String why(History history, Champion champion) {
    String reason = history.reason(champion).map(ModelEvent::reason).orElse("-");
    String refusal = refusal(history, champion);
    return refusal.isEmpty() ? reason : refusal + "; " + reason;
  }

  private static String serves(History history, String stream) {
    return history.serving(stream).map(Champion::weightsSha256).orElse(null);
  }

  /** Who serves in the place of a champion that forecasts refuse; nothing when they do not. */
  private static String refusal(History history, Champion champion) {
    if (!history.isRefused(champion)) {
      return "";
    }
    String serves =
        history
            .serving(champion.stream())
            .map(one -> Phrases.brief(one.weightsSha256()) + " serves")
            .orElse("windows wait");
    return "refused, " + serves;
  }

  /** {@code models list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      versionProvider = Etesian.Version.class,
      description = "The champion of each stream, since when, and why.")
  static final class ListThem implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private ModelsPlace place;

    @Option(names = "--json", description = "As one JSON array.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      History history = History.read(place.kafka());
      warn(spec.commandLine().getErr(), history);
      Collection<String> streams = history.streams();
      if (json) {
        out.println(Json.pretty(streams.stream().map(name -> json(history, name)).toList()));
      } else if (streams.isEmpty()) {
        out.println("no stream has a champion yet; 'etesian run' gives it one");
      } else {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("STREAM", "MODEL", "WEIGHTS", "SINCE", "PARENT", "EVENTS", "REASON"));
        streams.forEach(name -> rows.add(row(history, name)));
        print(rows, out);
      }
      return 0;
    }

    private static List<String> row(History history, String name) {
      Optional<Champion> champion = history.champion(name);
      String events = Integer.toString(history.events(name).size());
      return champion
          .map(
              serving ->
                  List.of(
                      name,
                      serving.model(),
                      Phrases.brief(serving.weightsSha256()),
                      Throne.text(serving.effectiveFrom()),
                      Phrases.brief(serving.parent()),
                      events,
                      why(history, serving)))
          .orElse(List.of(name, "-", "-", "-", "-", events, "no champion"));
    }

    private static void print(List<List<String>> rows, PrintWriter out) {
      for (List<String> row : rows) {
        StringBuilder line = new StringBuilder(row.get(0));
        for (int i = 1, end = 0; i < row.size(); i++) {
          int before = i - 1;
          end += 2 + rows.stream().mapToInt(each -> each.get(before).length()).max().orElse(0);
          line.append(" ".repeat(end - line.length())).append(row.get(i));
        }
        out.println(line);
      }
    }

    private static Map<String, Object> json(History history, String name) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("stream", name);
      json.put("champion", history.champion(name).map(Json::members).orElse(null));
      json.put("serves", serves(history, name));
      json.put(
          "reason",
          history.champion(name).flatMap(history::reason).map(ModelEvent::reason).orElse(null));
      json.put("events", history.events(name).size());
      return json;
    }
  }

  /** {@code models show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      versionProvider = Etesian.Version.class,
      description = {
        "Who served a stream from when on, and everything that happened to its weights, with the"
            + " numbers behind it.",
        "",
        "With -c also what the header of the champion's file says."
      })
  static final class Show implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private ModelsPlace place;

    @Parameters(paramLabel = "STREAM", description = "Its name.")
    private String stream;

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
      History history = History.read(place.kafka());
      warn(spec.commandLine().getErr(), history);
      if (!history.streams().contains(stream)) {
        throw new IllegalArgumentException(
            "nothing is known of a stream '%s'; there are %s"
                .formatted(stream, history.streams().isEmpty() ? "none" : history.streams()));
      }
      Optional<Champion> champion = history.champion(stream);
      Map<String, String> header = champion.map(this::header).orElse(Map.of());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("stream", stream);
        all.put("champion", champion.map(Json::members).orElse(null));
        all.put("serves", serves(history, stream));
        all.put("metadata", header.isEmpty() ? null : header);
        all.put("events", history.events(stream).stream().map(Json::members).toList());
        out.println(Json.pretty(all));
      } else {
        champion.ifPresent(newest -> timeline(history, newest, out));
        header.forEach((key, value) -> out.printf("  %s = %s%n", key, value));
        out.println("events");
        history.events(stream).forEach(event -> out.println(text(event)));
      }
      return 0;
    }

    private Map<String, String> header(Champion serving) {
      Optional<WeightsStore> store = place.store();
      if (store.isEmpty()) {
        return Map.of();
      }
      try {
        Weights weights = store.get().get(serving.weightsSha256());
        return new TreeMap<>(weights.metadata());
      } catch (RuntimeException e) {
        spec.commandLine().getErr().println(e.getMessage());
        return Map.of();
      }
    }

    private static void timeline(History history, Champion newest, PrintWriter out) {
      out.println("champions");
      for (Champion before : newest.before()) {
        out.println(text(before));
      }
      String refusal = refusal(history, newest);
      out.println(text(newest) + "  " + (refusal.isEmpty() ? "serves" : refusal));
      out.println("weights " + newest.weightsSha256());
    }

    private static String text(Champion champion) {
      return "  from %s  %s  %s"
          .formatted(
              Throne.text(champion.effectiveFrom()),
              champion.model(),
              Phrases.brief(champion.weightsSha256()));
    }

    private static String text(ModelEvent event) {
      String evidence =
          event.evidence().entrySet().stream()
              .map(e -> String.format(Locale.ROOT, "%s=%.4g", e.getKey(), e.getValue()))
              .collect(Collectors.joining("  "));
      return "  %s  %-11s  %s  %s%s%s"
          .formatted(
              event.at(),
              event.event().text(),
              Phrases.brief(event.weightsSha256()),
              (event.event() == ModelEvent.Kind.REFUSED && event.by() != null
                      ? event.by() + ": "
                      : "")
                  + event.reason(),
              event.parent() == null ? "" : "; parent " + Phrases.brief(event.parent()),
              evidence.isEmpty() ? "" : System.lineSeparator() + "      " + evidence);
    }
  }
}
