package etesian.pipeline.metrics;

/** The newest of some times, as a gauge shows it; told by one thread and read by another. */
public final class NewestTime {
  private volatile long millis = Long.MIN_VALUE;

  NewestTime() {}

  /**
   * One more; told by one thread only.
   *
   * @param at ms since 1970
   */
  public void tell(long at) {
    millis = Math.max(millis, at);
  }

  /** Seconds since 1970; NaN while there is none. */
  double seconds() {
    return millis == Long.MIN_VALUE ? Double.NaN : millis / 1e3;
  }
}
