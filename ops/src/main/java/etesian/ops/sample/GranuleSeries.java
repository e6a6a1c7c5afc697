package etesian.ops.sample;

import java.time.Instant;

/** Granules of one dataset in the order of time, without end. */
public interface GranuleSeries {
  /** Valid time of the first field of the next granule. */
  Instant nextAt();

  /**
   * The next granule.
   *
   * @param times how many consecutive valid times it holds, at least 1
   */
  SampleGranule next(int times);
}
