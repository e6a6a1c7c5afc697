package etesian.pipeline.settings;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Regrid;
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
 * @param issueFrom no forecast is issued before; observations before it teach the references
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
    implements Serializable {

  /** The {@code issueFrom} of a stream that issues from its first complete window on. */
  public static final Instant FROM_THE_FIRST = Instant.parse("0001-01-01T00:00:00Z");

  public StreamSettings {
    variables = List.copyOf(variables);
    verifyLeads = List.copyOf(verifyLeads);
  }

  /** With a network whose size follows from the grid. */
  public StreamSettings(
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
      VerificationSettings verification) {
    this(
        name,
        dataset,
        variables,
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
        gaps,
        retention,
        tuning,
        ensemble,
        verification,
        NetworkSettings.DEFAULT);
  }

  /** Whose forecasts are of one run. */
  public StreamSettings(
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
      TuningSettings tuning) {
    this(
        name,
        dataset,
        variables,
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
        gaps,
        retention,
        tuning,
        null,
        VerificationSettings.DEFAULT);
  }

  /** Of one variable, whose fields come on the grid of the stream. */
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

  /** Of one variable; waits for gaps to close, and keeps late fields for a horizon. */
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
        List.of(new StreamVariable(variable, units)),
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
        horizon,
        TuningSettings.OFF);
  }

  /** The same stream on a grid that was learned from its weights. */
  public StreamSettings on(Grid found) {
    return with(variables, found, gaps, retention, tuning, ensemble, verification);
  }

  /** The same stream with another treatment of gaps and late fields. */
  public StreamSettings with(GapPolicy otherGaps, int otherRetention) {
    return with(variables, grid, otherGaps, otherRetention, tuning, ensemble, verification);
  }

  /** The same stream of other variables. */
  public StreamSettings with(List<StreamVariable> others) {
    return with(others, grid, gaps, retention, tuning, ensemble, verification);
  }

  /** The same stream, which learns while it runs. */
  public StreamSettings with(TuningSettings otherTuning) {
    return with(variables, grid, gaps, retention, otherTuning, ensemble, verification);
  }

  /** The same stream with ensembles, or without for null. */
  public StreamSettings with(EnsembleSettings otherEnsemble) {
    return with(variables, grid, gaps, retention, tuning, otherEnsemble, verification);
  }

  private StreamSettings with(
      List<StreamVariable> otherVariables,
      Grid otherGrid,
      GapPolicy otherGaps,
      int otherRetention,
      TuningSettings otherTuning,
      EnsembleSettings otherEnsemble,
      VerificationSettings otherVerification) {
    return new StreamSettings(
        name,
        dataset,
        otherVariables,
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
        otherRetention,
        otherTuning,
        otherEnsemble,
        otherVerification,
        network);
  }

  /** The same stream with another model, which needs other weights. */
  public StreamSettings with(ModelKind otherModel, NetworkSettings otherNetwork) {
    return new StreamSettings(
        name,
        dataset,
        variables,
        grid,
        regrid,
        step,
        history,
        horizon,
        issueEvery,
        anchor,
        issueFrom,
        lateness,
        otherModel.toString(),
        verifyLeads,
        gaps,
        retention,
        tuning,
        ensemble,
        verification,
        otherNetwork);
  }

  /** The same stream, verified elsewhere or less finely. */
  public StreamSettings with(VerificationSettings otherVerification) {
    return with(variables, grid, gaps, retention, tuning, ensemble, otherVerification);
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
