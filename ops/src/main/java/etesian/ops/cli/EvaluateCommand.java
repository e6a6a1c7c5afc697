package etesian.ops.cli;

import etesian.ingest.field.Field;
import etesian.operators.Devices;
import etesian.ops.evaluate.Evaluation;
import etesian.ops.evaluate.FieldSeries;
import etesian.ops.evaluate.OfflineModel;
import etesian.ops.plot.Phrases;
import etesian.ops.plot.SkillPlots;
import etesian.ops.run.DataFiles;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.verify.Score;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how skilful weights are on files. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Lets weights forecast from every time of NetCDF files and prints how right they were by lead,"
          + " beside persistence, climatology and damped anomaly persistence: the scores that the"
          + " stream would give, by the same rules.",
      "",
      "The header of the weights says what they forecast; with -c the stream of the settings counts,"
          + " with its issue times, leads and regridding. The references learn from the first field"
          + " on, so give them some past: what is scored begins with --from."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian evaluate --weights mine.safetensors --data sst.nc --leads 1,4,12",
      "  etesian evaluate --weights mine.safetensors --data archive/ --plot pictures",
      "  etesian evaluate --weights mine.safetensors --data archive/ --json | jq .variables[0].leads"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private OfflineOptions offline;

  @Option(
      names = "--leads",
      paramLabel = "N",
      split = ",",
      description =
          "Leads to verify, in steps (default: those of the settings; else up to 12, or up to the"
              + " horizon of a model that has one).")
  private List<Integer> leads = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "First issue time that is scored (default: issue_from of the settings; else the last time"
              + " that the weights were trained on; else the first).")
  private Instant from;

  @Option(
      names = "--plot",
      paramLabel = "DIR",
      description = "Also write pictures there: skill by lead, and maps of the errors.")
  private Path plot;

  @Option(names = "--json", description = "As one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Devices.setThreads(Runtime.getRuntime().availableProcessors());
    OfflineModel model = offline.model();
    List<Field> fields = new DataFiles(offline.data(), err::println).fields();
    StreamSettings stream = offline.stream(model, fields, leads);
    Evaluation evaluation = new Evaluation(model, new FieldSeries(stream, fields), plot != null);
    Evaluation.Result result;
    try (WorkBar bar = new WorkBar(err, "evaluating " + Phrases.brief(model.sha256()))) {
      result = evaluation.run(first(stream, evaluation), bar::at);
    }
    out.print(json ? Json.pretty(json(result)) + System.lineSeparator() : text(result));
    out.flush();
    if (plot != null) {
      new SkillPlots(plot, err::println).draw(result);
    }
    return 0;
  }

  private Instant first(StreamSettings stream, Evaluation evaluation) {
    if (from != null) {
      return from;
    }
    return stream.issueFrom().equals(StreamSettings.FROM_THE_FIRST)
        ? evaluation.unseenFrom()
        : stream.issueFrom();
  }

  private static String text(Evaluation.Result result) {
    StringBuilder table = new StringBuilder();
    for (Evaluation.Skill skill : result.skill()) {
      table.append(
          String.format(
              "%s [%s] by %s %s, %d issue times from %s to %s%s%n",
              skill.variable().name(),
              skill.variable().units(),
              result.stream().model(),
              Phrases.brief(result.weightsSha256()),
              result.issueTimes(),
              result.from(),
              result.to(),
              result.trainedOn() ? ", which the weights have learned from" : ""));
      table.append(
          "                                              rmse of                        skill"
              + " against%n".formatted());
      table.append(
          "  lead      n      rmse       mae      bias    acc  persist.  climatol.    damped"
              + "  persist. climatol.   damped%n".formatted());
      for (Score score : skill.scores()) {
        table.append(
            String.format(
                Locale.ROOT,
                "  %4d %6d %9.4f %9.4f %9.4f %6s %9s %10s %9s %9s %9s %8s%n",
                score.lead(),
                score.n(),
                score.rmse(),
                score.mae(),
                score.bias(),
                number(score.acc(), 3),
                number(score.rmsePersistence(), 4),
                number(score.rmseClimatology(), 4),
                number(score.rmseDamped(), 4),
                number(score.skillPersistence(), 3),
                number(score.skillClimatology(), 3),
                number(score.skillDamped(), 3)));
      }
      if (skill.scores().isEmpty()) {
        table.append("  nothing verified: no field at the valid time of a forecast\n");
      }
    }
    return table.toString();
  }

  private static String number(Double value, int digits) {
    return value == null ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static Map<String, Object> json(Evaluation.Result result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", result.stream().model());
    json.put("weights_sha256", result.weightsSha256());
    json.put("step", result.stream().step().toString());
    json.put("grid", result.stream().grid().toString());
    json.put("first_issue_time", result.from());
    json.put("last_issue_time", result.to());
    json.put("issue_times", result.issueTimes());
    json.put("trained_on", result.trainedOn());
    List<Object> variables = new ArrayList<>();
    for (Evaluation.Skill skill : result.skill()) {
      Map<String, Object> variable = new LinkedHashMap<>();
      variable.put("variable", skill.variable().name());
      variable.put("units", skill.variable().units());
      variable.put("leads", skill.scores().stream().map(EvaluateCommand::json).toList());
      variables.add(variable);
    }
    json.put("variables", variables);
    return json;
  }

  /** What the topic of the scores says too, by the same names. */
  private static Map<String, Object> json(Score score) {
    Map<String, Object> all = Json.members(score);
    Map<String, Object> some = new LinkedHashMap<>();
    for (String name :
        List.of(
            "lead",
            "n",
            "rmse",
            "mae",
            "bias",
            "acc",
            "skill_persistence",
            "skill_climatology",
            "skill_damped",
            "rmse_persistence",
            "rmse_climatology",
            "rmse_damped",
            "regions")) {
      if (all.get(name) != null) {
        some.put(name, all.get(name));
      }
    }
    return some;
  }
}
