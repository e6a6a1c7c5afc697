package etesian.ops.compare;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.operators.m2no.M2noSettings;
import etesian.operators.training.Loss;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.tune.Pairs;
import java.util.List;

/**
 * The standardised anomalies of a series of fields, one step ahead: learned from the first 70 % of
 * the times, of which the last tenth is for validation; judged on the others.
 */
final class SeriesTask {
  private SeriesTask() {}

  /**
   * @param past the fields that may be learned from
   * @param fields all fields of the stream
   */
  static Task of(StreamSettings stream, List<Field> past, List<Field> fields) {
    Pairs pairs = Pairs.of(stream, past);
    Pairs later =
        pairs.with(
            fields.stream()
                .filter(stream::takes)
                .filter(field -> !field.frame().validAt().isBefore(stream.issueFrom()))
                .toList());
    int split = (int) (0.9 * pairs.size());
    Grid grid = stream.grid();
    return new Task(
        stream.name() + " " + grid.rows() + "x" + grid.columns(),
        M2noSettings.forGrid(
                pairs.channels(),
                stream.variables().size(),
                grid.rows(),
                grid.columns(),
                grid.wrapsAround())
            .withResidual(true),
        pairs.loss(Loss.Measure.RELATIVE_L2),
        pairs.samples(0, split),
        pairs.samples(split, pairs.size()),
        later.samples(0, later.size()));
  }
}
