package etesian.ops.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What a demo run did: the content of {@code --report}.
 *
 * @param wallSeconds from the command to the end of the run
 * @param firstForecastSeconds from the command until a {@code read_committed} consumer saw a
 *     forecast
 * @param granules published
 * @param fields in them
 * @param forecasts forecast steps that a {@code read_committed} consumer found
 * @param scores score records found likewise
 * @param deadLetters dead letters found likewise
 * @param lost steps that were due, in their newest revision, and not found
 * @param duplicates steps of one revision found more than once
 */
public record Report(
    @JsonProperty("wall_seconds") double wallSeconds,
    @JsonProperty("first_forecast_seconds") Double firstForecastSeconds,
    long granules,
    long fields,
    long forecasts,
    long scores,
    @JsonProperty("dead_letters") long deadLetters,
    long lost,
    long duplicates,
    List<Stream> streams) {

  /** Whether everything that was due came, once, and there was something. */
  public boolean good() {
    return lost == 0 && duplicates == 0 && forecasts > 0 && scores > 0;
  }

  /** A variable of a stream. */
  public record Stream(
      String name,
      String model,
      String variable,
      List<Integer> grid,
      String step,
      int horizon,
      long forecasts,
      @JsonProperty("weights_sha256") String weightsSha256,
      List<Lead> scores) {}

  /** Cumulative scores of a lead; skill is 1 - mse / mse of the reference. */
  public record Lead(
      int lead,
      long n,
      double rmse,
      double bias,
      Double acc,
      @JsonProperty("skill_persistence") Double skillPersistence,
      @JsonProperty("skill_climatology") Double skillClimatology,
      @JsonProperty("skill_damped") Double skillDamped) {}
}
