package etesian.ingest.field;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Latitudes of rows that are not evenly spaced, north first. Equal ones are one object: a grid
 * travels with every field, its rows are held once.
 */
final class Latitudes {
  /** How far an evenly spaced row may lie from its place, degrees: about a metre. */
  private static final double EVEN = 1e-5;

  private static final Map<Latitudes, WeakReference<Latitudes>> KNOWN = new WeakHashMap<>();

  private final double[] degrees;
  private final int hash;

  private Latitudes(double[] degrees) {
    this.degrees = degrees;
    this.hash = Arrays.hashCode(degrees);
  }

  /**
   * @throws IllegalArgumentException unless at least two rows go southwards within -90..90
   */
  static Latitudes of(double[] northFirst) {
    Check.that(
        northFirst.length > 1,
        "%d latitudes have no spacing; expected two or more, or a grid with a row step",
        northFirst.length);
    for (int row = 0; row < northFirst.length; row++) {
      Check.that(
          Math.abs(northFirst[row]) <= 90,
          "row %d lies at latitude %s, expected -90 to 90",
          row,
          northFirst[row]);
      Check.that(
          row == 0 || northFirst[row] < northFirst[row - 1],
          "row %d lies at latitude %s, expected south of the row before it",
          row,
          northFirst[row]);
    }
    Latitudes asked = new Latitudes(northFirst.clone());
    synchronized (KNOWN) {
      WeakReference<Latitudes> found = KNOWN.get(asked);
      Latitudes known = found == null ? null : found.get();
      if (known == null) {
        KNOWN.put(asked, new WeakReference<>(asked));
        return asked;
      }
      return known;
    }
  }

  int count() {
    return degrees.length;
  }

  double get(int row) {
    return degrees[row];
  }

  double meanStep() {
    return (degrees[0] - degrees[degrees.length - 1]) / (degrees.length - 1);
  }

  boolean areEven() {
    double step = meanStep();
    for (int row = 0; row < degrees.length; row++) {
      if (Math.abs(degrees[0] - row * step - degrees[row]) > EVEN) {
        return false;
      }
    }
    return true;
  }

  /**
   * Latitude of the edge north of a row, south of the last one for the number of rows.
   *
   * <p>Half-way to the neighbour. An outermost row that lies within one row distance of the pole
   * reaches to it, as the first row of a Gaussian grid does (at 0.77 of the distance); any other
   * reaches half its distance to its neighbour.
   */
  double edge(int row) {
    int last = degrees.length - 1;
    if (row == 0) {
      double step = degrees[0] - degrees[1];
      return 90 - degrees[0] <= step ? 90 : degrees[0] + step / 2;
    }
    if (row > last) {
      double step = degrees[last - 1] - degrees[last];
      return 90 + degrees[last] <= step ? -90 : degrees[last] - step / 2;
    }
    return (degrees[row - 1] + degrees[row]) / 2;
  }

  double[] toArray() {
    return degrees.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Latitudes l && Arrays.equals(degrees, l.degrees);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
