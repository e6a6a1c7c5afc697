package etesian.operators.training;

import java.util.List;

/** Which parameters fine-tuning may change, and how. */
public sealed interface TuneScope {

  /** All of them. */
  record All() implements TuneScope {}

  /**
   * Those whose names begin with one of these, for instance the last layers.
   *
   * @param prefixes at least one
   */
  record Named(List<String> prefixes) implements TuneScope {
    public Named {
      prefixes = List.copyOf(prefixes);
      if (prefixes.isEmpty()) {
        throw new IllegalArgumentException("no prefix of a parameter's name: nothing would change");
      }
    }
  }

  /**
   * Every parameter W of at least two axes as {@code W0 + A B}, seen as a matrix of its first axis
   * by the others: A of shape (m, rank) has random orthonormal columns and stays, B of shape (rank,
   * n) begins at 0 and learns (LoRA-FA, Zhang et al. 2023). Vectors stay as they are.
   *
   * @param rank at least 1; a matrix with no more rows than that learns as a whole
   */
  record LowRank(int rank) implements TuneScope {
    public LowRank {
      if (rank < 1) {
        throw new IllegalArgumentException("rank " + rank + ", expected at least 1");
      }
    }
  }
}
