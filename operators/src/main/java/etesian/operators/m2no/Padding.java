package etesian.operators.m2no;

/** What a convolution sees beyond the border, at each level. The published program has two. */
public enum Padding {
  /** Published: zeros. */
  ZEROS("zeros", "zeros"),
  /** Published: the opposite border, in rows and in columns. */
  CIRCULAR("opposite", "opposite"),
  /** The border once more: for a region. */
  REPLICATE("same", "same"),
  /** The opposite border in columns, the border once more in rows: for a band around a globe. */
  GLOBE("same", "opposite"),
  /** The opposite border in columns, the other side of the pole in rows: for a whole globe. */
  SPHERE("pole", "opposite");

  final String rows;
  final String columns;

  Padding(String rows, String columns) {
    this.rows = rows;
    this.columns = columns;
  }
}
