package etesian.pipeline.metrics;

import static etesian.pipeline.metrics.Metric.Type.COUNTER;
import static etesian.pipeline.metrics.Metric.Type.GAUGE;
import static etesian.pipeline.metrics.Metric.Type.SUMMARY;

import java.util.List;
import java.util.Locale;

/**
 * Every metric of the job and of the processes around it: the catalogue that {@code
 * docs/metrics.md} is made from, and the only way to register one. Names follow the rules of
 * Prometheus: snake case, base units, {@code _total} for what only counts up; labels are few and
 * bounded by the settings.
 */
public enum Metric {
  GRANULES_TOTAL(COUNTER, "granules", "Granules read from the topic of the dataset", "dataset"),
  FIELDS_TOTAL(COUNTER, "fields", "Fields decoded from granules", "dataset"),
  DEAD_LETTERS_TOTAL(
      COUNTER, "records", "Granules refused, by class of the reason", "dataset", "class"),

  FIELDS_LATE_TOTAL(
      COUNTER, "fields", "Fields older than the retention of the stream, dropped", "stream"),
  FIELDS_REPEATED_TOTAL(COUNTER, "fields", "Fields whose content was known already", "stream"),
  FIELDS_SUPERSEDED_TOTAL(
      COUNTER, "fields", "Fields of a lower revision than the one at hand", "stream"),
  FIELDS_REVISED_TOTAL(
      COUNTER, "fields", "Fields that took the place of a lower revision", "stream"),
  FIELDS_OFF_STEP_TOTAL(
      COUNTER, "fields", "Fields whose valid time is not on the step of the stream", "stream"),
  WINDOWS_TOTAL(COUNTER, "windows", "Windows handed to the forecast", "stream"),
  WINDOWS_REISSUED_TOTAL(
      COUNTER, "windows", "Windows handed on again for a late or better field", "stream"),
  WINDOWS_INCOMPLETE_TOTAL(
      COUNTER, "windows", "Windows skipped for a gap in their history", "stream"),
  WINDOWS_HELD_TOTAL(
      COUNTER, "windows", "Windows in which a field stands in for missing ones", "stream"),
  NEWEST_FIELD_TIMESTAMP_SECONDS(
      GAUGE, "seconds since 1970", "Newest valid time among the fields", "stream"),

  FORECAST_STEPS_TOTAL(COUNTER, "steps", "Forecast steps issued", "stream"),
  ROLLOUTS_ABANDONED_TOTAL(
      COUNTER, "rollouts", "Rollouts that a revision of their window ended", "stream"),
  CHAMPIONS_REFUSED_TOTAL(
      COUNTER,
      "champions",
      "Champions whose weights cannot be used; the one before serves on",
      "stream"),
  FIELDS_DOUBTED_TOTAL(
      COUNTER,
      "fields",
      "Fields with values that nobody can have seen, which forecasts take for missing",
      "stream"),
  ROLLOUTS_ACTIVE(GAUGE, "rollouts", "Rollouts under way", "stream"),
  ROLLOUTS_WAITING(GAUGE, "rollouts", "Rollouts that wait for their turn", "stream"),
  ROLLOUTS_WAITING_BYTES(GAUGE, "bytes", "Memory of the rollouts that wait", "stream"),
  BATCH_SIZE(SUMMARY, "samples", "Samples that the device advanced in one step", "stream"),
  STEP_SECONDS(SUMMARY, "seconds", "Time of one step of the device", "stream"),
  FIRST_STEP_SECONDS(
      SUMMARY, "seconds", "Time from the arrival of a window to its first step", "stream"),
  NEWEST_ISSUE_TIMESTAMP_SECONDS(
      GAUGE,
      "seconds since 1970",
      "Newest forecast reference time with a complete forecast",
      "stream"),
  LAST_FORECAST_TIMESTAMP_SECONDS(
      GAUGE, "seconds since 1970", "When the last step was issued, by the clock", "stream"),

  PAIRS_SCORED_TOTAL(COUNTER, "pairs", "Forecast steps compared with their observation", "stream"),
  PAIRS_RESCORED_TOTAL(
      COUNTER, "pairs", "Pairs compared again after a revision of either", "stream"),
  PAIRS_UNVERIFIED_TOTAL(
      COUNTER, "pairs", "Forecast steps whose valid time passed without observation", "stream"),
  PAIRS_WITHOUT_CELLS_TOTAL(
      COUNTER, "pairs", "Pairs without a cell that forecast and observation share", "stream"),
  VERIFY_FORECASTS_LATE_TOTAL(
      COUNTER, "steps", "Forecast steps that came after their references were gone", "stream"),
  VERIFY_OBSERVATIONS_LATE_TOTAL(
      COUNTER, "fields", "Observations older than the retention, not scored", "stream"),
  RMSE(
      GAUGE,
      "unit of the variable",
      "Root mean square error since the start, latitude-weighted",
      "stream",
      "variable",
      "region",
      "lead"),
  ACC_RATIO(
      GAUGE, "1", "Anomaly correlation since the start", "stream", "variable", "region", "lead"),
  CRPS(
      GAUGE,
      "unit of the variable",
      "Continuous ranked probability score since the start; of a single run its absolute error",
      "stream",
      "variable",
      "region",
      "lead"),
  SPREAD_RATIO(
      GAUGE,
      "1",
      "Spread of the ensemble over the error of its mean, since the start; below 1 is too sure",
      "stream",
      "variable",
      "region",
      "lead"),
  SKILL_RATIO(
      GAUGE,
      "1",
      "1 - mse / mse of the reference, since the start, on identical times and cells",
      "stream",
      "variable",
      "region",
      "lead",
      "reference"),

