package etesian.ingest.field;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One or more lead steps of a forecast.
 *
 * @param stream name of the stream that made it
 * @param variable what is forecast; steps are in its unit
 * @param grid the grid of the source
 * @param issueTime forecast reference time: valid time of the newest field that went in
 * @param revision 0 for the first issue, counts up when a revised input re-issues it
 * @param supersedes the newest earlier revision that has issued these leads, {@link #NOTHING} when
 *     none has; it may lie further back than {@code revision - 1}, which was perhaps abandoned
 *     before it came to them
 * @param steps consecutive leads, ascending
 * @param model name of the model
 * @param weightsSha256 SHA-256 of the weights file
 * @param inputs origins of the fields that went in, oldest first
 */
public record Forecast(
    String stream,
    Variable variable,
    Grid grid,
    Instant issueTime,
    int revision,
    int supersedes,
    List<Step> steps,
    String model,
    String weightsSha256,
    List<Origin> inputs) {

  /** No revision of a forecast: {@link #supersedes} of the first one. */
  public static final int NOTHING = -1;

  public Forecast {
    Check.that(!steps.isEmpty(), "a forecast has at least one step");
    steps = List.copyOf(steps);
    inputs = List.copyOf(inputs);
    Check.that(
        supersedes >= NOTHING && supersedes < revision,
        "revision %d cannot supersede revision %d",
        revision,
        supersedes);
    for (Step step : steps) {
      Check.that(
          step.isLike(steps.get(0)),
          "%s is of %s, %s of %s; expected all steps of one kind",
          step,
          step.kind(),
          steps.get(0),
          steps.get(0).kind());
    }
  }

  /** A forecast whose leads are issued for the first time. */
  public Forecast(
      String stream,
      Variable variable,
      Grid grid,
      Instant issueTime,
      int revision,
      List<Step> steps,
      String model,
      String weightsSha256,
      List<Origin> inputs) {
    this(stream, variable, grid, issueTime, revision, NOTHING, steps, model, weightsSha256, inputs);
  }

  public int firstLead() {
    return steps.get(0).lead();
  }

  public int lastLead() {
    return steps.get(steps.size() - 1).lead();
  }

  /** What every step holds of an ensemble; null for a forecast of one run. */
  public Ensemble ensemble() {
    return steps.get(0).ensemble();
  }

  /** The same without the values of the members; this one where there are none. */
  public Forecast withoutMembers() {
    if (steps.stream().allMatch(step -> step.ensemble() == null || !step.ensemble().hasMembers())) {
      return this;
    }
    return new Forecast(
        stream,
        variable,
        grid,
        issueTime,
        revision,
        supersedes,
        steps.stream().map(Step::withoutMembers).toList(),
        model,
        weightsSha256,
        inputs);
  }

  /**
   * @param lead number of steps of the stream after the issue time, from 1
   * @param validAt the time that the values are for
   * @param values shape (rows, columns), row-major; NaN is missing; never written after
   *     construction; of an ensemble the mean of its members
   * @param ensemble what else the members say; null for a forecast of one run
   */
  public record Step(int lead, Instant validAt, float[] values, Ensemble ensemble) {
    /** A step of one run. */
    public Step(int lead, Instant validAt, float[] values) {
      this(lead, validAt, values, null);
    }

    private Step withoutMembers() {
      return new Step(lead, validAt, values, ensemble.withoutMembers());
    }

    private boolean isLike(Step other) {
      return ensemble == null ? other.ensemble == null : ensemble.isLike(other.ensemble);
    }

    private String kind() {
      return ensemble == null ? "one run" : ensemble + " " + ensemble.probabilities();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Step s
          && lead == s.lead
          && validAt.equals(s.validAt)
          && Arrays.equals(values, s.values)
          && Objects.equals(ensemble, s.ensemble);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * lead + validAt.hashCode()) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return "lead " + lead + " at " + validAt;
    }
  }
}
