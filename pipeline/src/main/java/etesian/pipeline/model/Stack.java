package etesian.pipeline.model;

import etesian.ingest.field.Field;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The variables of a stream at one time as one array, shape (variables, rows, columns), row-major:
 * a frame of a series.
 */
public final class Stack {
  private Stack() {}

  /**
   * @param fields of one time and grid, one of each variable in the order of the stream
   */
  public static float[] of(List<Field> fields) {
    FloatBuffer stack =
        FloatBuffer.allocate(fields.stream().mapToInt(field -> field.values().remaining()).sum());
    fields.forEach(field -> stack.put(field.values()));
    return stack.array();
  }

  /** A copy of the values of one variable, shape (cells). */
  public static float[] layer(float[] stack, int variable, int cells) {
    return Arrays.copyOfRange(stack, variable * cells, (variable + 1) * cells);
  }
}
