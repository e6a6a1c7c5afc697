package etesian.pipeline.settings;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
import etesian.ingest.field.TimeStep;
import etesian.ingest.field.Units;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One stream: which fields it takes, when it issues forecasts, how far, with which model.
 *
 * @param name of the stream; part of keys, uids and metrics, so it never changes
 * @param dataset granules come from {@code etesian.granules.<dataset>}
 * @param variable short name of the variable
 * @param units that the fields come in; the unit of the forecasts and scores
 * @param grid of the fields, those on another grid belong to another stream; null in a file of
 *     settings that leaves it to the weights
 * @param regrid that fields are carried to {@code grid} from any other that reaches it; null when
 *     they come on it
 * @param step of the series
 * @param history frames that a forecast starts from, the newest at the issue time
 * @param horizon leads per forecast, in steps
 * @param issueEvery steps between two issue times, counted from {@link #anchor}
 * @param anchor an instant that the steps of the series are counted from; a field whose valid time
 *     is not a whole number of steps away begins no forecast. The default, 1970-01-01, is a
 *     Thursday at midnight: a weekly series of another day, a daily one of another hour and a
 *     monthly one of another day of the month need one of their own valid times here
 * @param issueFrom no forecast is issued before; observations before it teach the references
 * @param lateness how long a field may come after a newer one and still count
 * @param model architecture, {@code m2no} or {@code smnn}
 * @param verifyLeads leads that are scored
 * @param gaps what becomes of a forecast whose history has a gap
 * @param retention steps that a field may be older than event time and still count: what it touches
 *     is issued, or issued again; with 0 a field that event time has passed does not count
 */
public record StreamSettings(
    String name,
    String dataset,
    String variable,
    String units,
    Grid grid,
    Regridding regrid,
    TimeStep step,
    int history,
    int horizon,
    int issueEvery,
    Instant anchor,
    Instant issueFrom,
    Duration lateness,
    String model,
    List<Integer> verifyLeads,
    GapPolicy gaps,
    int retention)
    implements Serializable {

  /** The {@code issueFrom} of a stream that issues from its first complete window on. */
  public static final Instant FROM_THE_FIRST = Instant.parse("0001-01-01T00:00:00Z");

  /** Components of a wind or a stress in the names of ERA5. */
  private static final Set<String> COMPONENTS =
      Set.of("u", "v", "u10", "v10", "u100", "v100", "ewss", "nsss");

  public StreamSettings {
    verifyLeads = List.copyOf(verifyLeads);
  }

  /** Of fields that come on the grid of the stream. */
  public StreamSettings(
      String name,
      String dataset,
      String variable,
      String units,
      Grid grid,
      TimeStep step,
      int history,
      int horizon,
      int issueEvery,
      Instant anchor,
      Instant issueFrom,
      Duration lateness,
      String model,
      List<Integer> verifyLeads) {
    this(
        name,
        dataset,
        variable,
        units,
        grid,
        null,
        step,
        history,
        horizon,
        issueEvery,
        anchor,
        issueFrom,
        lateness,
        model,
        verifyLeads);
  }

  /** Waits for gaps to close, and keeps late fields for a horizon. */
  public StreamSettings(
      String name,
      String dataset,
      String variable,
      String units,
      Grid grid,
      Regridding regrid,
      TimeStep step,
      int history,
      int horizon,
      int issueEvery,
      Instant anchor,
      Instant issueFrom,
      Duration lateness,
      String model,
      List<Integer> verifyLeads) {
    this(
        name,
        dataset,
        variable,
        units,
        grid,
        regrid,
        step,
        history,
        horizon,
        issueEvery,
        anchor,
        issueFrom,
        lateness,
        model,
        verifyLeads,
        GapPolicy.WAIT,
        horizon);
  }

  /** The same stream on a grid that was learned from its weights. */
  public StreamSettings on(Grid found) {
    return with(found, gaps, retention);
  }

  /** The same stream with another treatment of gaps and late fields. */
  public StreamSettings with(GapPolicy otherGaps, int otherRetention) {
    return with(grid, otherGaps, otherRetention);
  }

  private StreamSettings with(Grid otherGrid, GapPolicy otherGaps, int otherRetention) {
    return new StreamSettings(
        name,
        dataset,
        variable,
        units,
        otherGrid,
        regrid,
        step,
        history,
        horizon,
        issueEvery,
        anchor,
        issueFrom,
        lateness,
        model,
        verifyLeads,
        otherGaps,
        otherRetention);
  }

  /** Fields that windows may still need at any time: a late one, its history and its stand-ins. */
  public int fieldsKept() {
    return history + retention + gaps.reach();
  }

  /** The oldest valid time that still counts when event time has come to a time. */
  public Instant oldestThatCounts(Instant passed) {
    return timeAfter(passed, 1L - retention);
  }

  /**
   * The time so many steps after a time of the series, before it when negative. Counted from the
   * anchor: a month after the end of February is the end of March.
   */
  public Instant timeAfter(Instant time, long steps) {
    return step.plus(anchor, step.indexOf(anchor, time) + steps);
  }

  /** Whether a field belongs to this stream. */
  public boolean takes(Field field) {
    return field.frame().variable().name().equals(variable)
        && field.frame().variable().canonicalUnits().equals(Units.canonical(units))
        && (regrid == null ? field.frame().grid().equals(grid) : weights(field).reaches());
  }

  /** A field that the stream takes, on the grid of the stream. */
  public Field onGrid(Field field) {
    return regrid == null ? field : weights(field).apply(field);
  }

  private Regrid weights(Field field) {
    Regrid weights = regrid.from(field.frame().grid());
    return isComponent() ? weights.ofWindComponent() : weights;
  }

  /** Whether the variable is a component of a vector, which changes its sign over a pole. */
  public boolean isComponent() {
    return COMPONENTS.contains(variable);
  }
}
