package etesian.pipeline.tune;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.wire.CodeVersion;
import etesian.operators.TrainableOperator;
import etesian.operators.Weights;
import etesian.operators.smnn.DailyCorrectionTrainer;
import etesian.operators.smnn.EncoderTrainer;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.operators.smnn.MechanisticTrainer;
import etesian.operators.training.Loss;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingSettings;
import etesian.pipeline.model.CellWeights;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The weights that a stream starts with, trained on fields of its past. The last part of the
 * training times decides when to stop, and whether a simpler model does as well; later times are
 * never seen.
 */
public final class FirstWeights {
  private static final double VALIDATION_SHARE = 0.1;

  /** Consecutive windows of all leads differ little, so it takes more of them to choose by. */
  private static final double MECHANISTIC_VALIDATION_SHARE = 0.2;

  private static final long SEED = 1;

  /** Pairs of a batch; of a short series fewer than most, so that an epoch has some steps. */
  private static final int MOST = 32;

  private static final int FEWEST = 4;
  private static final int STEPS_OF_AN_EPOCH = 8;

  private final Duration budget;
  private final Progress progress;
  private final boolean encoded;

  /** Told how training goes, from any thread of the trainer. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param done share of the work by whichever limit is nearer; 1 at the end, which may come
     *     early
     * @param loss of the validation part, relative to its own scale
     */
    void report(String stream, double done, double loss);
  }

  /**
   * @param budget wall time of one training
   */
  public FirstWeights(Duration budget, Progress progress) {
    this(budget, progress, true);
  }

  private FirstWeights(Duration budget, Progress progress, boolean encoded) {
    this.budget = budget;
    this.progress = progress;
    this.encoded = encoded;
  }

  /** The same without the encoder of S-MNN, which learning on the stream does not keep. */
  public FirstWeights withoutEncoder() {
    return new FirstWeights(budget, progress, false);
  }

  /**
   * @param fields of the stream, in any order; gaps are respected
   * @throws IllegalArgumentException when there are too few fields in a row; says how many are
   *     needed
   */
  public Weights train(StreamSettings stream, List<Field> fields) {
    Series series =
        Series.of(stream, fields.stream().filter(stream::takes).map(stream::onGrid).toList());
    Check.that(
        series.size() > 0,
        "stream %s: no field of %s on %s in the training data%s",
        stream.name(),
        stream.variables().stream()
            .map(StreamVariable::toString)
            .collect(Collectors.joining(" with ")),
        stream.grid(),
        stream.variables().size() == 1 ? "" : ": all of the same time are needed");
    Standardiser standardiser = Pairs.standardiser(stream, series);
    boolean mechanistic = stream.model().equals("smnn");
    Tally tally = new Tally(stream.name());
    Weights operator =
        mechanistic
            ? mechanistic(stream, series, standardiser, tally)
            : gridded(stream, series, standardiser, tally);
    Channels channels = mechanistic ? channels(operator) : Channels.CALENDAR;
    progress.report(stream.name(), 1, tally.loss);
    return Forecasters.complete(
        operator, StreamCard.of(stream), channels, standardiser, lineage(series));
  }

  private static Channels channels(Weights mechanistic) {
    return MechanisticForecaster.of(mechanistic).phases() > 1 ? Channels.HOURS : Channels.HISTORY;
  }

  /** Remembers the least loss: training keeps the weights that had it. */
  private final class Tally {
    private final String stream;
    private double loss = Double.POSITIVE_INFINITY;

    Tally(String stream) {
      this.stream = stream;
    }

    void step(double done, double validationLoss) {
      loss = Math.min(loss, validationLoss);
      progress.report(stream, Math.min(done, 0.999), loss);
    }
  }

  private static Map<String, String> lineage(Series series) {
    Map<String, String> lineage = new LinkedHashMap<>();
    lineage.put("lineage.first_time", series.times().get(0).toString());
    lineage.put("lineage.last_time", series.times().get(series.size() - 1).toString());
    lineage.put("lineage.times", Integer.toString(series.size()));
    lineage.put("lineage.code_version", CodeVersion.get());
    return lineage;
  }

  /**
   * S-MNN: a fast and a slow mode for the whole field, fitted over all leads. Then the first of
   * these that is clearly better: below a day a correction by the hour; an encoder that corrects
   * the modes cell by cell; from a day on a correction from the whole field.
   */
  private Weights mechanistic(
      StreamSettings stream, Series series, Standardiser standardiser, Tally tally) {
    long begin = System.nanoTime();
    int[] windows = Pairs.windows(stream, series, stream.history() + stream.horizon());
    int split = split(windows.length, MECHANISTIC_VALIDATION_SHARE);
    // Targets of the training part end before those of the validation part begin; of a few windows
    // half are kept all the same.
    int apart = Math.max((split + 1) / 2, split - stream.horizon() + 1);
    int[] training = Arrays.copyOfRange(windows, 0, apart);
    int[] validation = Arrays.copyOfRange(windows, split, windows.length);
    float[][] anomalies = standardiser.anomalies(series.times(), series.frames());
    double[] cellWeights =
        CellWeights.byCell(stream.grid(), series.alwaysPresent(stream.grid().cells()));
    MechanisticTrainer.Settings plain =
        MechanisticTrainer.Settings.fastAndSlow(stream.history(), stream.horizon());
    Weights mechanism =
        MechanisticTrainer.train(
            new MechanisticTrainer.Settings(
                plain.history(),
                plain.horizon(),
                plain.laws(),
                plain.iterations(),
                plain.patience(),
                budget.dividedBy(2)),
            anomalies,
            cellWeights,
            training,
            validation,
            (iteration, iterations, loss, judged) ->
                tally.step(0.5 * iteration / iterations, judged));
    int phases = Channels.stepsPerDay(stream.step());
    if (phases > 1) {
      DailyCorrectionTrainer.Result hourly =
          DailyCorrectionTrainer.byHour(
              MechanisticForecaster.of(mechanism),
              new DailyCorrectionTrainer.Hours(
                  anomalies,
                  cellWeights,
                  series.times().stream()
                      .mapToInt(time -> Channels.stepOfDay(time, stream.step()))
                      .toArray(),
                  phases),
              training,
              validation);
      if (hourly.worthwhile()) {
        return hourly.weights();
      }
    }
    if (encoded) {
      EncoderTrainer encoder =
          new EncoderTrainer(
              EncoderTrainer.Settings.within(budget.minusNanos(System.nanoTime() - begin)),
              MechanisticForecaster.of(mechanism),
              anomalies,
              cellWeights,
              training,
              validation);
      encoder.train(
          (epoch, epochs, loss, judged) ->
              tally.step(
                  0.5 + 0.5 * epoch / epochs,
                  encoder.worthwhile() ? encoder.bestLoss() : tally.loss));
      if (encoder.worthwhile()) {
        return encoder.weights();
      }
    }
    if (phases <= 1) {
      DailyCorrectionTrainer.Result spatial =
          DailyCorrectionTrainer.ofAllTimes(
              MechanisticForecaster.of(mechanism), anomalies, cellWeights, windows);
      if (spatial.worthwhile()) {
        return spatial.weights();
      }
    }
    return mechanism;
  }

  /** A network: the next frame, all variables of it, from the last ones. */
  private Weights gridded(
      StreamSettings stream, Series series, Standardiser standardiser, Tally tally) {
    Pairs pairs = new Pairs(stream, series, standardiser);
    int split = split(pairs.size(), VALIDATION_SHARE);
    try (TrainableOperator operator = Networks.create(stream, pairs.channels(), SEED)) {
      return new Trainer(settings(budget, split), pairs.loss(Loss.Measure.MSE))
          .train(
              operator,
              pairs.samples(0, split),
              pairs.samples(split, pairs.size()),
              step -> tally.step(step.fraction(), step.bestValidationLoss()))
          .weights();
    }
  }

  /** Twice the rate with half the batch let the network die on hourly data, for good. */
  private static TrainingSettings settings(Duration budget, int pairs) {
    int batch = Math.max(FEWEST, Math.min(MOST, pairs / STEPS_OF_AN_EPOCH));
    return TrainingSettings.within(budget)
        .withLearningRate(1e-3)
        .withBatchSize(batch)
        .withSeed(SEED);
  }

  private static int split(int windows, double validationShare) {
    return (int) ((1 - validationShare) * windows);
  }
}
