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
 * @param capacityPerSecond granules of the undisturbed run, as fast as it took them; the other went
 *     at half of that
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
    @JsonProperty("rescaled_in_middle") long rescaledInMiddle,
    long seed,
    List<Kill> each) {

  /** Whether nothing is lost, double or different, and nothing was deleted. */
  public boolean good() {
    return lost == 0 && duplicates == 0 && different == 0 && deletedOffsets == 0 && forecasts > 0;
  }

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
