package etesian.ops.study;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** What is normal for each season of a series, cell by cell: the mean of a part of it. */
final class Normals {
  private final Truth truth;
  private final int years;
  private final Map<Integer, double[]> training;
  private Part newest = new Part(0, 0, new HashMap<>(), new HashMap<>());

  /**
   * Sums over positions from (inclusive) to (exclusive), by season.
   *
   * @param counts of fields
   */
  private record Part(
      int from, int to, Map<Integer, double[]> sums, Map<Integer, Integer> counts) {}

  /**
   * @param years of the newest fields at any time that are averaged; 0 for the training part
   * @throws IllegalArgumentException when a season of the last part was not trained on
   */
  Normals(Truth truth, int years) {
    truth.checkSeasons();
    this.truth = truth;
    this.years = years;
    training = means(moved(newest, 0, truth.split()));
    newest = new Part(0, 0, new HashMap<>(), new HashMap<>());
  }

  /** Of the training part, by {@link Truth#season}. */
  Map<Integer, double[]> training() {
    return training;
  }

  /** As known at a time, that of its field included. Fast when times are asked for in order. */
  Map<Integer, double[]> at(int at) {
    if (years == 0) {
      return training;
    }
    newest = moved(newest, firstOf(at), at + 1);
    return means(newest);
  }

  /** The sums of another part: what is new is added, what is out of it is taken off. */
  private Part moved(Part part, int from, int to) {
    for (int at = part.to; at < to; at++) {
      add(part, at, 1);
    }
    for (int at = to; at < part.to; at++) {
      add(part, at, -1);
    }
    for (int at = from; at < part.from; at++) {
      add(part, at, 1);
    }
    for (int at = part.from; at < from; at++) {
      add(part, at, -1);
    }
    return new Part(from, to, part.sums, part.counts);
  }

  private void add(Part part, int at, int sign) {
    double[] sum = part.sums.computeIfAbsent(truth.season(at), s -> new double[truth.cells()]);
    for (int cell = 0; cell < sum.length; cell++) {
      sum[cell] += sign * (double) truth.frame(at)[cell];
    }
    part.counts.merge(truth.season(at), sign, Integer::sum);
  }

  private static Map<Integer, double[]> means(Part part) {
    Map<Integer, double[]> means = new HashMap<>();
    part.sums.forEach(
        (season, sum) -> {
          int count = part.counts.get(season);
          if (count > 0) {
            double[] mean = new double[sum.length];
            for (int cell = 0; cell < mean.length; cell++) {
              mean[cell] = sum[cell] / count;
            }
            means.put(season, mean);
          }
        });
    return means;
  }

  private int firstOf(int at) {
    Instant oldest = truth.time(at).atOffset(ZoneOffset.UTC).minusYears(years).toInstant();
    int first = Math.min(newest.from, at);
    while (first > 0 && truth.time(first - 1).isAfter(oldest)) {
      first--;
    }
    while (!truth.time(first).isAfter(oldest)) {
      first++;
    }
    return first;
  }
}
