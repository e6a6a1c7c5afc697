package etesian.pipeline.verify;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.settings.StreamSettings;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is verified, when, and how; knows nothing of state and timers. */
final class Verifier implements Serializable {
  private static final long serialVersionUID = 1L;

  private final StreamSettings stream;
  private transient Here here;

  Verifier(StreamSettings stream) {
    this.stream = stream;
    stream.verifiedGrid(); // says now what is wrong with it
  }

  /** Cells of the grid that is verified. */
  int cells() {
    return stream.verifiedGrid().cells();
  }

  /** Whether an observation of {@link #onGrid} is of such a frame. */
  boolean verifies(Frame frame) {
    return frame.grid().equals(stream.verifiedGrid())
        && stream.variables().stream().anyMatch(v -> v.name().equals(frame.variable().name()));
  }

  /** References that have learned nothing yet. */
  References newReferences() {
    return new References(Harmonics.forStep(stream.step()), stream.verifiedGrid().cells());
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
                onGrid(step.values()),
                null,
                step.ensemble() == null
                    ? List.of()
                    : step.ensemble().members().stream().map(this::onGrid).toList()));
      }
    }
    return steps;
  }

  private float[] onGrid(float[] values) {
    return here().coarsening == null ? values : here().coarsening.apply(values);
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

  /** An observation as it is compared, on the grid that is verified. */
  Field onGrid(Field observation) {
    return here().coarsening == null ? observation : here().coarsening.apply(observation);
  }

  /**
   * Compares a step with its observation.
   *
   * @param revision of the score that tells of it
   * @return empty when they have no cell in common
   */
  Optional<Match> compare(PendingStep step, Field observation, int revision) {
    float[] observed = observation.toArray();
    EnsembleErrors errors =
        step.members().isEmpty() ? null : EnsembleErrors.of(step.members(), observed);
    Optional<PairStatistics> everywhere = compare(step, observed, errors, here().everywhere);
    if (everywhere.isEmpty()) {
      return Optional.empty();
    }
    Map<String, PairStatistics> pairs = new LinkedHashMap<>();
    for (Region region : here().regions) {
      compare(step, observed, errors, region).ifPresent(pair -> pairs.put(region.name(), pair));
    }
    return Optional.of(new Match(step.row(), everywhere.get(), revision, pairs));
  }

  private Optional<PairStatistics> compare(
      PendingStep step, float[] observed, EnsembleErrors errors, Region region) {
    double[] weights = here().weights;
    Optional<PairStatistics> pair =
        PairStatistics.of(step.values(), observed, step.references(), weights, region);
    return errors == null
        ? pair
        : pair.map(
            statistics ->
                statistics.with(
                    EnsembleStatistics.of(
                        errors, step.values(), observed, step.references(), weights, region)));
  }

  /**
   * What is told of a pair.
   *
   * @param match the pair, added to the table
   * @param all by region, all pairs of its row
   */
  Score score(PendingStep step, Field observation, Match match, Map<String, PairStatistics> all) {
    RegionScore whole = RegionScore.of(all.get(Region.EVERYWHERE), match.pair());
    Map<String, RegionScore> regions = new LinkedHashMap<>();
    match
        .regions()
        .forEach((region, pair) -> regions.put(region, RegionScore.of(all.get(region), pair)));
    String variable = observation.frame().variable().name();
    return new Score(
        stream.name(),
        variable,
        units(variable),
        step.lead(),
        Duration.between(step.issueTime(), step.validAt()),
        step.issueTime(),
        step.validAt(),
        step.model(),
        step.weightsSha256(),
        step.revision(),
        observation.revision(),
        match.revision(),
        whole.n(),
        whole.cells(),
        whole.rmse(),
        whole.mae(),
        whole.bias(),
        whole.acc(),
        whole.skillPersistence(),
        whole.skillClimatology(),
        whole.skillDamped(),
        whole.rmsePersistence(),
        whole.rmseClimatology(),
        whole.rmseDamped(),
        whole.ensemble(),
        whole.sample(),
        regions);
  }

  private String units(String variable) {
    return stream.variables().stream()
        .filter(one -> one.name().equals(variable))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "stream %s: a field of %s, expected one of %s"
                        .formatted(stream.name(), variable, stream.variables())))
        .units();
  }

  private Here here() {
    if (here == null) {
      here = new Here(stream);
    }
    return here;
  }

  /** What follows from the grid; made where it is needed rather than sent there. */
  private static final class Here {
    private final Regrid coarsening; // null when every cell is verified
    private final double[] weights;
    private final Region everywhere;
    private final List<Region> regions;

    Here(StreamSettings stream) {
      Grid grid = stream.verifiedGrid();
      coarsening = grid.equals(stream.grid()) ? null : Regrid.conservative(stream.grid(), grid);
      weights = Cells.weights(grid);
      everywhere = Region.everywhere(grid.cells());
      regions = Region.of(stream.verification().everyRegion(), grid);
    }
  }
}
