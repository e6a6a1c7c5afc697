package etesian.pipeline.settings;

import java.io.Serializable;
import java.util.List;

/**
 * How granules are read.
 *
 * @param references which files a granule may refer to instead of bringing its own
 * @param modelCalendars datasets whose files may count time in the calendar of a climate model; a
 *     date of theirs stands for the same date of this world
 */
public record GranuleSettings(ReferenceSettings references, List<String> modelCalendars)
    implements Serializable {
  /** No references, and times of this world only. */
  public static final GranuleSettings DEFAULT =
      new GranuleSettings(ReferenceSettings.NONE, List.of());

  public GranuleSettings {
    modelCalendars = List.copyOf(modelCalendars);
  }
}
