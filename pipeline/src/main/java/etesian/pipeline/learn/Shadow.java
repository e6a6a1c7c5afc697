package etesian.pipeline.learn;

import etesian.ingest.field.Grid;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecaster.Carry;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.settings.StreamSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a model would have said of a window whose targets are known, and how wrong it is. */
final class Shadow {
  private final StreamSettings stream;
  private final int[] leads;
  private final double[] rowWeights;

  Shadow(StreamSettings stream) {
    this.stream = stream;
    leads = stream.verifyLeads().stream().mapToInt(Integer::intValue).sorted().toArray();
    Grid grid = stream.grid();
    rowWeights = new double[grid.rows()];
    Arrays.setAll(rowWeights, grid::weight);
  }

  /** Targets of a window that is learned from. */
  static int targets(StreamSettings stream) {
    return stream.model().equals("smnn") ? stream.horizon() : lastLead(stream);
  }

  /** The last lead that is verified: targets of a window that is judged by. */
  static int lastLead(StreamSettings stream) {
    return stream.verifyLeads().stream().mapToInt(Integer::intValue).max().orElse(1);
  }

  /** Losses of a window: one for each variable and verified lead. */
  int losses() {
    return leads.length * stream.variables().size();
  }

  /** The lead of each of them. */
  int[] leads() {
    int[] all = new int[losses()];
    Arrays.setAll(all, i -> leads[i % leads.length]);
    return all;
  }

  /**
   * Weighted mean square error of each variable and verified lead, in the square of its unit, over
   * the cells where the target is present. NaN where there is none, infinite where the forecast
   * holds something that is no number.
   */
  double[] losses(Forecaster model, Window window) {
    List<float[]> forecast = forecast(model, window);
    double[] losses = new double[losses()];
    int cells = stream.grid().cells();
    int next = 0;
    for (int variable = 0; variable < stream.variables().size(); variable++) {
      for (int lead : leads) {
        losses[next++] =
            meanSquare(
                forecast.get(lead - 1),
                window.fields().get(stream.history() + lead - 1),
                window.fields().get(stream.history() - 1),
                variable * cells);
      }
    }
    return losses;
  }

  /**
   * Weighted mean, over cells and variables, of the standardised anomalies of the field that comes
   * first after the history; NaN when all is missing.
   */
  double inputMean(Standardiser standardiser, Window window) {
    float[] field = window.fields().get(stream.history());
    float[] normal = standardiser.climatologyAt(stream.timeAfter(window.issueTime(), 1));
    float[] anomalies = new float[field.length];
    standardiser.anomalies(field, normal, anomalies, 0);
    int cells = stream.grid().cells();
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < field.length; i++) {
      if (!Float.isNaN(field[i])) {
        double weight = rowWeights[i % cells / stream.grid().columns()];
        sum += weight * anomalies[i];
        weights += weight;
      }
    }
    return sum / weights;
  }

  /** What is missing in the newest field is missing in any forecast. */
  private double meanSquare(float[] forecast, float[] target, float[] newest, int from) {
    int columns = stream.grid().columns();
    double sum = 0;
    double weights = 0;
    for (int cell = 0; cell < stream.grid().cells(); cell++) {
      int i = from + cell;
      if (!Float.isNaN(target[i]) && !Float.isNaN(newest[i])) {
        double error = (double) forecast[i] - target[i];
        double weight = rowWeights[cell / columns];
        sum += weight * error * error;
        weights += weight;
      }
    }
    return weights > 0 && !Double.isFinite(sum) ? Double.POSITIVE_INFINITY : sum / weights;
  }

  private List<float[]> forecast(Forecaster model, Window window) {
    int last = leads[leads.length - 1];
    List<float[]> history = new ArrayList<>(window.fields().subList(0, stream.history()));
    List<float[]> forecast = new ArrayList<>();
    while (forecast.size() < last) {
      Carry carry =
          new Carry(
              List.copyOf(history.subList(history.size() - stream.history(), history.size())),
              stream.timeAfter(window.issueTime(), forecast.size()));
      List<float[]> frames = model.advance(List.of(carry)).get(0);
      history.addAll(frames);
      forecast.addAll(frames);
    }
    return forecast;
  }
}
