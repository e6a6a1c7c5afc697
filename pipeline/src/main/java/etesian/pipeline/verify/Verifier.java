package etesian.pipeline.verify;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.settings.StreamSettings;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is verified, when, and how; knows nothing of state and timers. */
final class Verifier implements Serializable {
  private static final long serialVersionUID = 1L;

  private final StreamSettings stream;
  private final double[] weights;

  Verifier(StreamSettings stream) {
    this.stream = stream;
    this.weights = Cells.weights(stream.grid());
  }

  /** References that have learned nothing yet. */
  References newReferences() {
    return new References(Harmonics.forStep(stream.step()), stream.grid().cells());
  }

  /** The steps of a forecast whose leads are verified. */
  List<PendingStep> stepsToVerify(Forecast forecast) {
    Check.that(
        forecast.grid().equals(stream.grid()),
        "stream %s: a forecast on %s, expected %s",
        stream.name(),
        forecast.grid(),
        stream.grid());
    List<PendingStep> steps = new ArrayList<>();
    for (Forecast.Step step : forecast.steps()) {
      if (stream.verifyLeads().contains(step.lead())) {
        steps.add(
            new PendingStep(
                step.lead(),
                forecast.issueTime(),
                step.validAt(),
                forecast.revision(),
                forecast.model(),
                forecast.weightsSha256(),
                step.values(),
                null));
      }
    }
    return steps;
  }

  /** The leads that are verified, ascending. */
  List<Integer> leads() {
    return stream.verifyLeads().stream().sorted().toList();
  }

  /** Whether a time lies on the steps of the series, so that a forecast may be valid at it. */
  boolean isOnStep(Instant time) {
    return stream.timeAfter(time, 0).equals(time);
  }

  /** The valid time of a lead. */
  Instant validAt(Instant issueTime, int lead) {
    return stream.timeAfter(issueTime, lead);
  }

  /** Whether what is valid at a time is too old to count when event time has come to another. */
  boolean isTooLate(Instant validAt, Instant passed) {
    return validAt.isBefore(stream.oldestThatCounts(passed));
  }

  /** When what is valid at a time counts no longer. */
  Instant letGoAt(Instant validAt) {
    return stream.timeAfter(validAt, stream.retention());
  }

  /** What counts no longer from a time on: the inverse of {@link #letGoAt}. */
  Instant letGoAfter(Instant time) {
    return stream.timeAfter(time, -stream.retention());
  }

  /**
   * For each verified lead the time that many steps before, counted from the anchor so that months
   * of different length line up; none for a time that is off the step.
   */
  SortedMap<Integer, Instant> timesBefore(Instant time) {
    SortedMap<Integer, Instant> times = new TreeMap<>();
    long index = stream.step().indexOf(stream.anchor(), time);
    if (stream.step().plus(stream.anchor(), index).equals(time)) {
      for (int lead : stream.verifyLeads()) {
        times.put(lead, stream.step().plus(stream.anchor(), index - lead));
      }
    }
    return times;
  }

  /** The oldest time whose anomaly an observation after this time may ask for. */
  Instant oldestNeededAfter(Instant time) {
    int longest = stream.verifyLeads().isEmpty() ? 0 : Collections.max(stream.verifyLeads());
    long next = stream.step().indexOf(stream.anchor(), time) + 1;
    return stream.step().plus(stream.anchor(), next - longest);
  }

  /**
   * Compares a step with its observation.
   *
   * @return empty when they have no cell in common
   */
  Optional<PairStatistics> compare(PendingStep step, Field observation) {
    return PairStatistics.of(step.values(), observation.toArray(), step.references(), weights);
  }

  /**
   * What is told of a pair.
   *
   * @param match the pair, added to the table
   * @param all pairs of its row
   */
  Score score(PendingStep step, Field observation, Match match, PairStatistics all) {
    PairStatistics pair = match.pair();
    return new Score(
        stream.name(),
        stream.variable(),
        stream.units(),
        step.lead(),
        Duration.between(step.issueTime(), step.validAt()),
        step.issueTime(),
        step.validAt(),
        step.model(),
        step.weightsSha256(),
        step.revision(),
        observation.revision(),
        match.revision(),
        all.pairs(),
        pair.cells(),
        all.rmse(),
        all.mae(),
        all.bias(),
        all.acc(),
        all.persistence().skill(),
        all.climatology().skill(),
        all.damped().skill(),
        all.persistence().rmse(),
        all.climatology().rmse(),
        all.damped().rmse(),
        new Score.Sample(pair.rmse(), pair.mae(), pair.bias(), pair.acc()));
  }
}
