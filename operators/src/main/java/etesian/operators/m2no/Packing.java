package etesian.operators.m2no;

/** Which fine cells make a coarse one, on the way down and up between levels. */
public enum Packing {
  /**
   * Published: a plain row-major reshape with channels last. In 2-D a coarse cell is made of four
   * consecutive cells of one row, and the halves of a coarse row come from two fine rows.
   */
  RESHAPE,
  /** Neighbours: pairs in 1-D, 2 x 2 patches in 2-D, each group of modes by itself. */
  TENSOR
}
