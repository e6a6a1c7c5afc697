package etesian.pipeline.ensemble;

import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import etesian.pipeline.settings.EnsembleSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the members of an ensemble begin, in this order:
 *
 * <ul>
 *   <li>the window as it is: the control
 *   <li>the perturbed ones, {@code x + amplitude * s * f}, with the climatological deviation s of a
 *       cell and a {@link RandomField} f of each variable; the same in every frame of the window,
 *       so that the tendencies in it stay as observed. With pairs every other one is {@code x -
 *       amplitude * s * f}
 *   <li>the lagged ones, from the window as it was 1, 2, ... steps earlier
 * </ul>
 *
 * A missing cell stays missing. Noise is drawn for each (seed, stream, variable, issue time, draw),
 * so that a replay and a revision get the same. Not for several threads.
 */
public final class Beginnings {
  private final EnsembleSettings settings;
  private final String stream;
  private final Grid grid;
  private RandomField noise; // made when it is first needed: its tables take time

  public Beginnings(EnsembleSettings settings, String stream, Grid grid) {
    this.settings = settings;
    this.stream = stream;
    this.grid = grid;
  }

  /**
   * @param window frames of the window, oldest first, with those that the lagged members begin
   *     from; each holds the variables one after another, shape (variables, cells). Where the
   *     window is too short for all lagged members, perturbed ones take the place of the others
   * @param history frames of a member
   * @param runs how many members
   * @param variables their names
   * @param deviations of their anomalies, shape (variables, cells)
   */
  public List<Member> of(
      List<float[]> window,
      int history,
      int runs,
      List<String> variables,
      float[] deviations,
      Instant issueTime) {
    int older = window.size() - history;
    Check.that(older >= 0, "%d frames for members of %d", window.size(), history);
    int lagged = Math.min(Math.min(settings.lagged(), older), runs - 1);
    List<float[]> newest = window.subList(older, window.size());
    List<Member> members = new ArrayList<>(runs);
    members.add(new Member(0, newest));
    float[] drawn = null;
    for (int i = 0; i < runs - 1 - lagged; i++) {
      boolean mirrored = settings.pairs() && i % 2 == 1;
      if (!mirrored) {
        int draw = settings.pairs() ? i / 2 : i;
        drawn = draw(variables, deviations, issueTime, draw);
      }
      float[] added = drawn;
      float sign = mirrored ? -1 : 1;
      members.add(new Member(0, newest.stream().map(frame -> plus(frame, sign, added)).toList()));
    }
    for (int lag = 1; lag <= lagged; lag++) {
      members.add(new Member(lag, window.subList(older - lag, window.size() - lag)));
    }
    return members;
  }

  /** The noise of all variables, in their units. */
  private float[] draw(List<String> variables, float[] deviations, Instant issueTime, int draw) {
    if (noise == null) {
      noise = new RandomField(grid, settings.exponent(), settings.lengthKilometres());
    }
    float[] all = new float[deviations.length];
    int cells = grid.cells();
    for (int variable = 0; variable < variables.size(); variable++) {
      float[] field =
          noise.draw(Seeds.of(settings.seed(), stream, variables.get(variable), issueTime, draw));
      for (int cell = 0; cell < cells; cell++) {
        int at = variable * cells + cell;
        all[at] = (float) (settings.amplitude() * deviations[at] * field[cell]);
      }
    }
    return all;
  }

  private static float[] plus(float[] frame, float sign, float[] noise) {
    float[] sum = new float[frame.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = frame[i] + sign * noise[i];
    }
    return sum;
  }
}
