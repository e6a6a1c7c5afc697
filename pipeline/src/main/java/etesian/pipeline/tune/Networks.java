package etesian.pipeline.tune;

import etesian.ingest.field.Grid;
import etesian.operators.TrainableOperator;
import etesian.operators.fourier.Architecture;
import etesian.operators.fourier.Fno;
import etesian.operators.fourier.FnoSettings;
import etesian.operators.m2no.M2no;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.m2no.Poles;
import etesian.operators.spectral.Nsm;
import etesian.operators.spectral.NsmSettings;
import etesian.pipeline.settings.ModelKind;
import etesian.pipeline.settings.NetworkSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The network that a stream on a latitude-longitude grid begins with. All give increments:
 * untrained they are persistence.
 */
public final class Networks {
  private static final int NSM_WIDTH = 32;
  private static final int NSM_LAYERS = 4;
  private static final int MOST_POLYNOMIALS = 24;
  private static final int MOST_WAVES = 31;

  private Networks() {}

  /**
   * An untrained network from field to field; equal seeds give equal parameters.
   *
   * @param channels of its input
   * @throws IllegalArgumentException it does not fit the grid; says why and what would
   */
  public static TrainableOperator create(StreamSettings stream, int channels, long seed) {
    ModelKind kind = ModelKind.of(stream.model());
    Grid grid = stream.grid();
    stream
        .network()
        .problem(kind, grid)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("stream %s: %s".formatted(stream.name(), problem));
            });
    return switch (kind) {
      case M2NO -> M2no.create(of(stream, channels), seed);
      case FNO -> Fno.create(fourier(Architecture.FNO, stream, channels), seed);
      case TFNO -> Fno.create(fourier(Architecture.TFNO, stream, channels), seed);
      case UNO -> Fno.create(fourier(Architecture.UNO, stream, channels), seed);
      case SFNO ->
          Fno.create(
              fourier(Architecture.SFNO, stream, channels)
                  .withSphereGrid(NetworkSettings.sphere(grid).orElseThrow()),
              seed);
      case NSM -> Nsm.create(spectral(stream, channels), seed);
      case SMNN -> throw new IllegalArgumentException("smnn is no network from field to field");
    };
  }

  private static FnoSettings fourier(Architecture kind, StreamSettings stream, int channels) {
    Grid grid = stream.grid();
    NetworkSettings asked = stream.network();
    FnoSettings.Size usual = FnoSettings.Size.of(kind, grid.rows(), grid.columns());
    FnoSettings.Size size =
        new FnoSettings.Size(
            asked.width() > 0 ? asked.width() : usual.hidden(),
            asked.layers() > 0 ? asked.layers() : usual.layers(),
            asked.modes().isEmpty() ? usual.modes() : asked.modes(),
            asked.rank() > 0 ? asked.rank() : usual.rank());
    return FnoSettings.forGrid(
            kind,
            channels,
            stream.variables().size(),
            grid.rows(),
            grid.columns(),
            grid.wrapsAround(),
            size)
        .withResidual(true);
  }

  private static NsmSettings spectral(StreamSettings stream, int channels) {
    Grid grid = stream.grid();
    NetworkSettings asked = stream.network();
    List<Integer> modes = new ArrayList<>(asked.modes());
    if (modes.isEmpty()) {
      if (grid.rows() > 1) {
        modes.add(Math.min(MOST_POLYNOMIALS, grid.rows()));
      }
      modes.add(Math.min(grid.wrapsAround() ? MOST_WAVES : MOST_POLYNOMIALS, grid.columns()));
    }
    return NsmSettings.forGrid(
        channels,
        stream.variables().size(),
        grid.rows(),
        grid.columns(),
        grid.wrapsAround(),
        asked.width() > 0 ? asked.width() : NSM_WIDTH,
        asked.layers() > 0 ? asked.layers() : NSM_LAYERS,
        modes);
  }

  /** M2NO. */
  static M2noSettings of(StreamSettings stream, int channels) {
    Grid grid = stream.grid();
    List<StreamVariable> variables = stream.variables();
    Set<Integer> turning =
        IntStream.range(0, stream.history() * variables.size()) // as Channels orders them
            .filter(channel -> variables.get(channel % variables.size()).isComponent())
            .boxed()
            .collect(Collectors.toSet());
    M2noSettings usual =
        M2noSettings.forGrid(
                channels,
                variables.size(),
                grid.rows(),
                grid.columns(),
                grid.wrapsAround(),
                poles(grid),
                turning)
            .withResidual(true);
    NetworkSettings asked = stream.network();
    int c = asked.width() > 0 ? asked.width() / NetworkSettings.M2NO_FUNCTIONS : usual.c();
    return usual
        .withWidth(usual.k(), c)
        .withNumLayers(asked.layers() > 0 ? asked.layers() : usual.numLayers());
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
