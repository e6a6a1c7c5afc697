package etesian.ops.compare;

import etesian.ingest.field.Field;
import etesian.ingest.field.Grid;
import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.operators.Weights;
import etesian.operators.training.Loss;
import etesian.ops.bench.ResidentMemory;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.settings.ModelKind;
import etesian.pipeline.settings.NetworkSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.tune.FirstWeights;
import etesian.pipeline.tune.Networks;
import etesian.pipeline.tune.Pairs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A series of fields as a stream learns it ({@code etesian train}) and forecasts it: learned from
 * the first 70 % of the times, judged by rollouts that begin in the others. Errors are those of the
 * standardised anomalies, so that climatology has the error 1; cells count by their area, where no
 * field misses them. Persistence is that of the anomaly.
 */
final class SeriesChallenge implements Challenge {
  /** Rollouts; more of them differ little, as they overlap. */
  private static final int MOST_STARTS = 40;

  private static final int BATCH = 8;

  private final StreamSettings stream;
  private final List<Field> past;
  private final NavigableMap<Instant, float[]> frames = new TreeMap<>();
  private final Pairs pairs;

  /**
   * @param stream that the fields could be
   * @param past the fields that may be learned from
   * @param fields all fields of the stream
   */
  SeriesChallenge(StreamSettings stream, List<Field> past, List<Field> fields) {
    this.stream = stream;
    this.past = past;
    pairs = Pairs.of(stream, past);
    fields.stream()
        .filter(stream::takes)
        .forEach(field -> frames.put(field.frame().validAt(), field.toArray()));
  }

  @Override
  public String name() {
    Grid grid = stream.grid();
    return stream.name() + " " + grid.rows() + "x" + grid.columns();
  }

  @Override
  public List<ModelKind> models() {
    return Arrays.stream(ModelKind.values())
        .filter(kind -> kind != ModelKind.SMNN) // gives all leads at once
        .filter(kind -> NetworkSettings.DEFAULT.problem(kind, stream.grid()).isEmpty())
        .toList();
  }

  @Override
  public TrainableOperator untrained(ModelKind kind, long seed) {
    return Networks.create(stream.with(kind, NetworkSettings.DEFAULT), pairs.channels(), seed);
  }

  @Override
  public Tensor input() {
    return pairs.samples(0, 1).input();
  }

  @Override
  public Learned learn(ModelKind kind, Duration budget, long seed, int steps) {
    StreamSettings own = stream.with(kind, NetworkSettings.DEFAULT);
    ResidentMemory.Growth memory = ResidentMemory.watch();
    long start = System.nanoTime();
    Weights weights = new FirstWeights(budget, (name, done, loss) -> {}).train(own, past);
    double seconds = (System.nanoTime() - start) / 1e9;
    double mib = memory.mib();
    try (Forecaster forecaster = Forecasters.load(weights, own)) {
      return new Learned(
          seconds, mib, new Errors(errors(forecaster, Standardiser.of(weights), steps), Map.of()));
    }
  }

  private double[] errors(Forecaster forecaster, Standardiser standardiser, int steps) {
    List<Instant> starts = starts(steps);
    List<List<float[]>> histories = new ArrayList<>();
    for (Instant start : starts) {
      List<float[]> history = new ArrayList<>();
      for (int back = stream.history() - 1; back >= 0; back--) {
        history.add(frames.get(stream.timeAfter(start, -back)));
      }
      histories.add(history);
    }
    double[] errors = new double[steps];
    for (int step = 1; step <= steps; step++) {
      for (int from = 0; from < starts.size(); from += BATCH) {
        List<Forecaster.Carry> batch = new ArrayList<>();
        for (int i = from; i < Math.min(starts.size(), from + BATCH); i++) {
          Instant newestAt = stream.timeAfter(starts.get(i), step - 1L);
          batch.add(new Forecaster.Carry(List.copyOf(histories.get(i)), newestAt));
        }
        List<List<float[]>> next = forecaster.advance(batch);
        for (int i = 0; i < next.size(); i++) {
          List<float[]> history = histories.get(from + i);
          history.remove(0);
          history.add(next.get(i).get(0));
        }
      }
      List<float[]> forecasts =
          histories.stream().map(history -> history.get(stream.history() - 1)).toList();
      errors[step - 1] = error(standardiser, starts, forecasts, step);
    }
    return errors;
  }

  private double error(
      Standardiser standardiser, List<Instant> starts, List<float[]> forecasts, int step) {
    List<Instant> times = starts.stream().map(start -> stream.timeAfter(start, step)).toList();
    Tensor truth = anomalies(standardiser, times, times.stream().map(frames::get).toList());
    return pairs
        .loss(Loss.Measure.RELATIVE_L2)
        .value(anomalies(standardiser, times, forecasts), truth);
  }

  private Tensor anomalies(Standardiser standardiser, List<Instant> times, List<float[]> values) {
    Grid grid = stream.grid();
    float[] all = new float[times.size() * grid.cells()];
    for (int i = 0; i < times.size(); i++) {
      float[] climatology = standardiser.climatologyAt(times.get(i));
      standardiser.anomalies(values.get(i), climatology, all, i * grid.cells());
    }
    return new Tensor(all, times.size(), 1, grid.rows(), grid.columns());
  }

  /** Times that were not learned from, with all that a rollout begins with and is compared with. */
  private List<Instant> starts(int steps) {
    List<Instant> possible =
        frames.tailMap(stream.issueFrom()).keySet().stream()
            .filter(start -> isComplete(start, steps))
            .toList();
    if (possible.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: no %d fields in a row among the last 30 %% of the times, expected at least once"
              .formatted(name(), stream.history() + steps));
    }
    int every = (possible.size() + MOST_STARTS - 1) / MOST_STARTS;
    List<Instant> starts = new ArrayList<>();
    for (int i = 0; i < possible.size(); i += every) {
      starts.add(possible.get(i));
    }
    return starts;
  }

  private boolean isComplete(Instant start, int steps) {
    for (int step = 1 - stream.history(); step <= steps; step++) {
      Instant time = stream.timeAfter(start, step);
      if (time.isBefore(stream.issueFrom()) || !frames.containsKey(time)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Errors persistence(int steps) {
    Standardiser standardiser = pairs.standardiser();
    List<Instant> starts = starts(steps);
    Loss loss = pairs.loss(Loss.Measure.RELATIVE_L2);
    Tensor first = anomalies(standardiser, starts, starts.stream().map(frames::get).toList());
    double[] errors = new double[steps];
    for (int step = 1; step <= steps; step++) {
      long lead = step;
      List<Instant> times = starts.stream().map(start -> stream.timeAfter(start, lead)).toList();
      List<float[]> truth = times.stream().map(frames::get).toList();
      errors[step - 1] = loss.value(first, anomalies(standardiser, times, truth));
    }
    return new Errors(errors, Map.of());
  }
}
