package etesian.ingest.netcdf;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Attributes as the CF conventions mean them: absent and empty are the same. */
final class Attributes {
  private Attributes() {}

  /**
   * A numeric attribute.
   *
   * @param isFloating whether it is of a floating type, as opposed to an integer one
   */
  record Numbers(double[] values, boolean isFloating) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Numbers n
          && isFloating == n.isFloating
          && Arrays.equals(values, n.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return Arrays.toString(values);
    }
  }

  /** Text of an attribute, stripped; empty when it is absent or a number. */
  static String text(FileVariable variable, String name) {
    return variable.attribute(name) instanceof String text ? text.strip() : "";
  }

  static String lower(FileVariable variable, String name) {
    return text(variable, name).toLowerCase(Locale.ROOT);
  }

  /** All numbers of an attribute, also of one that is written as text; empty when it has none. */
  static double[] numbers(FileVariable variable, String name) {
    if (variable.attribute(name) instanceof Numbers numbers) {
      return numbers.values;
    }
    try {
      return new double[] {Double.parseDouble(text(variable, name))};
    } catch (NumberFormatException e) {
      return new double[0];
    }
  }

  static Optional<Double> number(FileVariable variable, String name) {
    double[] numbers = numbers(variable, name);
    return numbers.length == 0 ? Optional.empty() : Optional.of(numbers[0]);
  }

  /** Whether an attribute is a float or double, as opposed to an integer. */
  static boolean isFloating(FileVariable variable, String name) {
    return variable.attribute(name) instanceof Numbers numbers && numbers.isFloating;
  }
}