  TUNING_WINDOWS_JUDGED_TOTAL(
      COUNTER,
      "windows",
      "Windows that the champion was judged by, and a challenger if there was one",
      "stream"),
  TUNING_JUDGED_TIMESTAMP_SECONDS(
      GAUGE,
      "seconds since 1970",
      "Newest issue time that learning has judged; far behind the newest field it cannot keep up",
      "stream"),
  TUNING_PROMOTIONS_TOTAL(COUNTER, "promotions", "Challengers that became champion", "stream"),
  TUNING_ROLLBACKS_TOTAL(
      COUNTER, "rollbacks", "Champions that gave way to the one before them", "stream"),
  TUNING_REFUSALS_TOTAL(
      COUNTER,
      "refusals",
      "Lessons, weights and observations that were refused; the champion serves on",
      "stream"),
  TUNING_GAPS_TOTAL(COUNTER, "gaps", "Gaps between fields that learning goes on after", "stream"),
  TUNING_EVIDENCE_RATIO(
      GAUGE,
      "1",
      "What a bet on the challenger has grown to, over what promotes it; 0 without one"
          + " and while the record of the long run is short",
      "stream"),
  TUNING_REPLAY_BYTES(GAUGE, "bytes", "Memory of the replay buffer", "stream"),
  TUNING_PHYSICS_RESIDUAL_RATIO(
      GAUGE,
      "1",
      "What the equation leaves of the first step of the newest judged window, as a share of it",
      "stream"),

  ARCHIVE_ABANDONED_TOTAL(
      COUNTER, "forecasts", "Forecasts that a revision ended before they were archived"),
  ARCHIVE_INCOMPLETE_TOTAL(
      COUNTER, "forecasts", "Forecasts archived with fewer leads than the horizon"),

  PUBLISH_RECORDS_TOTAL(COUNTER, "records", "Records of granules that the brokers acknowledged"),
  PUBLISH_BYTES_TOTAL(COUNTER, "bytes", "Bytes of these records"),
  PUBLISH_UNREADABLE_TOTAL(
      COUNTER, "files", "Files sent although they cannot be read: dead letters to be"),
  PUBLISH_REFUSED_TOTAL(COUNTER, "files", "Files that could not be sent"),

  CONSOLE_RECORDS_TOTAL(COUNTER, "records", "Records read", "topic"),
  CONSOLE_LAG_RECORDS(GAUGE, "records", "Records that wait to be read", "topic"),
  CONSOLE_CONNECTED(GAUGE, "1", "1 while the brokers answer, else 0"),
  CONSOLE_PAGES(GAUGE, "pages", "Pages that are open"),
  CONSOLE_FIELDS_BYTES(GAUGE, "bytes", "Memory of the fields that are kept");

  /** How a metric behaves. */
  public enum Type {
    /** Counts up; begins at zero again when the job restarts. */
    COUNTER,
    /** Any value at any time. */
    GAUGE,
    /** Quantiles of the last 512 values, and how many there were ({@code _count}). */
    SUMMARY
  }

  private final Type type;
  private final String unit;
  private final String help;
  private final List<String> labels;

  Metric(Type type, String unit, String help, String... labels) {
    this.type = type;
    this.unit = unit;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** Which process reports a metric. */
  public enum Source {
    /** The Flink job, through Flink's reporter. */
    JOB,
    /** {@code publish}, and the demo, which publishes too. */
    PUBLISH,
    /** The console. */
    CONSOLE
  }

  /** Their names begin with it, but for those of the job. */
  public Source source() {
    if (name().startsWith("PUBLISH_")) {
      return Source.PUBLISH;
    }
    return name().startsWith("CONSOLE_") ? Source.CONSOLE : Source.JOB;
  }

  /** As Prometheus shows it when the rules of {@code ops/prometheus} have shortened it. */
  public String prometheusName() {
    return "etesian_" + shortName();
  }

  String shortName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Type type() {
    return type;
  }

  /** What its value counts or measures. */
  public String unit() {
    return unit;
  }

  /** What it means, as a phrase. */
  public String help() {
    return help;
  }

  /** Names of its labels, besides those that Flink gives to all. */
  public List<String> labels() {
    return labels;
  }
}
