package etesian.ingest.kafka;

import etesian.ingest.field.Check;
import java.util.Locale;

/** How fast records are sent, and in which order. */
public sealed interface Pace {
  /** In the order of the files, as fast as the broker takes them. */
  Pace UNLIMITED = new Unlimited();

  /** See {@link #UNLIMITED}. */
  record Unlimited() implements Pace {}

  /**
   * In the order of the files, no faster than this.
   *
   * @param recordsPerSecond positive
   */
  record Rate(double recordsPerSecond) implements Pace {
    public Rate {
      Check.that(
          recordsPerSecond > 0 && Double.isFinite(recordsPerSecond),
          "a rate is positive records per second, got %s",
          recordsPerSecond);
    }
  }

  /**
   * In the order of valid times over all files, as time went by but faster: two records whose valid
   * times lie {@code d} apart are sent {@code d / speed} apart.
   *
   * @param speed positive; 3600 sends an hour of weather each second
   */
  record Replay(double speed) implements Pace {
    public Replay {
      Check.that(
          speed > 0 && Double.isFinite(speed),
          "a speed is positive, for instance 3600x for an hour a second, got %s",
          speed);
    }

    /** Of {@code 3600x} or {@code 3600}. */
    public static Replay parse(String text) {
      String number = text.toLowerCase(Locale.ROOT).replaceFirst("x$", "");
      try {
        return new Replay(Double.parseDouble(number));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "'" + text + "' is not a speed; expected for instance 3600x, an hour a second", e);
      }
    }
  }
}
