package etesian.ingest.field;

/** Areas on the unit sphere. */
final class Spheres {
  private Spheres() {}

  /**
   * Area between two latitudes per radian of longitude.
   *
   * <pre>  sin(a) - sin(b) = 2 cos((a + b) / 2) sin((a - b) / 2) </pre>
   *
   * The product keeps its digits where the difference of two sines near 1 would lose them.
   */
  static double band(double northDegrees, double southDegrees) {
    double middle = StrictMath.toRadians(northDegrees + southDegrees) / 2;
    double half = StrictMath.toRadians(northDegrees - southDegrees) / 2;
    return 2 * StrictMath.cos(middle) * StrictMath.sin(half);
  }
}
