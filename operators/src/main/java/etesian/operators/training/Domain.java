package etesian.operators.training;

/**
 * The area that a grid divides into equal cells, for losses that know of slopes.
 *
 * @param height extent along the rows axis, in any unit
 * @param width extent along the columns axis, in the same unit
 * @param rowsWrap the last row is a neighbour of the first
 * @param columnsWrap the last column is a neighbour of the first, as on a globe
 */
public record Domain(double height, double width, boolean rowsWrap, boolean columnsWrap) {
  /** One by one, with an edge on every side. */
  public static final Domain UNIT_SQUARE = new Domain(1, 1, false, false);

  /** One by one, without edges. */
  public static final Domain UNIT_TORUS = new Domain(1, 1, true, true);

  public Domain {
    if (!(height > 0 && width > 0 && Double.isFinite(height) && Double.isFinite(width))) {
      throw new IllegalArgumentException(
          "a domain of " + height + " x " + width + ", expected two positive lengths");
    }
  }
}
