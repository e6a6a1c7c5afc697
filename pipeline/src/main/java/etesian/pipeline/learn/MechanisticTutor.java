package etesian.pipeline.learn;

import etesian.operators.Weights;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.operators.smnn.MechanisticTuner;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** S-MNN: the dozen parameters of the mechanism over all leads, and what is normal. */
final class MechanisticTutor implements Tutor {
  private static final double CLIP_NORM = 1;

  private final StreamSettings stream;
  private final TuningSettings tuning;

  MechanisticTutor(StreamSettings stream, TuningSettings tuning) {
    this.stream = stream;
    this.tuning = tuning;
  }

  @Override
  public Lesson teach(String championSha256, Weights champion, List<Window> windows, int lesson) {
    try {
      NavigableMap<Instant, float[]> fields = Anomalies.fields(stream, windows);
      Anomalies.checkVaried(fields);
      Standardiser standardiser =
          Anomalies.standardiser(stream, champion, fields, tuning.climatologyYears());
      MechanisticTuner.Result result =
          MechanisticTuner.tune(
              new MechanisticTuner.Settings(
                  tuning.steps(), tuning.learningRate(), CLIP_NORM, tuning.l2sp(), tuning.budget()),
              MechanisticForecaster.of(Standardiser.without(champion)),
              series(standardiser, windows),
              cellWeights(fields.values()),
              starts(windows));
      return Lesson.of(
          Forecasters.complete(
              result.weights(),
              StreamCard.of(stream),
              Channels.HISTORY,
              standardiser,
              Tutors.lineage(championSha256, fields, windows.size(), result.steps())),
          Map.of(
              "windows",
              (double) windows.size(),
              "steps",
              (double) result.steps(),
              "loss_before",
              result.before(),
              "loss_after",
              result.after()));
    } catch (IllegalArgumentException e) {
      return Lesson.failed(e.getMessage(), Map.of("windows", (double) windows.size()));
    }
  }

  /** All windows one after the other. */
  private float[][] series(Standardiser standardiser, List<Window> windows) {
    List<float[]> series = new ArrayList<>();
    Map<Instant, float[]> made = new LinkedHashMap<>(); // windows share most of their fields
    for (Window window : windows) {
      for (int i = 0; i < span(); i++) {
        float[] field = window.fields().get(i);
        Instant time = stream.timeAfter(window.issueTime(), i - stream.history() + 1L);
        series.add(
            made.computeIfAbsent(
                time,
                t -> {
                  float[] anomalies = new float[field.length];
                  standardiser.anomalies(field, standardiser.climatologyAt(t), anomalies, 0);
                  return anomalies;
                }));
      }
    }
    return series.toArray(float[][]::new);
  }

  private int[] starts(List<Window> windows) {
    int[] starts = new int[windows.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = i * span();
    }
    return starts;
  }

  private int span() {
    return stream.history() + stream.horizon();
  }

  private double[] cellWeights(Iterable<float[]> fields) {
    float[] byRow = Anomalies.rowWeights(stream.grid());
    boolean[] present = Anomalies.alwaysPresent(fields, stream.grid().cells());
    double[] weights = new double[present.length];
    for (int cell = 0; cell < weights.length; cell++) {
      weights[cell] = present[cell] ? byRow[cell / stream.grid().columns()] : 0;
    }
    return weights;
  }
}
