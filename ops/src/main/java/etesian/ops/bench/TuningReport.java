package etesian.ops.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What lessons cost forecasts.
 *
 * @param perSecond granules, each of which completes a window
 * @param seconds over which each set-up was measured
 * @param threads of libtorch for a step of the forecasts
 * @param off without learning
 * @param sameProcess lessons in the process that forecasts
 * @param ownProcess lessons in a TaskManager of their own
 */
public record TuningReport(
    @JsonProperty("granules_per_second") double perSecond,
    double seconds,
    int threads,
    Figures off,
    @JsonProperty("same_process") Figures sameProcess,
    @JsonProperty("own_process") Figures ownProcess) {

  /**
   * Milliseconds from when the last field of a window is sent.
   *
   * @param windows how many
   * @param first until the first lead is in its topic, for readers that do not wait for commits
   * @param complete until the last lead is there
   * @param committed until a reader of committed records has the last lead
   * @param step of the model, of one lead
   * @param servingCores time that the thread of the device computed, per second; with the threads
   *     of libtorch it is more
   * @param lessonCores likewise of the threads that learn; NaN where the system does not tell
   */
  public record Figures(
      int windows,
      @JsonProperty("first_ms") Quantiles first,
      @JsonProperty("complete_ms") Quantiles complete,
      @JsonProperty("committed_ms") Quantiles committed,
      @JsonProperty("step_ms") Quantiles step,
      @JsonProperty("serving_cores") double servingCores,
      @JsonProperty("lesson_cores") double lessonCores) {

    /** Of all windows of several runs together; of the rest the mean. */
    static Figures of(List<Sample> runs) {
      return new Figures(
          runs.stream().mapToInt(run -> run.first.length).sum(),
          all(runs, Sample::first),
          all(runs, Sample::complete),
          all(runs, Sample::committed),
          new Quantiles(
              mean(runs, run -> run.step.p50),
              mean(runs, run -> run.step.p95),
              mean(runs, run -> run.step.p99)),
          mean(runs, Sample::servingCores),
          mean(runs, Sample::lessonCores));
    }

    private static Quantiles all(List<Sample> runs, Function<Sample, double[]> times) {
      return Quantiles.of(runs.stream().map(times).flatMapToDouble(Arrays::stream).toArray());
    }

    private static double mean(List<Sample> runs, ToDoubleFunction<Sample> figure) {
      return runs.stream().mapToDouble(figure).average().orElseThrow();
    }

    @Override
    public String toString() {
      return "first lead %s, last lead %s, committed %s, step %s ms; %.2f cores learn"
          .formatted(first, complete, committed, step, lessonCores);
    }
  }

  /**
   * What was seen in one run; see {@link Figures}.
   *
   * @param first milliseconds, a value for each window, as are those of the next two
   */
  record Sample(
      double[] first,
      double[] complete,
      double[] committed,
      Quantiles step,
      double servingCores,
      double lessonCores) {}

  /** Of a time, in milliseconds. */
  public record Quantiles(double p50, double p95, double p99) {
    /** By the nearest rank. */
    static Quantiles of(double[] values) {
      double[] sorted = Arrays.stream(values).sorted().toArray();
      return new Quantiles(at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99));
    }

    private static double at(double[] sorted, double share) {
      return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /** How many times as long as another. */
    Quantiles over(Quantiles other) {
      return new Quantiles(p50 / other.p50, p95 / other.p95, p99 / other.p99);
    }

    @Override
    public String toString() {
      return "%.1f / %.1f / %.1f".formatted(p50, p95, p99);
    }
  }

  /**
   * How many times as long forecasts take as without learning.
   *
   * @param first see {@link Figures}
   */
  public record Ratios(
      @JsonProperty("first") Quantiles first,
      @JsonProperty("complete") Quantiles complete,
      @JsonProperty("committed") Quantiles committed,
      @JsonProperty("step") Quantiles step) {
    static Ratios of(Figures with, Figures without) {
      return new Ratios(
          with.first.over(without.first),
          with.complete.over(without.complete),
          with.committed.over(without.committed),
          with.step.over(without.step));
    }
  }

  @JsonProperty("same_process_ratios")
  public Ratios sameProcessRatios() {
    return Ratios.of(sameProcess, off);
  }

  @JsonProperty("own_process_ratios")
  public Ratios ownProcessRatios() {
    return Ratios.of(ownProcess, off);
  }
}
