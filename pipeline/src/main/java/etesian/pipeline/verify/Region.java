package etesian.pipeline.verify;

import etesian.ingest.field.Grid;
import etesian.pipeline.settings.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The cells of a grid that are compared together: those whose centre lies in a box. Their weights
 * are those in the whole grid.
 *
 * @param cells ascending, never written after construction
 */
record Region(String name, int[] cells) {
  /** Name of the whole grid. */
  static final String EVERYWHERE = "";

  /** Every cell of a grid of so many. */
  static Region everywhere(int cells) {
    return new Region(EVERYWHERE, IntStream.range(0, cells).toArray());
  }

  /** The boxes in their order, without those that hold no cell. */
  static List<Region> of(Map<String, Box> boxes, Grid grid) {
    List<Region> regions = new ArrayList<>();
    boxes.forEach(
        (name, box) -> {
          int[] cells =
              IntStream.range(0, grid.cells())
                  .filter(
                      cell ->
                          box.holds(
                              grid.latitude(cell / grid.columns()),
                              grid.longitude(cell % grid.columns())))
                  .toArray();
          if (cells.length > 0) {
            regions.add(new Region(name, cells));
          }
        });
    return regions;
  }
}
