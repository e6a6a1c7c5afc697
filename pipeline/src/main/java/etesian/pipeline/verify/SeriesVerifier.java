package etesian.pipeline.verify;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Verifies forecasts of one variable of a stream whose observations are all there, time by time,
 * exactly as {@link VerifyForecasts} does when nothing comes late: what is valid now is scored, the
 * references learn, what is issued now gets what the references say. Mutable, for one thread.
 */
public final class SeriesVerifier {
  private final Verifier verifier;
  private final References references;
  private final SkillTable table = new SkillTable();
  private final NavigableMap<Instant, SortedMap<Integer, PendingStep>> steps = new TreeMap<>();
  private final NavigableMap<Instant, float[]> anomalies = new TreeMap<>();
  private Instant passed = Instant.MIN;

  public SeriesVerifier(StreamSettings stream) {
    verifier = new Verifier(stream);
    references = verifier.newReferences();
  }

  /**
   * The next time of the series.
   *
   * @param field the observation, later than that of the call before
   * @param issued the forecast whose issue time it is; may be there for some times only
   * @return a score for each lead that ends now, which sums up all since the first
   */
  public List<Score> next(Field field, Optional<Forecast> issued) {
    Field observation = verifier.onGrid(field);
    Instant now = observation.frame().validAt();
    Check.that(now.isAfter(passed), "a field at %s after one at %s", now, passed);
    passed = now;
    List<Score> scores = score(observation, now);
    float[] observed = observation.toArray();
    float[] anomaly = references.learn(now, observed, earlier(now));
    anomalies.put(now, anomaly);
    anomalies.headMap(verifier.oldestNeededAfter(now), false).clear();
    issued.ifPresent(forecast -> send(forecast, observed, anomaly));
    return scores;
  }

  private List<Score> score(Field observation, Instant now) {
    List<Score> scores = new ArrayList<>();
    for (PendingStep step : steps.getOrDefault(now, new TreeMap<>()).values()) {
      verifier
          .compare(step, observation, 0)
          .ifPresent(
              match -> scores.add(verifier.score(step, observation, match, table.add(match))));
    }
    steps.headMap(now, true).clear();
    return scores;
  }

  private Map<Integer, float[]> earlier(Instant now) {
    Map<Integer, float[]> earlier = new HashMap<>();
    verifier
        .timesBefore(now)
        .forEach(
            (lead, time) -> {
              if (anomalies.containsKey(time)) {
                earlier.put(lead, anomalies.get(time));
              }
            });
    return earlier;
  }

  private void send(Forecast forecast, float[] observed, float[] anomaly) {
    Check.that(
        forecast.issueTime().equals(passed),
        "a forecast issued at %s with the field at %s",
        forecast.issueTime(),
        passed);
    for (PendingStep step : verifier.stepsToVerify(forecast)) {
      steps
          .computeIfAbsent(step.validAt(), time -> new TreeMap<>())
          .put(
              step.lead(),
              step.with(references.forecast(step.lead(), step.validAt(), observed, anomaly)));
    }
  }
}
