package etesian.ops.plot;

import etesian.ingest.field.Grid;
import etesian.ops.plot.Svg.Anchor;
import java.util.List;
import java.util.Locale;

/** A field on a map: title, coast, graticule, colour bar with its unit. */
final class FieldPicture {
  private static final double WIDTH = 760;
  private static final double MARGIN = 16;
  private static final double RIGHT = 28;
  private static final double LEFT = 60;
  private static final double TOP = 78;
  private static final double BELOW = 92;
  private static final double TALLEST = 560;

  /** Pixels of the raster for each unit of the picture. */
  private static final double FINE = 1.5;

  private static final String COAST = "#20262c";
  private static final String HALO = "#ffffff";
  private static final String GRATICULE = "#ffffff";

  private FieldPicture() {}

  /**
   * What is said about a field.
   *
   * @param title what it is
   * @param second when
   * @param foot who says so
   */
  record Words(String title, String second, String foot) {}

  /**
   * @param values shape (rows, columns), row-major; NaN is missing
   */
  static Svg of(Grid grid, float[] values, ColourScale colours, String units, Words words) {
    Frame frame = Frame.of(grid);
    double most = WIDTH - LEFT - RIGHT;
    double height = Math.rint(Math.min(TALLEST, most * frame.shape()));
    double width = Math.min(most, height / frame.shape());
    double left = LEFT + (most - width) / 2; // a narrow map stands in the middle
    Svg svg = new Svg(WIDTH, TOP + height + BELOW);
    svg.title(MARGIN, 30, words.title());
    svg.text(MARGIN, 56, 15, Anchor.START, Svg.SOFT, words.second());
    String raster =
        new Raster(grid, values, colours)
            .png(frame, (int) Math.round(width * FINE), (int) Math.round(height * FINE));
    svg.clipped(
        "map",
        left,
        TOP,
        width,
        height,
        () -> {
          svg.image(left, TOP, width, height, raster);
          Projection projection = new Projection(frame, left, TOP, width, height);
          graticule(svg, frame, projection);
          coast(svg, grid, frame, projection);
        });
    svg.frame(left, TOP, width, height, Svg.SOFT);
    labels(svg, frame, new Projection(frame, left, TOP, width, height));
    bar(svg, colours, units, left, TOP + height + 34, width);
    svg.text(MARGIN, TOP + height + BELOW - 10, 12, Anchor.START, Svg.SOFT, words.foot());
    return svg;
  }

  /** From degrees to the picture. */
  private record Projection(Frame frame, double left, double top, double width, double height) {
    double x(double longitude) {
      return left + (longitude - frame.west()) / (frame.east() - frame.west()) * width;
    }

    double y(double latitude) {
      return top + (frame.north() - latitude) / (frame.north() - frame.south()) * height;
    }
  }

  private static double every(double span) {
    return span > 240
        ? 60
        : span > 110 ? 30 : span > 70 ? 20 : span > 40 ? 10 : span > 12 ? 5 : span > 3 ? 1 : 0.5;
  }

  private static double first(double from, double every) {
    return Math.ceil(from / every - 1e-9) * every;
  }

  private static void graticule(Svg svg, Frame frame, Projection at) {
    double every = every(frame.east() - frame.west());
    StringBuilder path = new StringBuilder();
    for (double lon = first(frame.west(), every); lon <= frame.east(); lon += every) {
      path.append(move(at.x(lon), at.y(frame.north())))
          .append(draw(at.x(lon), at.y(frame.south())));
    }
    every = every(frame.north() - frame.south());
    for (double lat = first(frame.south(), every); lat <= frame.north(); lat += every) {
      path.append(move(at.x(frame.west()), at.y(lat))).append(draw(at.x(frame.east()), at.y(lat)));
    }
    svg.path(path.toString(), GRATICULE, 0.5, "2 3");
  }

