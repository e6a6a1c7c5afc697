package etesian.operators.m2no;

/** What a convolution sees beyond the border, at each level. */
public enum Padding {
  ZEROS,
  /** The opposite border, in rows and in columns. */
  CIRCULAR,
  /** The opposite border in columns, zeros in rows: a globe. Not in the published program. */
  COLUMNS
}
