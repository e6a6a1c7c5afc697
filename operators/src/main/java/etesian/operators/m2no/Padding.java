package etesian.operators.m2no;

/** What a convolution sees beyond the border, at each level. The published program has two. */
public enum Padding {
  /** Published: zeros. */
  ZEROS(Border.ZEROS, Border.ZEROS),
  /** Published: the opposite border, in rows and in columns. */
  CIRCULAR(Border.OPPOSITE, Border.OPPOSITE),
  /** The border once more: for a region. */
  REPLICATE(Border.SAME, Border.SAME),
  /** The opposite border in columns, the border once more in rows: for a globe. */
  GLOBE(Border.SAME, Border.OPPOSITE);

  /** What lies beyond the border of one axis. */
  enum Border {
    ZEROS,
    OPPOSITE,
    SAME
  }

  final Border rows;
  final Border columns;

  Padding(Border rows, Border columns) {
    this.rows = rows;
    this.columns = columns;
  }
}
