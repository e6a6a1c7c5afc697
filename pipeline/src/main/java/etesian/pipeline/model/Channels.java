package etesian.pipeline.model;

import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/**
 * Which input channels a neural operator gets, each of shape (rows, columns). The variables of a
 * time are neighbours, in the order of the stream.
 */
public enum Channels {
  /** The anomalies of the history, oldest first. */
  HISTORY,

  /**
   * The anomalies of the history, oldest first, then sine and cosine of the hour angle of the
   * newest, which is 0 at midnight UTC and the same in all cells.
   */
  HOURS,

  /**
   * The anomalies of the history, newest first, then what the step depends on: season (sine and
   * cosine of the year), local solar time (likewise; for steps below a day), sine of latitude, and
   * for each variable 1 where the newest frame is present.
   */
  CALENDAR;

  /**
   * @param name as a weights file has it
   * @param key where
   * @throws IllegalArgumentException there is none of this name; says which there are
   */
  static Channels of(String name, String key) {
    return Arrays.stream(values())
        .filter(channels -> channels.name().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "weights with '%s: %s' in their header, which is one of %s"
                        .formatted(key, name, Arrays.toString(values()))));
  }

  /** Number of channels. */
  public int count(int variables, int history, TimeStep step) {
    int frames = variables * history;
    return switch (this) {
      case HISTORY -> frames;
      case HOURS -> frames + 2;
      case CALENDAR -> frames + (belowADay(step) ? 5 : 3) + variables;
    };
  }

  /** Steps of a day; 0 where a day is no whole number of them, or one alone. */
  public static int stepsPerDay(TimeStep step) {
    if (step instanceof TimeStep.Fixed fixed) {
      long day = Duration.ofDays(1).toMillis();
      long length = fixed.length().toMillis();
      return belowADay(step) && day % length == 0 ? (int) (day / length) : 0;
    }
    return 0;
  }

  /** Which of the {@link #stepsPerDay} of its day a time lies next to; 0 at midnight UTC. */
  public static int stepOfDay(Instant at, TimeStep step) {
    int steps = stepsPerDay(step);
    return Math.floorMod(Math.round(dayFraction(at) * steps), steps);
  }

  private static double dayFraction(Instant at) {
    return at.atOffset(ZoneOffset.UTC).toLocalTime().toSecondOfDay() / 86400.0;
  }

  /**
   * Writes the channels of one sample to {@code target[offset..]}.
   *
   * @param frames a {@link Stack} each, oldest first, the newest valid at {@code newestAt}
   */
  public void write(
      List<float[]> frames,
      Instant newestAt,
      TimeStep step,
      Grid grid,
      Standardiser standardiser,
      float[] target,
      int offset) {
    int frame = frames.get(0).length;
    int history = frames.size();
    for (int i = 0; i < history; i++) {
      int back = this == CALENDAR ? i : history - 1 - i;
      float[] climatology = standardiser.climatologyAt(step.plus(newestAt, -back));
      standardiser.anomalies(
          frames.get(history - 1 - back), climatology, target, offset + i * frame);
    }
    if (this == HOURS) {
      double angle = 2 * Math.PI * dayFraction(newestAt);
      int clock = offset + history * frame;
      Arrays.fill(target, clock, clock + grid.cells(), (float) Math.sin(angle));
      Arrays.fill(target, clock + grid.cells(), clock + 2 * grid.cells(), (float) Math.cos(angle));
    }
    if (this == CALENDAR) {
      calendar(newestAt, step, grid, frames.get(history - 1), target, offset + history * frame);
    }
  }

  private static void calendar(
      Instant at, TimeStep step, Grid grid, float[] newest, float[] target, int offset) {
    OffsetDateTime time = at.atOffset(ZoneOffset.UTC);
    double year = 2 * Math.PI * (time.getDayOfYear() - 1) / time.toLocalDate().lengthOfYear();
    double day = dayFraction(at);
    boolean solar = belowADay(step);
    int cells = grid.cells();
    for (int row = 0; row < grid.rows(); row++) {
      float sinLatitude = (float) Math.sin(Math.toRadians(grid.latitude(row)));
      for (int column = 0; column < grid.columns(); column++) {
        int at0 = offset + row * grid.columns() + column;
        int channel = 0;
        target[at0 + cells * channel++] = (float) Math.sin(year);
        target[at0 + cells * channel++] = (float) Math.cos(year);
        if (solar) {
          double hourAngle = 2 * Math.PI * (day + grid.longitude(column) / 360);
          target[at0 + cells * channel++] = (float) Math.sin(hourAngle);
          target[at0 + cells * channel++] = (float) Math.cos(hourAngle);
        }
        target[at0 + cells * channel++] = sinLatitude;
        for (int cell = at0 - offset; cell < newest.length; cell += cells) {
          target[at0 + cells * channel++] = Float.isNaN(newest[cell]) ? 0 : 1;
        }
      }
    }
  }

  private static boolean belowADay(TimeStep step) {
    return step instanceof TimeStep.Fixed fixed && fixed.length().compareTo(Duration.ofDays(1)) < 0;
  }
}
