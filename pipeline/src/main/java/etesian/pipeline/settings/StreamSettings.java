package etesian.pipeline.settings;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One stream: which fields it takes, when it issues forecasts, how far, with which model.
 *
 * @param name of the stream; part of keys, uids and metrics, so it never changes
 * @param dataset granules come from {@code etesian.granules.<dataset>}
 * @param variable short name of the variable
 * @param units that the fields come in; the unit of the forecasts and scores
 * @param grid of the fields, those on another grid belong to another stream; null in a file of
 *     settings that leaves it to the weights
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
 */
public record StreamSettings(
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
    List<Integer> verifyLeads)
    implements Serializable {

  /** The {@code issueFrom} of a stream that issues from its first complete window on. */
  public static final Instant FROM_THE_FIRST = Instant.parse("0001-01-01T00:00:00Z");

  public StreamSettings {
    verifyLeads = List.copyOf(verifyLeads);
  }

  /** The same stream on a grid that was learned from its weights. */
  public StreamSettings on(Grid found) {
    return new StreamSettings(
        name,
        dataset,
        variable,
        units,
        found,
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
        && field.frame().variable().units().equals(units)
        && field.frame().grid().equals(grid);
  }
}
