package etesian.ops.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Origin;
import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.ingest.netcdf.Granule;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.netcdf.Refusal;
import etesian.ingest.wire.ForecastNetcdf;
import etesian.ingest.wire.Sha256;
import etesian.pipeline.decode.DecodeGranules;
import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All topics read back after a run, with nothing but what a consumer has. */
public final class Findings {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<StreamSettings> streams;
  private final Due due;
  private final List<Due.Step> steps = new ArrayList<>();
  private final Map<String, String> weights = new HashMap<>();
  private final Map<List<String>, Map<Integer, Report.Lead>> leads = new HashMap<>();
  private long granules;
  private long fields;
  private long scores;
  private long deadLetters;

  private Findings(List<StreamSettings> streams) {
    this.streams = streams;
    this.due = new Due(streams);
  }

  /** Reads every topic of these streams to its end. */
  public static Findings read(KafkaSettings kafka, List<StreamSettings> streams) {
    Findings findings = new Findings(streams);
    GranuleReader reader = new GranuleReader();
    streams.stream()
        .map(StreamSettings::dataset)
        .distinct()
        .forEach(
            dataset ->
                TopicReader.each(
                    kafka.client(),
                    Topics.granules(dataset),
                    record -> findings.granule(reader, dataset, record.value())));
    TopicReader.each(kafka.client(), Topics.FORECASTS, record -> findings.forecast(record.value()));
    TopicReader.each(kafka.client(), Topics.SCORES, record -> findings.score(record.value()));
    TopicReader.each(kafka.client(), Topics.DEAD_LETTERS, record -> findings.deadLetters++);
    return findings;
  }

  private void granule(GranuleReader reader, String dataset, byte[] value) {
    granules++;
    try {
      Granule granule = reader.read(value, "granule", new Origin(Sha256.hex(value), ""));
      for (Field field : DecodeGranules.inTime(granule)) {
        fields++;
        due.published(dataset, field);
      }
    } catch (Refusal refused) {
      // A dead letter: nothing is due for it.
    }
  }

  private void forecast(byte[] value) {
    try {
      Forecast forecast = ForecastNetcdf.read(value);
      for (Forecast.Step step : forecast.steps()) {
        steps.add(
            new Due.Step(
                forecast.stream(),
                forecast.variable().name(),
                forecast.issueTime(),
                step.lead(),
                forecast.revision()));
      }
      weights.put(forecast.stream(), forecast.weightsSha256());
    } catch (Refusal unreadable) {
      throw new IllegalStateException("a forecast that cannot be read back", unreadable);
    }
  }

  private void score(byte[] value) {
    scores++;
    try {
      JsonNode score = JSON.readTree(value);
      int lead = score.get("lead").asInt();
      leads
          .computeIfAbsent(
              List.of(score.get("stream").asText(), score.get("variable").asText()),
              key -> new TreeMap<>())
          .put(
              lead,
              new Report.Lead(
                  lead,
                  score.get("n").asLong(),
                  score.get("rmse").asDouble(),
                  score.get("bias").asDouble(),
                  number(score, "acc"),
                  number(score, "skill_persistence"),
                  number(score, "skill_climatology"),
                  number(score, "skill_damped")));
    } catch (IOException e) {
      throw new UncheckedIOException("a score that is not JSON", e);
    }
  }

  private static Double number(JsonNode score, String name) {
    JsonNode value = score.get(name);
    return value == null || value.isNull() ? null : value.asDouble();
  }

  /** What the granules that were read make due. */
  Due due() {
    return due;
  }

  /**
   * @param wallSeconds as the report has it
   * @param firstForecastSeconds likewise; null when nobody looked
   */
  public Report report(double wallSeconds, Double firstForecastSeconds) {
    Due.Balance balance = due.against(steps);
    List<Report.Stream> reports = new ArrayList<>();
    for (StreamSettings stream : streams) {
      for (StreamVariable variable : stream.variables()) {
        List<String> key = List.of(stream.name(), variable.name());
        reports.add(
            new Report.Stream(
                stream.name(),
                stream.model(),
                variable.name(),
                List.of(stream.grid().rows(), stream.grid().columns()),
                stream.step().toString(),
                stream.horizon(),
                steps.stream().filter(s -> List.of(s.stream(), s.variable()).equals(key)).count(),
                weights.get(stream.name()),
                List.copyOf(leads.getOrDefault(key, Map.of()).values())));
      }
    }
    return new Report(
        wallSeconds,
        firstForecastSeconds,
        granules,
        fields,
        balance.found(),
        scores,
        deadLetters,
        balance.lost(),
        balance.duplicates(),
        reports);
  }
}
