package etesian.ops.evaluate;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Variable;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.verify.Score;
import etesian.pipeline.verify.SeriesVerifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;

/**
 * How skilful weights are on a series: they forecast from every issue time, each forecast knowing
 * the fields up to its issue time and no other; {@link SeriesVerifier} judges them as the stream
 * does, beside references that learn from the first field of the series on, and never from later
 * ones than they may know.
 */
public final class Evaluation {
  /** Rollouts that advance together: enough for a device, little enough for memory. */
  private static final int BATCH = 32;

  private final OfflineModel model;
  private final FieldSeries series;
  private final boolean maps;

  /**
   * @param maps whether errors are kept cell by cell
   */
  public Evaluation(OfflineModel model, FieldSeries series, boolean maps) {
    this.model = model;
    this.series = series;
    this.maps = maps;
  }

  /**
   * What came of one variable.
   *
   * @param scores by lead, ascending; a lead that no observation was there for is missing
   * @param errors by lead; empty unless they were asked for
   */
  public record Skill(Variable variable, List<Score> scores, SortedMap<Integer, ErrorMap> errors) {}

  /**
   * What came of all.
   *
   * @param from first issue time, {@code to} the last one
   * @param trainedOn whether the weights have learned from times after the first issue time
   */
  public record Result(
      StreamSettings stream,
      String weightsSha256,
      Instant from,
      Instant to,
      int issueTimes,
      boolean trainedOn,
      List<Skill> skill) {}

  /**
   * The first issue time that counts when nobody asks for one: the last time that the weights have
   * learned from, if the series goes on after it, else the beginning.
   */
  public Instant unseenFrom() {
    List<Instant> times = series.times();
    Instant last = times.get(times.size() - 1);
    return model
        .trainedUntil()
        .filter(until -> until.isBefore(last))
        .or(() -> Optional.of(times.get(0)))
        .get();
  }

  /**
   * @param from first issue time that counts
   * @param progress told the share that is done
   */
  public Result run(Instant from, DoubleConsumer progress) {
    StreamSettings stream = series.stream();
    int last = Collections.max(stream.verifyLeads());
    List<Judge> judges = new ArrayList<>();
    for (Field field : series.at(series.times().get(0))) {
      judges.add(new Judge(field.frame().variable()));
    }
    List<Instant> times = series.times();
    List<Instant> issued = new ArrayList<>();
    try (OfflineModel.Loaded loaded = model.load(stream)) {
      for (int at = 0; at < times.size(); at += BATCH) {
        List<Instant> some = times.subList(at, Math.min(times.size(), at + BATCH));
        List<Instant> issues =
            some.stream().filter(t -> !t.isBefore(from) && series.issuesAt(t)).toList();
        Map<Instant, List<Forecast>> forecasts = new HashMap<>();
        if (!issues.isEmpty()) {
          List<List<Forecast>> made = loaded.forecast(series, issues, last);
          for (int i = 0; i < issues.size(); i++) {
            forecasts.put(issues.get(i), made.get(i));
          }
        }
        issued.addAll(issues);
        some.forEach(time -> judge(judges, time, forecasts.get(time)));
        progress.accept((double) (at + some.size()) / times.size());
      }
    }
    Check.that(
        !issued.isEmpty(),
        "no forecast from %s on: none of the %d times of the data, %s to %s, is an issue time with"
            + " %d fields a step of %s apart up to it",
        from,
        times.size(),
        times.get(0),
        times.get(times.size() - 1),
        stream.history(),
        stream.step());
    return new Result(
        stream,
        model.sha256(),
        issued.get(0),
        issued.get(issued.size() - 1),
        issued.size(),
        model.trainedUntil().filter(issued.get(0)::isBefore).isPresent(),
        judges.stream().map(Judge::skill).toList());
  }

  private void judge(List<Judge> judges, Instant time, List<Forecast> issued) {
    List<Field> fields = series.at(time);
    for (int variable = 0; variable < judges.size(); variable++) {
      judges
          .get(variable)
          .next(
              fields.get(variable),
              issued == null ? Optional.empty() : Optional.of(issued.get(variable)));
    }
  }

  /** What is known of one variable so far. */
  private final class Judge {
    private final Variable variable;
    private final SeriesVerifier verifier = new SeriesVerifier(series.stream());
    private final SortedMap<Integer, Score> scores = new TreeMap<>();
    private final SortedMap<Integer, ErrorMap> errors = new TreeMap<>();
    private final Map<Instant, List<Forecast.Step>> waiting = new HashMap<>();

    Judge(Variable variable) {
      this.variable = variable;
    }

    void next(Field field, Optional<Forecast> issued) {
      for (Score score : verifier.next(field, issued)) {
        scores.put(score.lead(), score); // sums up those before
      }
      if (maps) {
        map(field, issued);
      }
    }

    private void map(Field field, Optional<Forecast> issued) {
      List<Forecast.Step> steps = waiting.remove(field.frame().validAt());
      for (Forecast.Step step : steps == null ? List.<Forecast.Step>of() : steps) {
        errors
            .computeIfAbsent(step.lead(), lead -> new ErrorMap(series.grid().cells()))
            .add(step.values(), field);
      }
      for (Forecast.Step step : issued.map(Forecast::steps).orElse(List.of())) {
        if (series.stream().verifyLeads().contains(step.lead())) {
          waiting.computeIfAbsent(step.validAt(), time -> new ArrayList<>()).add(step);
        }
      }
    }

    Skill skill() {
      return new Skill(variable, List.copyOf(scores.values()), errors);
    }
  }
}
