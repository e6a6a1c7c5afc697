package etesian.pipeline.learn;

import etesian.pipeline.learn.ReplayBuffer.Shape;
import etesian.pipeline.learn.ReplayBuffer.Window;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.LongPredicate;

/**
 * The whole windows that a {@link ReplayBuffer} held at one moment, oldest first. Immutable, for
 * any thread: the order of the fields is its own, the fields are shared, and nobody writes them.
 * The thread that takes fields in only lists what there is; a window, of some hundred thousand of
 * hourly fields, is made when it is asked for.
 */
final class RememberedWindows extends AbstractList<Window> implements RandomAccess {
  private final Shape shape;
  private final long[] steps; // of the fields, ascending
  private final List<float[]> fields;
  private final int[] ends; // where in them each window has its last target

  /**
   * @param steps of the fields, ascending; not copied
   * @param fields their values
   * @param counts which of the whole windows count, by their issue step
   */
  RememberedWindows(Shape shape, long[] steps, float[][] fields, LongPredicate counts) {
    this.shape = shape;
    this.steps = steps;
    this.fields = List.of(fields);
    int[] found = new int[steps.length];
    int count = 0;
    int following = 0; // fields without a gap, up to this one
    for (int at = 0; at < steps.length; at++) {
      following = at > 0 && steps[at] == steps[at - 1] + 1 ? following + 1 : 1;
      if (following >= shape.span() && counts.test(steps[at] - shape.targets())) {
        found[count++] = at;
      }
    }
    ends = Arrays.copyOf(found, count);
  }

  @Override
  public int size() {
    return ends.length;
  }

  @Override
  public Window get(int index) {
    int end = ends[index];
    return new Window(
        shape.timeOf(steps[end] - shape.targets()),
        fields.subList(end + 1 - shape.span(), end + 1));
  }
}
