package etesian.operators.m2no;

/** Where the poles lie on a grid whose columns go round the globe. */
public enum Poles {
  /** Nowhere: a region or a band, beyond which nothing is known. */
  NONE,
  /** On the first and the last row, as for 721 rows at 0.25 degrees. */
  ON_ROWS,
  /** Half a step beyond them, as for 180 rows at 1 degree. */
  BETWEEN_ROWS
}
