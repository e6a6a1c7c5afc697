package etesian.operators.fourier;

import java.util.Collections;
import java.util.List;

/**
 * One layer of a network.
 *
 * @param channels of its output
 * @param modes per axis, as published: on the last axis one more than half of them are kept, as the
 *     others are their conjugates, but for complex data; on the sphere (degrees, twice the orders)
 * @param stored sizes of the weight behind its channels: as many as modes are kept, or more where a
 *     network grows its modes during training; on the sphere degrees alone
 * @param scale size of the output's grid relative to that of the input, per axis
 */
public record FnoLayer(
    int channels, List<Integer> modes, List<Integer> stored, List<Double> scale) {

  public FnoLayer {
    modes = List.copyOf(modes);
    stored = List.copyOf(stored);
    scale = List.copyOf(scale);
    if (channels < 1
        || modes.isEmpty()
        || scale.size() != modes.size()
        || modes.stream().anyMatch(m -> m < 1)
        || stored.stream().anyMatch(m -> m < 1)
        || scale.stream().anyMatch(s -> !(s > 0))) {
      throw new IllegalArgumentException(
          String.format(
              "a layer of %d channels with modes %s, stored %s, scale %s: expected positive numbers"
                  + " for each axis",
              channels, modes, stored, scale));
    }
  }

  /** A layer of waves that stores what it uses and keeps the grid. */
  public static FnoLayer of(int channels, List<Integer> modes) {
    return of(channels, modes, Collections.nCopies(modes.size(), 1.0));
  }

  /** A layer of waves that stores what it uses. */
  public static FnoLayer of(int channels, List<Integer> modes, List<Double> scale) {
    Integer[] stored = modes.toArray(Integer[]::new);
    stored[stored.length - 1] = kept(modes, modes.size() - 1);
    return new FnoLayer(channels, modes, List.of(stored), scale);
  }

  /** A layer for complex data, whose frequencies have both signs on the last axis too. */
  public static FnoLayer ofComplex(int channels, List<Integer> modes) {
    return new FnoLayer(channels, modes, modes, Collections.nCopies(modes.size(), 1.0));
  }

  /** A layer of spherical harmonics up to (not including) a degree, and as many orders. */
  public static FnoLayer onSphere(int channels, int degrees) {
    return onSphere(channels, List.of(degrees, 2 * degrees), List.of(1.0, 1.0));
  }

  static FnoLayer onSphere(int channels, List<Integer> modes, List<Double> scale) {
    return new FnoLayer(channels, modes, modes.subList(0, 1), scale);
  }

  /**
   * How often {@link #grown} uses more modes of each axis; on the sphere (one stored size) of its
   * degrees, which the orders follow.
   */
  List<Integer> growths(boolean complexData) {
    Integer[] most = new Integer[stored.size()];
    for (int axis = 0; axis < most.length; axis++) {
      int spare = stored.get(axis) - kept(axis, complexData);
      boolean single = stored.size() < modes.size() || axis == modes.size() - 1 && !complexData;
      most[axis] = single ? spare : (spare + 1) / 2;
    }
    return List.of(most);
  }

  /**
   * With more modes in use: at each stage one frequency more, which on all axes but the last is two
   * modes, one for each sign. So the modes of an even number stay even, and what was learned stays
   * with its frequency.
   *
   * @param each stages of each stored axis; those that the weight does not have are left out
   * @param complexData the last axis is one as the others
   */
  FnoLayer grown(List<Integer> each, boolean complexData) {
    Integer[] more = modes.toArray(Integer[]::new);
    for (int axis = 0; axis < more.length; axis++) {
      boolean orders = axis == stored.size(); // of the sphere
      int stages = each.get(orders ? 0 : axis);
      int most = orders ? 2 * stored.get(0) : stored.get(axis);
      boolean last = axis == more.length - 1 && !complexData;
      if (orders || !last) {
        boolean degrees = stored.size() < more.length && !orders;
        more[axis] = Math.min(most, more[axis] + (degrees ? 1 : 2) * stages);
      } else {
        int before = kept(axis, false);
        int kept = Math.min(most, before + stages);
        more[axis] = kept == before ? more[axis] : 2 * (kept - 1);
      }
    }
    return new FnoLayer(channels, List.of(more), stored, scale);
  }

  /** Frequencies in use on an axis whose size allows them all. */
  int kept(int axis, boolean complexData) {
    return complexData ? modes.get(axis) : kept(modes, axis);
  }

  private static int kept(List<Integer> modes, int axis) {
    return axis == modes.size() - 1 ? modes.get(axis) / 2 + 1 : modes.get(axis);
  }
}
