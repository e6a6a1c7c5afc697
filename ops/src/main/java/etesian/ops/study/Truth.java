package etesian.ops.study;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A series, which of its cells count, and how wrong forecasts of its last part are. */
final class Truth {
  private static final double TRAINING_SHARE = 0.7;

  private final StreamSettings stream;
  private final List<Instant> times;
  private final List<float[]> frames;
  private final double[] weights; // of each cell; 0 where a field misses it
  private final int split;
  private final int[] run; // fields up to each one that follow each other without a gap

  Truth(StreamSettings stream, List<Field> fields) {
    this(stream, fields, (int) (TRAINING_SHARE * fields.size()));
  }

  /**
   * @param split times that are trained on
   */
  Truth(StreamSettings stream, List<Field> fields, int split) {
    this.stream = stream;
    this.split = split;
    List<Field> ordered =
        fields.stream().sorted(Comparator.comparing(f -> f.frame().validAt())).toList();
    times = ordered.stream().map(f -> f.frame().validAt()).toList();
    frames = ordered.stream().map(Field::toArray).toList();
    run = new int[frames.size()];
    for (int at = 0; at < run.length; at++) {
      run[at] = at > 0 && after(at - 1, 1) == at ? run[at - 1] + 1 : 1;
    }
    weights = new double[stream.grid().cells()];
    for (int cell = 0; cell < weights.length; cell++) {
      int c = cell;
      boolean present = frames.stream().noneMatch(frame -> Float.isNaN(frame[c]));
      weights[cell] = present ? stream.grid().weight(cell / stream.grid().columns()) : 0;
    }
  }

  int size() {
    return frames.size();
  }

  /** First time that was not trained on. */
  int split() {
    return split;
  }

  Instant time(int at) {
    return times.get(at);
  }

  float[] frame(int at) {
    return frames.get(at);
  }

  double weight(int cell) {
    return weights[cell];
  }

  int cells() {
    return weights.length;
  }

  /** Position of the time so many steps after one; -1 in a gap and after the end. */
  int after(int at, int lead) {
    int found = Collections.binarySearch(times, stream.timeAfter(times.get(at), lead));
    return found < 0 ? -1 : found;
  }

  /** Whether so many fields, up to the one at a position, follow each other without a gap. */
  boolean complete(int at, int history) {
    return run[at] >= history;
  }

  /** Month of the year; below a day also its hour. */
  int season(int at) {
    OffsetDateTime time = times.get(at).atOffset(ZoneOffset.UTC);
    return time.getMonthValue() * 24 + time.getHour();
  }

  /**
   * That a climatology of the first part says something of every time of the last.
   *
   * @throws IllegalArgumentException when the last part has a season that the first has not; names
   *     it
   */
  void checkSeasons() {
    Set<Integer> known =
        IntStream.range(0, split).mapToObj(this::season).collect(Collectors.toSet());
    for (int at = split; at < size(); at++) {
      OffsetDateTime time = times.get(at).atOffset(ZoneOffset.UTC);
      Check.that(
          known.contains(season(at)),
          "stream %s: the last part of the series has a field of %s (%s), the %d times of the first"
              + " part none of that month and hour; a climatology needs them: give a longer series,"
              + " whose first part is a whole year",
          stream.name(),
          time,
          time.getMonth(),
          split);
    }
  }

  /** A forecast of every lead that is asked for. */
  @FunctionalInterface
  interface Forecasts {
    /**
     * @param at position of the newest field that is known
     * @return by lead in the order asked for; null when there is none
     */
    List<float[]> at(int at);
  }

  /** Root-mean-square errors by lead over all issue times of the last part. */
  double[] rmse(int[] leads, int history, Forecasts forecasts) {
    return errors(leads, history, forecasts).rmse(0, size());
  }

  /** Errors of all issue times of the last part whose history is complete. */
  Errors errors(int[] leads, int history, Forecasts forecasts) {
    Errors errors = new Errors(size(), leads.length);
    for (int at = Math.max(split, history - 1); at < frames.size(); at++) {
      List<float[]> forecast = forecasts.at(at);
      if (!complete(at, history)) {
        continue; // the same pairs for all who forecast
      }
      for (int i = 0; i < leads.length; i++) {
        int target = after(at, leads[i]);
        if (forecast == null || target < 0) {
          continue;
        }
        float[] truth = frames.get(target);
        for (int cell = 0; cell < truth.length; cell++) {
          if (weights[cell] > 0) {
            double error = (double) forecast.get(i)[cell] - truth[cell];
            errors.add(at, i, weights[cell] * error * error, weights[cell]);
          }
        }
      }
    }
    return errors;
  }
}
