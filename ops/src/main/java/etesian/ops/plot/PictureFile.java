package etesian.ops.plot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/** Pictures in a folder: SVG always, PNG where this Java can draw letters. */
final class PictureFile {
  /** Pixels of the PNG for each unit of the picture. */
  private static final int FINE = 2;

  private final Path folder;
  private final Consumer<String> say;
  private final boolean letters;

  /**
   * @param say gets the name of each file, and why there is no PNG
   */
  PictureFile(Path folder, Consumer<String> say) {
    this.folder = folder;
    this.say = say;
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
    letters = canDrawLetters(say);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder " + folder, e);
    }
  }

  /** A bare Java has no fonts of its own, and asks a system library for those that it lacks. */
  private static boolean canDrawLetters(Consumer<String> say) {
    try {
      return new Font(Font.SANS_SERIF, Font.PLAIN, 12)
              .getStringBounds("x", new FontRenderContext(null, true, true))
              .getWidth()
          > 0;
    } catch (LinkageError | InternalError | RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      say.accept(
          "SVG only, no PNG: this Java finds no fonts (%s); install fontconfig and a font"
              .formatted(cause.getMessage()));
      return false;
    }
  }

  /**
   * @param name without the ending
   */
  void write(String name, Svg picture) {
    byte[] svg = picture.toString().getBytes(UTF_8);
    Path file = folder.resolve(name + ".svg");
    try {
      Files.write(file, svg);
      if (letters) {
        ImageIO.write(render(svg), "png", folder.resolve(name + ".png").toFile());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    say.accept(file.toString());
  }

  private static BufferedImage render(byte[] svg) {
    SVGDocument document =
        Objects.requireNonNull(
            new SVGLoader()
                .load(new ByteArrayInputStream(svg), null, LoaderContext.createDefault()),
            "a picture that cannot be read back");
    int width = Math.round(document.size().width * FINE);
    int height = Math.round(document.size().height * FINE);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    document.render(null, graphics, new ViewBox(0, 0, width, height));
    graphics.dispose();
    return image;
  }
}
