package etesian.pipeline.settings;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
import etesian.ingest.field.TimeStep;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One stream: which fields it takes, when it issues forecasts, how far, with which model.
 *
 * @param name of the stream; part of keys, uids and metrics, so it never changes
 * @param dataset granules come from {@code etesian.granules.<dataset>}
 * @param variables that are forecast together, at least one; their order is that of the channels of
 *     the weights
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
 * @param issueFrom no forecast is issued before, and no lesson judged by one; observations before
 *     it teach the references, and lessons
 * @param lateness how long a field may come after a newer one and still count
 * @param model architecture, the name of a {@link ModelKind}
 * @param verifyLeads leads that are scored
 * @param gaps what becomes of a forecast whose history has a gap
 * @param retention steps that a field may be older than event time and still count: what it touches
 *     is issued, or issued again; with 0 a field that event time has passed does not count
 * @param tuning how it learns while it runs
 * @param ensemble how its forecasts become ensembles; null for forecasts of one run
 * @param verification where and how finely its forecasts are verified
 * @param network how large the model is
 */
@RecordBuilder
public record StreamSettings(
    String name,
    String dataset,
    List<StreamVariable> variables,
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
    int retention,
    TuningSettings tuning,
    EnsembleSettings ensemble,
    VerificationSettings verification,
    NetworkSettings network)
    implements Serializable, StreamSettingsBuilder.With {

  /** The {@code issueFrom} of a stream that issues from its first complete window on. */
  public static final Instant FROM_THE_FIRST = Instant.parse("0001-01-01T00:00:00Z");

  public StreamSettings {
    variables = List.copyOf(variables);
    verifyLeads = List.copyOf(verifyLeads);
  }

  /**
   * Of one variable, whose fields come on the grid of the stream. Waits for gaps to close, keeps
   * late fields for a horizon, does not learn and makes no ensembles.
   */
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
        List.of(new StreamVariable(variable, units)),
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
        verifyLeads,
        GapPolicy.WAIT,
        horizon,
        TuningSettings.OFF,
        null,
        VerificationSettings.DEFAULT,
        NetworkSettings.DEFAULT);
  }

  /** The same stream of another model, which needs other weights. */
  public StreamSettings with(ModelKind otherModel, NetworkSettings otherNetwork) {
    return withModel(otherModel.toString()).withNetwork(otherNetwork);
  }

  /** The grid that its forecasts are verified on. */
  public Grid verifiedGrid() {
    return verification.gridOf(grid);
  }

  /** Members of a forecast, 1 for one run. */
  public int runs() {
    return ensemble == null ? 1 : ensemble.members();
  }

  /** Fields of each variable in a window: the history, and what lagged members begin from. */
  public int windowLength() {
    return history + (ensemble == null ? 0 : ensemble.lagged());
  }

  /**
   * Fields of each variable that windows may still need at any time: a late one, the others of its
   * window and its stand-ins.
   */
  public int fieldsKept() {
    return windowLength() + retention + gaps.reach();
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

  /** The first variable. */
  public String variable() {
    return variables.get(0).name();
  }

  /** The unit of the first variable. */
  public String units() {
    return variables.get(0).units();
  }

  /** Whether a field belongs to this stream. */
  public boolean takes(Field field) {
    return variables.stream().anyMatch(variable -> variable.is(field.frame().variable()))
        && (regrid == null ? field.frame().grid().equals(grid) : weights(field).reaches());
  }

  /** A field that the stream takes, on the grid of the stream. */
  public Field onGrid(Field field) {
    return regrid == null ? field : weights(field).apply(field);
  }

  private Regrid weights(Field field) {
    Regrid weights = regrid.from(field.frame().grid());
    boolean turns =
        variables.stream()
            .filter(variable -> variable.is(field.frame().variable()))
            .anyMatch(StreamVariable::isComponent);
    return turns ? weights.ofWindComponent() : weights;
  }
}
