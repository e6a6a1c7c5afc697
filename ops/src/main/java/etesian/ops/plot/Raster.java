package etesian.ops.plot;

import etesian.ingest.field.Grid;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** A field as coloured pixels, each weighed from the four cells about it; grey where missing. */
final class Raster {
  private static final int MISSING = 0xcfd4d9;

  private final Grid grid;
  private final float[] values;
  private final ColourScale colours;

  /**
   * @param values shape (rows, columns), row-major
   */
  Raster(Grid grid, float[] values, ColourScale colours) {
    this.grid = grid;
    this.values = values;
    this.colours = colours;
  }

  /** PNG in base 64. */
  String png(Frame frame, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      double row = rowAt(frame.north() - (y + 0.5) / height * (frame.north() - frame.south()));
      for (int x = 0; x < width; x++) {
        double longitude = frame.west() + (x + 0.5) / width * (frame.east() - frame.west());
        double value = at(row, columnAt(longitude));
        image.setRGB(x, y, Double.isNaN(value) ? MISSING : colours.of(value));
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }

  /** Row as a fraction, within the grid. */
  private double rowAt(double latitude) {
    int rows = grid.rows();
    if (grid.hasEvenRows()) {
      return Math.max(
          0, Math.min(rows - 1, (grid.northDegrees() - latitude) / grid.rowStepDegrees()));
    }
    int below = 0;
    while (below < rows && grid.latitude(below) >= latitude) {
      below++;
    }
    if (below == 0 || below == rows) {
      return below == 0 ? 0 : rows - 1;
    }
    double north = grid.latitude(below - 1);
    return below - 1 + (north - latitude) / (north - grid.latitude(below));
  }

  private double columnAt(double longitude) {
    double column = (longitude - grid.westDegrees()) / grid.columnStepDegrees();
    return grid.wrapsAround()
        ? column - Math.floor(column / grid.columns()) * grid.columns()
        : column;
  }

  /** At a gap the nearest cell stands. */
  private double at(double row, double column) {
    double nearest = cell((int) Math.round(row), (int) Math.round(column));
    int above = (int) Math.floor(row);
    int left = (int) Math.floor(column);
    double down = row - above;
    double right = column - left;
    double mixed =
        (cell(above, left) * (1 - right) + cell(above, left + 1) * right) * (1 - down)
            + (cell(above + 1, left) * (1 - right) + cell(above + 1, left + 1) * right) * down;
    return Double.isNaN(mixed) || Double.isNaN(nearest) ? nearest : mixed;
  }

  private double cell(int row, int column) {
    int r = Math.min(row, grid.rows() - 1);
    int c =
        grid.wrapsAround()
            ? Math.floorMod(column, grid.columns())
            : Math.max(0, Math.min(grid.columns() - 1, column));
    return values[r * grid.columns() + c];
  }
}
