package etesian.pipeline.learn;

import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import etesian.operators.Tensor;
import etesian.operators.physics.Equation;
import etesian.operators.physics.PhysicsTerm;
import etesian.operators.physics.StepResidual;
import etesian.operators.physics.StepResidual.Size;
import etesian.operators.physics.Surface;
import etesian.operators.training.Samples;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.settings.PhysicsSettings;
import etesian.pipeline.settings.PhysicsSettings.Wind;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The equation of a stream on its grid: a term for its lessons, and how well observed fields obey
 * it. A linear equation is that of the anomalies in the unit of the variable, whose usual balance
 * with what the equation lacks is the climatology; another one is that of the field itself.
 */
final class Physics implements AutoCloseable {
  private static final int MOST_WINDOWS = 256; // of a lesson; a step draws a few of them
  private static final double EARTH = 4 * Math.PI / 86_164; // twice its angular speed

  private final StreamSettings stream;
  private final PhysicsSettings settings;
  private final Equation equation;
  private final StepResidual residual;

  /**
   * @param present shape (variables, rows, columns), false where a value is ever missing
   * @throws IllegalArgumentException the grid is too small for derivatives; says how
   */
  Physics(StreamSettings stream, PhysicsSettings settings, boolean[] present) {
    this.stream = stream;
    this.settings = settings;
    equation = equation();
    Grid grid = stream.grid();
    boolean[] known = new boolean[grid.cells()];
    Arrays.fill(known, true);
    for (int variable : List.of(about(), index(settings.u()), index(settings.v()))) {
      for (int cell = 0; cell < known.length && variable >= 0; cell++) {
        known[cell] &= present[variable * known.length + cell];
      }
    }
    residual =
        new StepResidual(
            equation,
            Surface.sphere(grid.latitudes(), grid.columnStepDegrees(), grid.wrapsAround(), known),
            PhysicsSettings.length(stream.step()).toMillis() / 1e3,
            Math.min(stream.history(), StepResidual.MOST_FIELDS));
  }

  private Equation equation() {
    return switch (settings.equation()) {
      case ADVECTION_DIFFUSION -> new Equation.AdvectionDiffusion(settings.diffusivity());
      case BAROTROPIC_VORTICITY ->
          new Equation.BarotropicVorticity(
              settings.geopotential(stream.variables())
                  / (EARTH * Math.sin(Math.toRadians(settings.latitude()))),
              settings.diffusivity());
    };
  }

  private int about() {
    return settings.index(stream.variables());
  }

  private int index(Wind wind) {
    return PhysicsSettings.index(wind, stream.variables());
  }

  /**
   * The residual in what an operator makes of any history among the fields, whether its next field
   * is there or not.
   *
   * @param fields by valid time
   */
  PhysicsTerm term(
      Channels channels, Standardiser standardiser, NavigableMap<Instant, float[]> fields) {
    List<Instant> all = fields.keySet().stream().filter(at -> history(at, fields) != null).toList();
    List<Instant> chosen = spread(all);
    List<Instant> followed =
        spread(all.stream().filter(at -> fields.containsKey(stream.timeAfter(at, 1))).toList());
    Check.that(
        !followed.isEmpty(),
        "no %d fields follow each other by %s: the equation has nothing to be compared with",
        stream.history() + 1,
        stream.step());
    Size observed = observed(standardiser, fields, followed);
    int cells = stream.grid().cells();
    Check.that(
        observed.tendency() > 0 && Double.isFinite(observed.residual()),
        "the observed fields do not change where the equation is known");
    return new PhysicsTerm(
        settings.weight(),
        residual,
        windows(channels, standardiser, fields, chosen),
        about(),
        Arrays.copyOfRange(standardiser.deviations(), about() * cells, (about() + 1) * cells),
        observed.residual(),
        observed.tendency());
  }

  /** Root of the mean square residual of the first target over that of its tendency. */
  double ratio(Standardiser standardiser, Window window) {
    NavigableMap<Instant, float[]> fields = new TreeMap<>();
    for (int i = 0; i <= stream.history(); i++) {
      fields.put(
          stream.timeAfter(window.issueTime(), i - stream.history() + 1L), window.fields().get(i));
    }
    return observed(standardiser, fields, List.of(window.issueTime())).ratio();
  }

