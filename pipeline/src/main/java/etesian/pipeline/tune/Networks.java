package etesian.pipeline.tune;

import etesian.ingest.field.Grid;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.m2no.Poles;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The network that a stream on a latitude-longitude grid begins with. */
final class Networks {
  private Networks() {}

  static M2noSettings of(StreamSettings stream, int channels) {
    Grid grid = stream.grid();
    List<StreamVariable> variables = stream.variables();
    Set<Integer> turning =
        IntStream.range(0, stream.history() * variables.size()) // as Channels orders them
            .filter(channel -> variables.get(channel % variables.size()).isComponent())
            .boxed()
            .collect(Collectors.toSet());
    return M2noSettings.forGrid(
            channels,
            variables.size(),
            grid.rows(),
            grid.columns(),
            grid.wrapsAround(),
            poles(grid),
            turning)
        .withResidual(true);
  }

  /**
   * Rows that end on both poles, or half a step before them; a globe may also lack its caps. Rows
   * of a Gaussian grid end before the poles too, 0.77 of a step.
   */
  static Poles poles(Grid grid) {
    if (!grid.wrapsAround() || grid.columns() % 2 != 0 || grid.rows() < 2) {
      return Poles.NONE;
    }
    double half = (grid.latitude(0) - grid.latitude(1)) / 2;
    double north = 90 - grid.latitude(0);
    double south = 90 + grid.latitude(grid.rows() - 1);
    double tolerance = 0.1 * half;
    if (!grid.hasEvenRows() && north > tolerance && south > tolerance) {
      boolean whole = grid.northEdge(0) == 90 && grid.southEdge(grid.rows() - 1) == -90;
      return whole ? Poles.BETWEEN_ROWS : Poles.NONE;
    }
    if (Math.abs(north) < tolerance && Math.abs(south) < tolerance) {
      return Poles.ON_ROWS;
    }
    return Math.abs(north - half) < tolerance && Math.abs(south - half) < tolerance
        ? Poles.BETWEEN_ROWS
        : Poles.NONE;
  }
}
