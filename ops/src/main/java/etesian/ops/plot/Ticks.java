package etesian.ops.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis between two round numbers with round numbers between them.
 *
 * @param low a multiple of {@code step}
 * @param high another one, above it
 * @param step 1, 2 or 5 times a power of ten
 */
record Ticks(double low, double high, double step) {
  /**
   * The narrowest that holds a range.
   *
   * @param most about how many ticks there may be
   */
  static Ticks around(double low, double high, int most) {
    double span = high - low;
    if (!(span > 0)) {
      span = Math.max(Math.abs(low), 1) * 1e-3;
    }
    double raw = span / most;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double step = power;
    for (double factor : new double[] {1, 2, 5, 10}) {
      step = factor * power;
      if (step >= raw * 0.999) {
        break;
      }
    }
    double from = Math.floor(low / step + 1e-6) * step;
    double to = Math.ceil(high / step - 1e-6) * step;
    return new Ticks(from, to > from ? to : from + step, step);
  }

  List<Double> all() {
    List<Double> ticks = new ArrayList<>();
    long count = Math.round((high - low) / step);
    for (long i = 0; i <= count; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  double share(double value) {
    return (value - low) / (high - low);
  }

  /** With the digits that the step has, and a true minus. */
  String label(double tick) {
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    String text =
        String.format(Locale.ROOT, "%." + digits + "f", Math.abs(tick) < step / 2 ? 0 : tick);
    return text.replace('-', '\u2212');
  }
}
