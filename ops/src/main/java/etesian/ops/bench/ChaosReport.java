package etesian.ops.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;

/**
 * What kills did to the results. Everything but the times should be 0.
 *
 * @param kills processes ended by {@code kill -9}
 * @param lost records of the undisturbed run that the other does not have
 * @param duplicates records that are there again
 * @param different records whose content differs, or that the undisturbed run does not have
 * @param recoverySeconds from a kill to the completion of the next checkpoint that began after it
 * @param deletedOffsets by which the first offset of any topic is behind its beginning
 * @param forecasts records of forecasts in the undisturbed run
 * @param scores likewise
 * @param capacityPerSecond granules of the undisturbed run, as fast as it took them
 * @param load at which they came in the other run, 1 is the capacity
 * @param checkpoints of the other run, until all of its records were there
 * @param memory of a TaskManager
 * @param rescaledInMiddle rollouts that were in their middle when the job was cancelled and
 *     submitted again with another parallelism
 */
public record ChaosReport(
    int kills,
    long lost,
    long duplicates,
    long different,
    @JsonProperty("recovery_seconds") Recovery recoverySeconds,
    @JsonProperty("deleted_offsets") long deletedOffsets,
    long forecasts,
    long scores,
    @JsonProperty("capacity_granules_per_second") double capacityPerSecond,
    double load,
    Checkpoints checkpoints,
    @JsonProperty("taskmanager_peak_mib") Memory memory,
    @JsonProperty("rescaled_in_middle") long rescaledInMiddle,
    long seed,
    List<Kill> each) {

  /** Whether nothing is lost, double or different, and nothing was deleted. */
  public boolean good() {
    return lost == 0 && duplicates == 0 && different == 0 && deletedOffsets == 0 && forecasts > 0;
  }

  /**
   * Whether they went on, kills and resubmission included.
   *
   * @param longestGapSeconds without a complete one
   */
  public record Checkpoints(
      long completed, @JsonProperty("longest_gap_seconds") double longestGapSeconds) {}

  /** The most resident memory of any TaskManager in each run, MiB. */
  public record Memory(double undisturbed, double disturbed) {}

  /** A kill and how long the stream took to go on. */
  public record Kill(
      String process,
      @JsonProperty("at_seconds") double atSeconds,
      @JsonProperty("recovery_seconds") double recoverySeconds) {}

  /** Over all kills; null when there were none. */
  public record Recovery(Double median, Double max) {
    static Recovery of(List<Kill> kills) {
      if (kills.isEmpty()) {
        return new Recovery(null, null);
      }
      double[] sorted = kills.stream().mapToDouble(Kill::recoverySeconds).sorted().toArray();
      int middle = sorted.length / 2;
      double median =
          sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
      return new Recovery(median, Arrays.stream(sorted).max().orElseThrow());
    }
  }
}
