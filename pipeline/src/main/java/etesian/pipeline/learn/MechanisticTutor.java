package etesian.pipeline.learn;

import etesian.operators.Weights;
import etesian.operators.smnn.DailyCorrectionTrainer;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.operators.smnn.MechanisticTuner;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.CellWeights;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Presence;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.CancellationException;

/**
 * S-MNN: the dozen parameters of the mechanism over all leads and then the correction from the
 * whole field where there is one, or the correction by the hour alone; and what is normal.
 */
final class MechanisticTutor implements Tutor {
  private static final double CLIP_NORM = 1;
  private static final String ENDING = "the task is ending; the next one begins the lesson anew";

  private final StreamSettings stream;
  private final TuningSettings tuning;

  MechanisticTutor(StreamSettings stream, TuningSettings tuning) {
    this.stream = stream;
    this.tuning = tuning;
  }

  @Override
  public Lesson teach(String championSha256, Weights champion, List<Window> all, int lesson) {
    Map<String, Double> evidence = new LinkedHashMap<>();
    evidence.put("windows", (double) all.size());
    try {
      Forecasters.check(champion, stream);
      List<Window> windows = Anomalies.sound(stream, champion, all, evidence);
      NavigableMap<Instant, float[]> fields = Anomalies.fields(stream, windows);
      Anomalies.checkVaried(stream, fields);
      Standardiser standardiser =
          Anomalies.standardiser(stream, champion, fields, tuning.climatologyYears());
      MechanisticForecaster start = MechanisticForecaster.of(Standardiser.without(champion));
      float[][] series =
          standardiser.anomalies(List.copyOf(fields.keySet()), List.copyOf(fields.values()));
      int cells = stream.grid().cells();
      double[] cellWeights =
          CellWeights.byCell(
              stream.grid(), Presence.ofCells(fields.values(), stream.variables().size(), cells));
      int[] starts = starts(fields, windows);
      Learned learned =
          start.phases() > 1
              ? byHour(start, hours(fields, series, cellWeights, start.phases()), starts)
              : ofAllHours(start, fields, series, cellWeights, starts);
      evidence.put(WINDOWS_TAUGHT, (double) windows.size());
      evidence.putAll(learned.evidence);
      if (Thread.currentThread().isInterrupted()) {
        return Lesson.failed(ENDING, evidence);
      }
      return Lesson.of(
          Forecasters.complete(
              learned.weights,
              StreamCard.of(stream),
              learned.channels,
              standardiser,
              Tutors.lineage(championSha256, fields, windows.size(), learned.steps)),
          evidence);
    } catch (CancellationException e) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      return Lesson.failed(interrupted ? ENDING : outOfTime(), evidence);
    } catch (IllegalArgumentException e) {
      return Lesson.failed(e.getMessage(), evidence);
    }
  }

  private String outOfTime() {
    return "the lesson was not done within tuning.budget, "
        + tuning.budget()
        + ": a longer one or a smaller tuning.replay_mebibytes helps";
  }

  private record Learned(
      Weights weights, Channels channels, int steps, Map<String, Double> evidence) {}

  private Learned ofAllHours(
      MechanisticForecaster start,
      NavigableMap<Instant, float[]> fields,
      float[][] series,
      double[] cellWeights,
      int[] starts) {
    long begin = System.nanoTime();
    boolean corrected = start.phases() == 1; // as in first training, with half of the time
    MechanisticTuner.Result result =
        MechanisticTuner.tune(
            new MechanisticTuner.Settings(
                tuning.steps(),
                tuning.learningRate(),
                CLIP_NORM,
                tuning.l2sp(),
                tuning.budget().dividedBy(corrected ? 2 : 1)),
            start,
            series,
            cellWeights,
            starts);
    Map<String, Double> evidence = new LinkedHashMap<>();
    evidence.put("steps", (double) result.steps());
    evidence.put("loss_before", result.before());
    evidence.put("loss_after", result.after());
    Weights weights = result.weights();
    if (corrected) {
      DailyCorrectionTrainer.Result correction =
          DailyCorrectionTrainer.tune(
              MechanisticForecaster.of(weights),
              hours(fields, series, cellWeights, 1),
              starts,
              tuning.l2sp(),
              tuning.budget().minusNanos(System.nanoTime() - begin));
      evidence.put("error_ratio", correction.ratio());
      weights = correction.weights();
    }
    return new Learned(weights, Channels.HISTORY, result.steps(), evidence);
  }

  /** The modes stay; what depends on the hour is solved anew. */
  private Learned byHour(
      MechanisticForecaster start, DailyCorrectionTrainer.Hours hours, int[] starts) {
    DailyCorrectionTrainer.Result result =
        DailyCorrectionTrainer.tune(start, hours, starts, tuning.l2sp(), tuning.budget());
    return new Learned(result.weights(), Channels.HOURS, 1, Map.of("error_ratio", result.ratio()));
  }

  private DailyCorrectionTrainer.Hours hours(
      NavigableMap<Instant, float[]> fields, float[][] series, double[] cellWeights, int phases) {
    int[] phaseOf =
        fields.keySet().stream()
            .mapToInt(time -> phases > 1 ? Channels.stepOfDay(time, stream.step()) : 0)
            .toArray();
    return new DailyCorrectionTrainer.Hours(series, cellWeights, phaseOf, phases);
  }

  /** Where in the series each window begins. */
  private int[] starts(NavigableMap<Instant, float[]> fields, List<Window> windows) {
    Map<Instant, Integer> positions = new HashMap<>();
    fields.keySet().forEach(time -> positions.put(time, positions.size()));
    return windows.stream()
        .map(window -> stream.timeAfter(window.issueTime(), 1L - stream.history()))
        .mapToInt(positions::get)
        .toArray();
  }
}
