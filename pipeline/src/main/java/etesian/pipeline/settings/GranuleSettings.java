package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How granules are read.
 *
 * @param references which files a granule may refer to instead of bringing its own
 * @param modelCalendars datasets whose files may count time in the calendar of a climate model; a
 *     date of theirs stands for the same date of this world
 * @param maxAhead how much later than the clock a field may be valid: event time follows the newest
 *     field, so one of a wrong century would make all that follow late
 */
public record GranuleSettings(
    ReferenceSettings references, List<String> modelCalendars, Duration maxAhead)
    implements Serializable {
  /** A million years: simulated worlds run ahead of any clock. */
  static final Duration ANY_TIME = Duration.ofDays(365_250_000);

  /** No references, and times of this world only, up to a day ahead of the clock. */
  public static final GranuleSettings DEFAULT =
      new GranuleSettings(ReferenceSettings.NONE, List.of(), Duration.ofDays(1));

  /** The same for worlds that have no clock. */
  static final GranuleSettings SIMULATED =
      new GranuleSettings(ReferenceSettings.NONE, List.of(), ANY_TIME);

  public GranuleSettings {
    modelCalendars = List.copyOf(modelCalendars);
  }

  /** The last valid time that fields of a dataset may have; climate models know no clock. */
  public Instant latest(String dataset, Instant now) {
    return now.plus(modelCalendars.contains(dataset) ? ANY_TIME : maxAhead);
  }

  static GranuleSettings read(SettingsReader in) {
    return new GranuleSettings(
        in.section("references").map(ReferenceSettings::read).orElse(ReferenceSettings.NONE),
        in.texts("model_calendars", List.of(), text -> text),
        in.value("max_ahead", DEFAULT.maxAhead(), GranuleSettings::ahead));
  }

  private static Duration ahead(String text) {
    Duration ahead = Duration.parse(text);
    Check.that(
        !ahead.isNegative() && ahead.compareTo(ANY_TIME) <= 0,
        "must be from PT0S to %s, got %s",
        ANY_TIME,
        text);
    return ahead;
  }
}
