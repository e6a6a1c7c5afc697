package etesian.ops.plot;

import etesian.ops.plot.Svg.Anchor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Curves over the lead, each named where it ends. */
final class CurvePicture {
  private static final double WIDTH = 760;
  private static final double HEIGHT = 420;
  private static final double LEFT = 64;
  private static final double RIGHT = 150;
  private static final double TOP = 82;
  private static final double BOTTOM = 58;
  private static final double NAME = 16;

  private CurvePicture() {}

  /**
   * A curve.
   *
   * @param points lead and value, ascending; a value may be NaN
   * @param dash of its line; empty for none
   */
  record Curve(String name, String colour, String dash, List<double[]> points) {}

  /**
   * What of the values is shown, at most: curves that leave it are cut off.
   *
   * @param low of the axis, if a value is as low
   * @param high of the axis, if a value is as high
   */
  record Range(double low, double high) {
    double held(double value) {
      return Math.max(low, Math.min(high, value));
    }
  }

  /**
   * @param below what the leads are
   * @param words title, what the values are, who made them
   */
  static Svg of(List<Curve> curves, Range range, String below, FieldPicture.Words words) {
    Svg svg = new Svg(WIDTH, HEIGHT);
    svg.title(16, 30, words.title());
    svg.text(16, HEIGHT - 10, 12, Anchor.START, Svg.SOFT, words.foot());
    List<double[]> points =
        curves.stream()
            .flatMap(curve -> curve.points().stream())
            .filter(point -> Double.isFinite(point[1]))
            .toList();
    if (points.isEmpty()) {
      svg.text(16, 56, 15, Anchor.START, Svg.SOFT, words.second());
      svg.text(LEFT, TOP + 40, 15, Anchor.START, Svg.SOFT, "nothing was verified");
      return svg;
    }
    double least = points.stream().mapToDouble(p -> p[1]).min().getAsDouble();
    double most = points.stream().mapToDouble(p -> p[1]).max().getAsDouble();
    Ticks y = Ticks.around(Math.min(0, range.held(least)), Math.max(0, range.held(most)), 6);
    svg.text(16, 56, 15, Anchor.START, Svg.SOFT, words.second() + cutOff(curves, y));
    double firstLead = points.stream().mapToDouble(p -> p[0]).min().getAsDouble();
    double lastLead = points.stream().mapToDouble(p -> p[0]).max().getAsDouble();
    Plane plane = new Plane(firstLead, lastLead, y);
    for (double tick : y.all()) {
      boolean zero = Math.abs(tick) < y.step() / 2 && y.low() < 0;
      svg.line(
          LEFT,
          plane.y(tick),
          WIDTH - RIGHT,
          plane.y(tick),
          zero ? Svg.SOFT : Svg.LINE,
          zero ? 1.2 : 1);
      svg.text(LEFT - 8, plane.y(tick) + 5, 13, Anchor.END, Svg.SOFT, y.label(tick));
    }
    for (int lead : leads(points)) {
      svg.text(
          plane.x(lead), HEIGHT - BOTTOM + 20, 13, Anchor.MIDDLE, Svg.SOFT, Integer.toString(lead));
    }
    svg.text(WIDTH - RIGHT + 10, HEIGHT - BOTTOM + 20, 13, Anchor.START, Svg.SOFT, below);
    svg.clipped(
        "plane",
        LEFT,
        TOP - 6,
        WIDTH - RIGHT - LEFT,
        HEIGHT - BOTTOM - TOP + 12,
        () -> curves.forEach(curve -> draw(svg, curve, plane)));
    names(svg, curves, plane);
    return svg;
  }

  /** Says which curves leave the picture, and how far they would go. */
  private static String cutOff(List<Curve> curves, Ticks y) {
    StringBuilder said = new StringBuilder();
    for (Curve curve : curves) {
      double most =
          curve.points().stream().mapToDouble(p -> p[1]).filter(Double::isFinite).max().orElse(0);
      double least =
          curve.points().stream().mapToDouble(p -> p[1]).filter(Double::isFinite).min().orElse(0);
      if (most > y.high() || least < y.low()) {
        said.append("; ")
            .append(curve.name())
            .append(
                String.format(
                    Locale.ROOT, " is cut, it goes to %.2f", most > y.high() ? most : least));
      }
    }
    return said.toString();
  }

  private record Plane(double first, double last, Ticks values) {
    double x(double lead) {
      double share = last > first ? (lead - first) / (last - first) : 0.5;
      return LEFT + 14 + share * (WIDTH - RIGHT - LEFT - 28);
    }

    double y(double value) {
      return HEIGHT - BOTTOM - values.share(value) * (HEIGHT - BOTTOM - TOP);
    }

    /** The same, at the border for what is cut off. */
    double within(double value) {
      return y(Math.max(values.low(), Math.min(values.high(), value)));
    }
  }

  /** Of many leads every second, third, ... one. */
  private static List<Integer> leads(List<double[]> points) {
    List<Integer> all = points.stream().map(p -> (int) p[0]).distinct().sorted().toList();
    int every = (all.size() + 13) / 14;
    List<Integer> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i += every) {
      some.add(all.get(i));
    }
    return some;
  }

  private static void draw(Svg svg, Curve curve, Plane plane) {
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (double[] point : curve.points()) {
      if (Double.isFinite(point[1])) {
        path.append(pen ? 'L' : 'M')
            .append(Svg.number(plane.x(point[0])))
            .append(' ')
            .append(Svg.number(plane.y(point[1])));
      }
      pen = Double.isFinite(point[1]);
    }
    svg.path(path.toString(), curve.colour(), curve.dash().isEmpty() ? 3 : 2, curve.dash());
    if (curve.dash().isEmpty()) {
      curve.points().stream()
          .filter(point -> Double.isFinite(point[1]))
          .forEach(point -> svg.dot(plane.x(point[0]), plane.y(point[1]), 4, curve.colour()));
    }
  }

  /** Beside the last point of each, moved apart where they would lie over each other. */
  private static void names(Svg svg, List<Curve> curves, Plane plane) {
    List<Curve> drawn =
        curves.stream()
            .filter(c -> c.points().stream().anyMatch(p -> Double.isFinite(p[1])))
            .sorted(Comparator.comparingDouble(c -> plane.within(last(c))))
            .toList();
    double[] at = drawn.stream().mapToDouble(c -> plane.within(last(c))).toArray();
    for (int i = 1; i < at.length; i++) {
      at[i] = Math.max(at[i], at[i - 1] + NAME);
    }
    double lowest = HEIGHT - BOTTOM - 2;
    for (int i = at.length - 1; i >= 0 && at[i] > lowest; i--) {
      at[i] = lowest;
      lowest -= NAME;
    }
    for (int i = 0; i < at.length; i++) {
      svg.text(
          WIDTH - RIGHT + 10,
          at[i] + 5,
          14,
          Anchor.START,
          drawn.get(i).colour(),
          drawn.get(i).name());
    }
  }

  private static double last(Curve curve) {
    double last = Double.NaN;
    for (double[] point : curve.points()) {
      last = Double.isFinite(point[1]) ? point[1] : last;
    }
    return last;
  }
}
