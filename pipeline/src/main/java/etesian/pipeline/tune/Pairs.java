package etesian.pipeline.tune;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.model.CellWeights;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.NextField;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.settings.StreamSettings;
import java.util.Arrays;
import java.util.List;

/**
 * What a gridded operator learns from: the last fields of a stream as {@link Channels#CALENDAR}
 * channels, and the standardised anomalies of the next ones, in which all variables weigh alike. In
 * time order; gaps are respected.
 */
public final class Pairs {
  private final StreamSettings stream;
  private final Series series;
  private final Standardiser standardiser;
  private final int[] windows;

  Pairs(StreamSettings stream, Series series, Standardiser standardiser) {
    this.stream = stream;
    this.series = series;
    this.standardiser = standardiser;
    windows = windows(stream, series, stream.history() + 1);
  }

  /**
   * Standardised by these fields themselves.
   *
   * @param fields of the stream, in any order
   * @throws IllegalArgumentException when too few follow each other; says how many are needed
   */
  public static Pairs of(StreamSettings stream, List<Field> fields) {
    Series series = Series.of(stream, fields);
    return new Pairs(stream, series, standardiser(stream, series));
  }

  /** Other fields of the same stream, standardised as these are. */
  public Pairs with(List<Field> fields) {
    return new Pairs(stream, Series.of(stream, fields), standardiser);
  }

  static Standardiser standardiser(StreamSettings stream, Series series) {
    return Standardiser.fit(
        Harmonics.forStep(stream.step()),
        stream.variables().size(),
        series.times(),
        series.frames());
  }

  static int[] windows(StreamSettings stream, Series series, int length) {
    int[] windows = series.runs(stream, length);
    Check.that(
        windows.length >= 10,
        "stream %s: %d runs of %d fields that follow each other by %s in the training data, at"
            + " least 10 are needed; give more data or a shorter history or horizon",
        stream.name(),
        windows.length,
        length,
        stream.step());
    return windows;
  }

  /** How fields become anomalies here. */
  public Standardiser standardiser() {
    return standardiser;
  }

  public int size() {
    return windows.length;
  }

  /** Channels of an input. */
  public int channels() {
    return Channels.CALENDAR.count(stream.variables().size(), stream.history(), stream.step());
  }

  /**
   * Cells count by the weight of their row, and only where no field of some variable misses them;
   * what another one misses there is an anomaly of 0.
   */
  public Loss loss(Loss.Measure measure) {
    Grid grid = stream.grid();
    return Loss.weighted(measure, CellWeights.byRow(grid), series.alwaysPresent(grid.cells()));
  }

  /** The pairs from (inclusive) to (exclusive). */
  public Samples samples(int from, int to) {
    int[] chosen = Arrays.copyOfRange(windows, from, to);
    int history = stream.history();
    return NextField.samples(
        stream,
        Channels.CALENDAR,
        standardiser,
        Arrays.stream(chosen).mapToObj(first -> series.times().get(first + history - 1)).toList(),
        Arrays.stream(chosen)
            .mapToObj(first -> series.frames().subList(first, first + history + 1))
            .toList());
  }
}
