package etesian.ingest.field;

import java.util.Arrays;
import java.util.List;

/**
 * What the members of an ensemble say of one step, beside their mean, which is the values of the
 * {@link Forecast.Step}. A cell that any member misses is missing in the mean and in what is here.
 * Arrays have shape (cells), are in the unit of the variable and are never written after
 * construction.
 *
 * @param size number of members, at least two
 * @param spread standard deviation of the members, sqrt(sum (x_i - mean)^2 / (size - 1))
 * @param quantiles by ascending probability; may be none
 * @param members their values, as many as {@code size}, or none where they were left behind
 */
public record Ensemble(int size, float[] spread, List<Quantile> quantiles, List<float[]> members) {
  public Ensemble {
    Check.that(size >= 2, "an ensemble has at least two members, got %d", size);
    Check.that(
        members.isEmpty() || members.size() == size,
        "%d members of an ensemble of %d; expected all or none",
        members.size(),
        size);
    quantiles = List.copyOf(quantiles);
    members = List.copyOf(members);
  }

  /**
   * A quantile of the members, between neighbours linearly: the value at rank {@code 1 +
   * probability * (size - 1)} (definition 7 of Hyndman and Fan, 1996; that of NumPy and R).
   *
   * @param probability 0 is the smallest member, 1 the largest
   */
  public record Quantile(double probability, float[] values) {
    public Quantile {
      Check.that(
          probability >= 0 && probability <= 1,
          "a quantile has a probability of 0 to 1, got %s",
          probability);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Quantile q
          && probability == q.probability
          && Arrays.equals(values, q.values);
    }

    @Override
    public int hashCode() {
      return 31 * Double.hashCode(probability) + Arrays.hashCode(values);
    }
  }

  /** The probabilities of the quantiles, ascending. */
  public List<Double> probabilities() {
    return quantiles.stream().map(Quantile::probability).toList();
  }

  /** The same without the values of the members. */
  public Ensemble withoutMembers() {
    return new Ensemble(size, spread, quantiles, List.of());
  }

  /** Whether the values of the members are here. */
  public boolean hasMembers() {
    return !members.isEmpty();
  }

  /** Whether another one has as many members and the same quantiles, of whatever values. */
  boolean isLike(Ensemble other) {
    return other != null && size == other.size && probabilities().equals(other.probabilities());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ensemble e
        && size == e.size
        && Arrays.equals(spread, e.spread)
        && quantiles.equals(e.quantiles)
        && Arrays.deepEquals(members.toArray(), e.members.toArray());
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(spread) + quantiles.hashCode())
        + Arrays.deepHashCode(members.toArray());
  }

  @Override
  public String toString() {
    return size + " members";
  }
}
