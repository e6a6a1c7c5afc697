package etesian.pipeline.learn;

import etesian.ingest.field.TimeStep;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Windows drawn from all that were seen, as many for each time of the year (and of the day, for
 * steps below one): a stratum. Those of the smallest hash of seed and time in each, so that every
 * window has the same chance, and in whatever order they are offered, or offered again, the same
 * ones are drawn. A window is known by its issue step, from the anchor. Mutable, for one thread.
 */
final class SeasonalSample {
  private static final int MONTHS = 12;
  private static final int PARTS_OF_DAY = 4;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final TimeStep step;
  private final Instant anchor;
  private final long seed;
  private final Map<Integer, TreeSet<Long>> strata = new TreeMap<>(); // the next to go last
  private final NavigableSet<Long> drawn = new TreeSet<>(); // all of them, by time

  /**
   * @param step between two fields
   * @param anchor a valid time that steps are counted from
   * @param seed of the hash
   */
  SeasonalSample(TimeStep step, Instant anchor, long seed) {
    this.step = step;
    this.anchor = anchor;
    this.seed = seed;
  }

  /** How many strata a series has. */
  static int strata(TimeStep step) {
    boolean belowADay =
        step instanceof TimeStep.Fixed fixed && fixed.length().compareTo(Duration.ofDays(1)) < 0;
    return belowADay ? MONTHS * PARTS_OF_DAY : MONTHS;
  }

  /**
   * Draws a window unless those of its stratum come before it.
   *
   * @param most windows of a stratum
   * @return the one that gives way to it, perhaps itself
   */
  OptionalLong draw(long issue, long most) {
    TreeSet<Long> ofStratum =
        strata.computeIfAbsent(
            stratum(issue),
            stratum ->
                new TreeSet<>(
                    Comparator.comparingLong(this::priority).thenComparingLong(Long::longValue)));
    ofStratum.add(issue);
    drawn.add(issue);
    if (ofStratum.size() <= most) {
      return OptionalLong.empty();
    }
    long last = ofStratum.pollLast();
    drawn.remove(last);
    return OptionalLong.of(last);
  }

  private int stratum(long index) {
    OffsetDateTime time = step.plus(anchor, index).atOffset(ZoneOffset.UTC);
    int month = time.getMonthValue() - 1;
    return strata(step) == MONTHS
        ? month
        : month * PARTS_OF_DAY + time.getHour() * PARTS_OF_DAY / 24;
  }

  /** SplitMix64 of seed and index: as good as random, and the same for ever. */
  private long priority(long index) {
    long z = (seed ^ index * MIX) + MIX;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** The windows, oldest first. */
  NavigableSet<Long> issues() {
    return Collections.unmodifiableNavigableSet(drawn);
  }

  boolean contains(long issue) {
    return drawn.contains(issue);
  }

  /** Whether it has a window that was issued from one step to another, both included. */
  boolean hasAny(long first, long last) {
    Long issue = drawn.ceiling(first);
    return issue != null && issue <= last;
  }
}