  private static List<Instant> spread(List<Instant> times) {
    if (times.size() <= MOST_WINDOWS) {
      return times;
    }
    List<Instant> chosen = new ArrayList<>();
    for (int i = 0; i < MOST_WINDOWS; i++) {
      chosen.add(times.get((int) ((i + 1L) * times.size() / MOST_WINDOWS) - 1)); // the newest, too
    }
    return chosen;
  }

  /** Oldest first; null when one is missing. */
  private List<float[]> history(Instant newest, Map<Instant, float[]> fields) {
    List<float[]> history = new ArrayList<>();
    for (int i = 1 - stream.history(); i <= 0; i++) {
      float[] field = fields.get(stream.timeAfter(newest, i));
      if (field == null) {
        return null;
      }
      history.add(field);
    }
    return history;
  }

  private Size observed(
      Standardiser standardiser, NavigableMap<Instant, float[]> fields, List<Instant> newest) {
    Grid grid = stream.grid();
    float[] later = new float[newest.size() * grid.cells()];
    for (int i = 0; i < newest.size(); i++) {
      Instant next = stream.timeAfter(newest.get(i), 1);
      state(standardiser, fields.get(next), next, later, i * grid.cells());
    }
    return residual.size(
        new Tensor(later, newest.size(), 1, grid.rows(), grid.columns()),
        before(standardiser, fields, newest, StepResidual.WINDS + residual.fields()));
  }

  private Samples windows(
      Channels channels,
      Standardiser standardiser,
      NavigableMap<Instant, float[]> fields,
      List<Instant> newest) {
    Grid grid = stream.grid();
    int count = channels.count(stream.variables().size(), stream.history(), stream.step());
    float[] input = new float[newest.size() * count * grid.cells()];
    for (int i = 0; i < newest.size(); i++) {
      channels.write(
          history(newest.get(i), fields),
          newest.get(i),
          stream.step(),
          grid,
          standardiser,
          input,
          i * count * grid.cells());
    }
    int known = StepResidual.WINDS + residual.fields() + 1;
    Tensor before = before(standardiser, fields, newest, known);
    if (!equation.linear()) {
      for (int i = 0; i < newest.size(); i++) {
        float[] base = standardiser.climatologyAt(stream.timeAfter(newest.get(i), 1));
        int offset = (i * known + known - 1) * grid.cells();
        copy(base, about(), before.values(), offset);
      }
    }
    return new Samples(
        new Tensor(input, newest.size(), count, grid.rows(), grid.columns()), before);
  }

  /** Winds and fields, newest first, and zeros in what channels are left. */
  private Tensor before(
      Standardiser standardiser,
      NavigableMap<Instant, float[]> fields,
      List<Instant> newest,
      int channels) {
    Grid grid = stream.grid();
    float[] values = new float[newest.size() * channels * grid.cells()];
    for (int i = 0; i < newest.size(); i++) {
      int offset = i * channels * grid.cells();
      float[] now = fields.get(newest.get(i));
      wind(settings.u(), now, values, offset);
      wind(settings.v(), now, values, offset + grid.cells());
      for (int j = 0; j < residual.fields(); j++) {
        Instant at = stream.timeAfter(newest.get(i), -j);
        int channel = StepResidual.WINDS + j;
        state(standardiser, fields.get(at), at, values, offset + channel * grid.cells());
      }
    }
    return new Tensor(values, newest.size(), channels, grid.rows(), grid.columns());
  }

  private void wind(Wind wind, float[] now, float[] target, int offset) {
    if (index(wind) < 0) {
      Arrays.fill(target, offset, offset + stream.grid().cells(), (float) wind.speed());
    } else {
      copy(now, index(wind), target, offset);
    }
  }

  /** What the equation is about, in the unit of the variable; 0 where it is missing. */
  private void state(
      Standardiser standardiser, float[] field, Instant at, float[] target, int offset) {
    copy(field, about(), target, offset);
    if (equation.linear()) {
      float[] normal = standardiser.climatologyAt(at);
      int first = about() * stream.grid().cells();
      for (int cell = 0; cell < stream.grid().cells(); cell++) {
        float anomaly = field[first + cell] - normal[first + cell];
        target[offset + cell] = Float.isNaN(anomaly) ? 0 : anomaly;
      }
    }
  }

  private void copy(float[] stack, int variable, float[] target, int offset) {
    int cells = stream.grid().cells();
    for (int cell = 0; cell < cells; cell++) {
      float value = stack[variable * cells + cell];
      target[offset + cell] = Float.isNaN(value) ? 0 : value;
    }
  }

  @Override
  public void close() {
    residual.close();
  }
}