  private static void labels(Svg svg, Frame frame, Projection at) {
    double every = every(frame.east() - frame.west());
    for (double lon = first(frame.west(), every); lon <= frame.east() + 1e-9; lon += every) {
      double east = (lon + 540) % 360 - 180;
      boolean none = Math.abs(east) < 1e-9 || Math.abs(Math.abs(east) - 180) < 1e-9;
      svg.text(
          at.x(lon),
          at.y(frame.south()) + 17,
          13,
          Anchor.MIDDLE,
          Svg.SOFT,
          degrees(east) + (none ? "" : east < 0 ? "W" : "E"));
    }
    every = every(frame.north() - frame.south());
    for (double lat = first(frame.south(), every); lat <= frame.north() + 1e-9; lat += every) {
      String side = Math.abs(lat) < 1e-9 ? "" : lat < 0 ? "S" : "N";
      svg.text(at.left() - 6, at.y(lat) + 4.5, 13, Anchor.END, Svg.SOFT, degrees(lat) + side);
    }
  }

  private static String degrees(double value) {
    String text = String.format(Locale.ROOT, "%.1f", Math.abs(value));
    return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + "°";
  }

  /** Rings are drawn a turn to the west and to the east too: a grid may count either way. */
  private static void coast(Svg svg, Grid grid, Frame frame, Projection at) {
    StringBuilder path = new StringBuilder();
    for (double[][] ring : Coast.rings(frame.span())) {
      for (double turn : grid.wrapsAround() ? new double[] {0} : new double[] {-360, 0, 360}) {
        line(path, ring, turn, frame, at);
      }
    }
    svg.outlined(path.toString(), COAST, 0.9, HALO, 2.4);
  }

  /** The edge of the data at the date line and at the south pole is no coast. */
  private static void line(
      StringBuilder path, double[][] ring, double turn, Frame frame, Projection at) {
    boolean pen = false;
    for (int i = 1; i < ring.length; i++) {
      double[] a = ring[i - 1];
      double[] b = ring[i];
      boolean dateLine =
          Math.abs(a[0] - b[0]) > 180 || Math.abs(a[0]) > 179.9 && Math.abs(b[0]) > 179.9;
      if (dateLine || a[1] < -89.9 && b[1] < -89.9 || outside(a, b, turn, frame)) {
        pen = false;
        continue;
      }
      if (!pen) {
        path.append(move(at.x(a[0] + turn), at.y(a[1])));
      }
      path.append(draw(at.x(b[0] + turn), at.y(b[1])));
      pen = true;
    }
  }

  private static boolean outside(double[] a, double[] b, double turn, Frame frame) {
    return Math.max(a[0], b[0]) + turn < frame.west()
        || Math.min(a[0], b[0]) + turn > frame.east()
        || Math.max(a[1], b[1]) < frame.south()
        || Math.min(a[1], b[1]) > frame.north();
  }

  private static void bar(
      Svg svg, ColourScale colours, String units, double x, double y, double width) {
    int steps = 128;
    for (int i = 0; i < steps; i++) {
      double value = colours.low() + (i + 0.5) / steps * (colours.high() - colours.low());
      // A little over the next one, so that no seam shows.
      double wide = i == steps - 1 ? width / steps : width / steps + 0.6;
      svg.rect(x + i * width / steps, y, wide, 12, String.format("#%06x", colours.of(value)));
    }
    List<Double> all = colours.ticks();
    for (int i = 0; i < all.size(); i++) {
      double at = x + colours.share(all.get(i)) * width;
      boolean last = i == all.size() - 1;
      svg.line(at, y + 12, at, y + 15, Svg.SOFT, 1);
      svg.text(
          at,
          y + 28,
          13,
          at < x + 12 ? Anchor.START : at > x + width - 30 ? Anchor.END : Anchor.MIDDLE,
          Svg.INK,
          colours.label(all.get(i)) + (last ? " " + units : ""));
    }
  }

  private static String move(double x, double y) {
    return "M" + Svg.number(x) + " " + Svg.number(y);
  }

  private static String draw(double x, double y) {
    return "L" + Svg.number(x) + " " + Svg.number(y);
  }
}
