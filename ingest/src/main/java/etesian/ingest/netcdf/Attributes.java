package etesian.ingest.netcdf;

import java.util.Locale;
import java.util.Optional;
import ucar.nc2.Attribute;
import ucar.nc2.Variable;

/** Attributes as the CF conventions mean them: absent and empty are the same. */
final class Attributes {
  private Attributes() {}

  /** Text of an attribute, stripped; empty when it is absent or a number. */
  static String text(Variable variable, String name) {
    Attribute attribute = variable.findAttribute(name);
    String text = attribute == null ? null : attribute.getStringValue();
    return text == null ? "" : text.strip();
  }

  static String lower(Variable variable, String name) {
    return text(variable, name).toLowerCase(Locale.ROOT);
  }

  /** All numbers of an attribute; empty when it is absent or text. */
  static double[] numbers(Variable variable, String name) {
    Attribute attribute = variable.findAttribute(name);
    if (attribute == null || attribute.isString() || attribute.getLength() == 0) {
      return new double[0];
    }
    double[] numbers = new double[attribute.getLength()];
    for (int i = 0; i < numbers.length; i++) {
      Number number = attribute.getNumericValue(i);
      numbers[i] = number == null ? Double.NaN : number.doubleValue();
    }
    return numbers;
  }

  static Optional<Double> number(Variable variable, String name) {
    double[] numbers = numbers(variable, name);
    return numbers.length == 0 ? Optional.empty() : Optional.of(numbers[0]);
  }

  /** Whether an attribute is a float or double, as opposed to an integer. */
  static boolean isFloating(Variable variable, String name) {
    Attribute attribute = variable.findAttribute(name);
    return attribute != null && attribute.getDataType().isFloatingPoint();
  }
}
