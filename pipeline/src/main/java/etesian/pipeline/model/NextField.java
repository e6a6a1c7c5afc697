package etesian.pipeline.model;

import etesian.ingest.field.Grid;
import etesian.operators.Tensor;
import etesian.operators.training.Samples;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.util.List;

/** The next field from the last ones, as a gridded operator learns it. */
public final class NextField {
  private NextField() {}

  /**
   * Inputs are {@link Channels} of the history, targets the anomalies of the field after it.
   *
   * @param newestAt valid time of the newest field of each history
   * @param windows for each of them the history and the next field, oldest first, a {@link Stack}
   *     each; fields after those are not looked at
   * @return of shapes (windows, channels, rows, columns) and (windows, variables, rows, columns)
   */
  public static Samples samples(
      StreamSettings stream,
      Channels channels,
      Standardiser standardiser,
      List<Instant> newestAt,
      List<List<float[]>> windows) {
    Grid grid = stream.grid();
    int variables = stream.variables().size();
    int count = channels.count(variables, stream.history(), stream.step());
    int input = count * grid.cells();
    int target = variables * grid.cells();
    float[] inputs = new float[windows.size() * input];
    float[] targets = new float[windows.size() * target];
    for (int i = 0; i < windows.size(); i++) {
      List<float[]> fields = windows.get(i);
      channels.write(
          fields.subList(0, stream.history()),
          newestAt.get(i),
          stream.step(),
          grid,
          standardiser,
          inputs,
          i * input);
      standardiser.anomalies(
          fields.get(stream.history()),
          standardiser.climatologyAt(stream.timeAfter(newestAt.get(i), 1)),
          targets,
          i * target);
    }
    return new Samples(
        new Tensor(inputs, windows.size(), count, grid.rows(), grid.columns()),
        new Tensor(targets, windows.size(), variables, grid.rows(), grid.columns()));
  }
}
