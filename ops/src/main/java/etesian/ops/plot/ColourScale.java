package etesian.ops.plot;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Colours of values between two ends, even to the eye: those of the console.
 *
 * <ul>
 *   <li>{@code VALUE}: viridis (Smith, van der Walt and Firing, 2015)
 *   <li>{@code SIZE}: cividis (Nuñez, Anderton and Renslow, 2018), for what is 0 at best
 *   <li>{@code DIFFERENCE}: blue to red about 0 (ColorBrewer's RdBu, reversed)
 * </ul>
 *
 * Between the colours of the table it mixes linearly.
 */
final class ColourScale {
  /** What values are about. */
  enum Kind {
    VALUE(
        "440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1fa088 28ae80 3fbc73 5ec962"
            + " 84d44b addc30 d8e219 fde725"),
    SIZE(
        "002051 012b65 11366c 26426e 3c4d6e 51586e 62646f 727071 7f7c75 8c8877 9a9478 a9a177 bbaf71"
            + " cebd68 e2cb5c f3da4f fdea45"),
    DIFFERENCE(
        "053061 17518e 2a71ae 448ec1 6bacd0 98c7df bfdceb deebf2 f2efee fae4d8 faccb4 f3aa8c e48268"
            + " d1574b b82d35 941127 67001f");

    private final String colours;

    Kind(String colours) {
      this.colours = colours;
    }

    private int[] table() {
      return Arrays.stream(colours.split(" ", -1))
          .mapToInt(colour -> Integer.parseInt(colour, 16))
          .toArray();
    }
  }

  private final Kind kind;
  private final Ticks ends; // finer, so that the colours are spent on what there is
  private final Ticks ticks;
  private final int[] table; // 0xRRGGBB

  private ColourScale(Kind kind, Ticks ends, Ticks ticks) {
    this.kind = kind;
    this.ends = ends;
    this.ticks = ticks;
    table = kind.table();
  }

  /** A scale over all finite values, to the next round numbers. */
  static ColourScale over(Kind kind, Iterable<float[]> fields) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float[] field : fields) {
      for (float value : field) {
        if (Float.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    if (low > high) {
      low = 0;
      high = 1;
    }
    if (kind == Kind.DIFFERENCE) {
      high = Math.max(Math.abs(low), Math.abs(high));
      low = -high;
    } else if (kind == Kind.SIZE) {
      low = Math.min(0, low);
    }
    return new ColourScale(kind, Ticks.around(low, high, 25), Ticks.around(low, high, 7));
  }

  /** The value of the first colour. */
  double low() {
    return ends.low();
  }

  /** The value of the last colour. */
  double high() {
    return ends.high();
  }

  /** Round values between the ends. */
  List<Double> ticks() {
    double near = 1e-6 * (high() - low());
    return ticks.all().stream()
        .filter(tick -> tick > low() - near && tick < high() + near)
        .toList();
  }

  /** Share of the way from the low to the high end, within them. */
  double share(double value) {
    return Math.max(0, Math.min(1, ends.share(value)));
  }

  /** 0xRRGGBB of a value. */
  int of(double value) {
    double at = share(value) * (table.length - 1);
    int below = Math.min((int) at, table.length - 2);
    double part = at - below;
    int a = table[below];
    int b = table[below + 1];
    return mix(a >> 16, b >> 16, part) << 16
        | mix(a >> 8 & 0xff, b >> 8 & 0xff, part) << 8
        | mix(a & 0xff, b & 0xff, part);
  }

  private static int mix(int a, int b, double part) {
    return (int) Math.round(a + (b - a) * part);
  }

  /** What a tick says: differences have their sign. */
  String label(double tick) {
    String text = ticks.label(tick);
    return kind == Kind.DIFFERENCE && tick > 0 ? "+" + text : text;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s from %s to %s", kind, ends.label(low()), ends.label(high()));
  }
}
