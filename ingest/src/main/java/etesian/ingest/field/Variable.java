package etesian.ingest.field;

/**
 * A physical quantity as its producer names it.
 *
 * @param name short name, for instance {@code t2m}; with the level appended when a file holds
 *     several ({@code t_500})
 * @param units as written in the file, for instance {@code K}
 * @param longName CF {@code long_name}, empty when the file has none
 * @param standardName CF {@code standard_name}, empty when the file has none
 */
public record Variable(String name, String units, String longName, String standardName) {
  public Variable {
    Check.that(!name.isBlank(), "a variable needs a name");
  }

  /** The unit in the one spelling that files of several producers share. */
  public String canonicalUnits() {
    return Units.canonical(units);
  }
}
