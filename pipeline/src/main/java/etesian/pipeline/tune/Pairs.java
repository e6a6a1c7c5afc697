package etesian.pipeline.tune;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.operators.Tensor;
import etesian.operators.training.Loss;
import etesian.operators.training.Samples;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
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
    return Loss.weighted(measure, latitudeWeights(grid), series.alwaysPresent(grid.cells()));
  }

  /** Above 0 also where a row lies on a pole. */
  static float[] latitudeWeights(Grid grid) {
    float[] weights = new float[grid.rows()];
    for (int row = 0; row < weights.length; row++) {
      weights[row] = (float) Math.max(1e-6, grid.weight(row));
    }
    return weights;
  }

  /** The pairs from (inclusive) to (exclusive). */
  public Samples samples(int from, int to) {
    int[] chosen = Arrays.copyOfRange(windows, from, to);
    return new Samples(inputs(chosen), targets(chosen));
  }

  private Tensor inputs(int[] chosen) {
    Grid grid = stream.grid();
    int sample = channels() * grid.cells();
    float[] values = new float[chosen.length * sample];
    for (int i = 0; i < chosen.length; i++) {
      int newest = chosen[i] + stream.history() - 1;
      Instant newestAt = series.times().get(newest);
      Channels.CALENDAR.write(
          series.frames().subList(chosen[i], newest + 1),
          newestAt,
          stream.step(),
          grid,
          standardiser,
          values,
          i * sample);
    }
    return new Tensor(values, chosen.length, channels(), grid.rows(), grid.columns());
  }

  private Tensor targets(int[] chosen) {
    Grid grid = stream.grid();
    int variables = stream.variables().size();
    int frame = variables * grid.cells();
    float[] values = new float[chosen.length * frame];
    for (int i = 0; i < chosen.length; i++) {
      int next = chosen[i] + stream.history();
      standardiser.anomalies(
          series.frames().get(next),
          standardiser.climatologyAt(series.times().get(next)),
          values,
          i * frame);
    }
    return new Tensor(values, chosen.length, variables, grid.rows(), grid.columns());
  }
}
