package etesian.operators.spectral;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A product of {@link Axis axes}, slowest first: the basis functions on the unit box are products
 * of one function of each coordinate.
 */
public record Basis(List<Axis> axes) {
  public Basis {
    axes = List.copyOf(axes);
    if (axes.isEmpty()) {
      throw new IllegalArgumentException("a basis needs at least one axis");
    }
  }

  /**
   * @param letters F or C for each axis, time first: {@code CFF} is Chebyshev in time and Fourier
   *     in two directions of space
   */
  public static Basis of(String letters) {
    return new Basis(letters.chars().mapToObj(letter -> axis((char) letter, letters)).toList());
  }

  private static Axis axis(char letter, String letters) {
    return Arrays.stream(Axis.values())
        .filter(axis -> axis.name().charAt(0) == letter)
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "basis '" + letters + "', expected F (Fourier) or C (Chebyshev) per axis"));
  }

  public int dimensions() {
    return axes.size();
  }

  /** As {@link #of} reads it. */
  @Override
  public String toString() {
    return axes.stream().map(axis -> axis.name().substring(0, 1)).collect(Collectors.joining());
  }
}
