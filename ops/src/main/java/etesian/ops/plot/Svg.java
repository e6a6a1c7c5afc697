package etesian.ops.plot;

import java.util.Locale;

/** A picture in SVG, element by element. Numbers are written to a tenth of a pixel. */
final class Svg {
  static final String INK = "#1c2530";
  static final String SOFT = "#5b6773";
  static final String LINE = "#d4dae0";
  private static final double TITLE = 20;

  /** Of a title across a picture. */
  private static final double MOST_LETTERS = 54;

  private static final String FONT =
      "'DejaVu Sans', 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";

  private final StringBuilder body = new StringBuilder();
  private final double width;
  private final double height;

  Svg(double width, double height) {
    this.width = width;
    this.height = height;
    rect(0, 0, width, height, "#ffffff");
  }

  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  static String escape(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        default -> safe.append(c < ' ' ? ' ' : c);
      }
    }
    return safe.toString();
  }

  void rect(double x, double y, double w, double h, String fill) {
    element(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>",
        number(x), number(y), number(w), number(h), fill);
  }

  void frame(double x, double y, double w, double h, String stroke) {
    element(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"none\" stroke=\"%s\"/>",
        number(x), number(y), number(w), number(h), stroke);
  }

  /**
   * @param png in base 64
   */
  void image(double x, double y, double w, double h, String png) {
    element(
        "<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" preserveAspectRatio=\"none\""
            + " href=\"data:image/png;base64,%s\"/>",
        number(x), number(y), number(w), number(h), png);
  }

  /**
   * @param d commands of a path
   */
  void path(String d, String stroke, double strokeWidth, String dash) {
    element(
        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-linejoin=\"round\"%s/>",
        d, stroke, number(strokeWidth), dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\"");
  }

  /** A path with a bright rim, that is seen on dark and bright. */
  void outlined(String d, String stroke, double strokeWidth, String rim, double rimWidth) {
    element("<defs><path id=\"rim\" d=\"%s\" fill=\"none\" stroke-linejoin=\"round\"/></defs>", d);
    element(
        "<use href=\"#rim\" stroke=\"%s\" stroke-width=\"%s\" stroke-opacity=\"0.45\"/>",
        rim, number(rimWidth));
    element("<use href=\"#rim\" stroke=\"%s\" stroke-width=\"%s\"/>", stroke, number(strokeWidth));
  }

  void line(double x1, double y1, double x2, double y2, String stroke, double strokeWidth) {
    path(
        "M%s %sL%s %s".formatted(number(x1), number(y1), number(x2), number(y2)),
        stroke,
        strokeWidth,
        "");
  }

  void dot(double x, double y, double radius, String fill) {
    element(
        "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"/>",
        number(x), number(y), number(radius), fill);
  }

  /** Where the text stands at its x. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  void text(double x, double y, double size, Anchor anchor, String fill, String text) {
    text(x, y, size, anchor, fill, false, text);
  }

  /** The title, smaller where it is long. */
  void title(double x, double y, String text) {
    double size = Math.min(TITLE, TITLE * MOST_LETTERS / text.length());
    text(x, y, size, Anchor.START, INK, true, text);
  }

  private void text(
      double x, double y, double size, Anchor anchor, String fill, boolean bold, String text) {
    element(
        "<text x=\"%s\" y=\"%s\" font-size=\"%s\" text-anchor=\"%s\" fill=\"%s\"%s>%s</text>",
        number(x),
        number(y),
        number(size),
        anchor.name().toLowerCase(Locale.ROOT),
        fill,
        bold ? " font-weight=\"bold\"" : "",
        escape(text));
  }

  void clipped(String id, double x, double y, double w, double h, Runnable content) {
    element(
        "<clipPath id=\"%s\"><rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/></clipPath>",
        id, number(x), number(y), number(w), number(h));
    element("<g clip-path=\"url(#%s)\">", id);
    content.run();
    element("</g>");
  }

  private void element(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** The whole picture. */
  @Override
  public String toString() {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$s %2$s" width="%1$s" height="%2$s" font-family="%3$s">
        %4$s</svg>
        """
        .formatted(number(width), number(height), FONT, body);
  }
}
