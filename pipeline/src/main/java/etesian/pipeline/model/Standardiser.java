package etesian.pipeline.model;

import etesian.ingest.field.Check;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.pipeline.climatology.Climatology;
import etesian.pipeline.climatology.FrozenClimatology;
import etesian.pipeline.climatology.Harmonics;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * To standardised anomalies and back.
 *
 * <pre>
 *   a = (x - c(t)) / s       c: climatology of the training years, s: deviation of x - c there
 * </pre>
 *
 * <ul>
 *   <li>x, c, s: shape (variables, rows, columns), in the units of the variables; they are cells
 *       below, whose variables stand for themselves
 *   <li>a: without unit; 0 where x or c is missing
 * </ul>
 */
public final class Standardiser {
  private static final String COEFFICIENTS = "climatology.coefficients";
  private static final String DEVIATION = "climatology.deviation";
  private static final String ANNUAL = "climatology.annual";
  private static final String DIURNAL = "climatology.diurnal";

  /**
   * A cell that hardly varies is not blown up beyond this share of its variable's mean deviation.
   */
  private static final double SMALLEST_SHARE = 0.1;

  /** Deviations from the mean that nothing is away from which an instrument has seen. */
  private static final float FARTHEST = 1000;

  private final Harmonics harmonics;
  private final float[] coefficients; // the first of each cell is its mean
  private final float[] deviation;
  private final FrozenClimatology climatology;

  private Standardiser(Harmonics harmonics, float[] coefficients, float[] deviation) {
    this.harmonics = harmonics;
    this.coefficients = coefficients;
    this.deviation = deviation;
    this.climatology = new FrozenClimatology(harmonics, coefficients, deviation.length);
  }

  /**
   * Fits climatology and deviation.
   *
   * @param variables that a frame holds
   * @param times valid times, ascending
   * @param frames the values at those times, a {@link Stack} each; NaN is missing
   */
  public static Standardiser fit(
      Harmonics harmonics, int variables, List<Instant> times, List<float[]> frames) {
    int cells = frames.get(0).length;
    Climatology online = new Climatology(harmonics, cells);
    for (int i = 0; i < times.size(); i++) {
      online.observe(times.get(i), frames.get(i));
    }
    float[] coefficients = online.coefficients();
    FrozenClimatology climatology = new FrozenClimatology(harmonics, coefficients, cells);
    double[] sum = new double[cells];
    int[] count = new int[cells];
    for (int i = 0; i < times.size(); i++) {
      float[] mean = climatology.at(times.get(i));
      float[] frame = frames.get(i);
      for (int cell = 0; cell < cells; cell++) {
        double anomaly = frame[cell] - mean[cell];
        if (!Double.isNaN(anomaly)) {
          sum[cell] += anomaly * anomaly;
          count[cell]++;
        }
      }
    }
    float[] deviation = new float[cells];
    for (int variable = 0; variable < variables; variable++) {
      int first = variable * cells / variables;
      deviate(sum, count, first, first + cells / variables, deviation);
    }
    return new Standardiser(harmonics, coefficients, deviation);
  }

  /** Of the cells of one variable, from (inclusive) to (exclusive). */
  private static void deviate(double[] sum, int[] count, int from, int to, float[] deviation) {
    double typical =
        IntStream.range(from, to)
            .filter(cell -> count[cell] > 0)
            .mapToDouble(cell -> Math.sqrt(sum[cell] / count[cell]))
            .average()
            .orElse(1);
    double least = typical > 0 ? SMALLEST_SHARE * typical : 1;
    Arrays.fill(deviation, from, to, (float) Math.max(typical, least));
    for (int cell = from; cell < to; cell++) {
      if (count[cell] > 0) {
        deviation[cell] = (float) Math.max(Math.sqrt(sum[cell] / count[cell]), least);
      }
    }
  }

  public static Standardiser of(Weights weights) {
    Tensor coefficients = weights.tensors().get(COEFFICIENTS);
    Tensor deviation = weights.tensors().get(DEVIATION);
    Check.that(
        coefficients != null && deviation != null,
        "weights without '%s' and '%s': they were not trained for a stream",
        COEFFICIENTS,
        DEVIATION);
    for (float s : deviation.values()) {
      Check.that(s > 0 && Float.isFinite(s), "weights whose '%s' holds %s", DEVIATION, s);
    }
    boolean known = false;
    for (float c : coefficients.values()) {
      known |= Float.isFinite(c);
    }
    Check.that(known, "weights whose '%s' hold no number: nothing is normal to them", COEFFICIENTS);
    Harmonics harmonics =
        new Harmonics(
            Integer.parseInt(weights.metadata().get(ANNUAL)),
            Integer.parseInt(weights.metadata().get(DIURNAL)));
    return new Standardiser(harmonics, coefficients.values(), deviation.values());
  }

  /** What is left for the operator: it refuses tensors that it does not know. */
  public static Weights without(Weights weights) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.tensors());
    tensors.remove(COEFFICIENTS);
    tensors.remove(DEVIATION);
    return new Weights(weights.metadata(), tensors);
  }

  /** Adds itself to the tensors and the header of a weights file. */
  public void addTo(Map<String, Tensor> tensors, Map<String, String> metadata) {
    tensors.put(COEFFICIENTS, new Tensor(coefficients, harmonics.size(), deviation.length));
    tensors.put(DEVIATION, new Tensor(deviation, deviation.length));
    metadata.put(ANNUAL, Integer.toString(harmonics.annual()));
    metadata.put(DIURNAL, Integer.toString(harmonics.diurnal()));
  }

  /** Deviations of the anomalies, shape (variables, rows, columns); a copy. */
  public float[] deviations() {
    return deviation.clone();
  }

  /** Climatology at a time, shape (cells); NaN where nothing was ever seen. */
  public float[] climatologyAt(Instant time) {
    return climatology.at(time);
  }

  /**
   * A frame with NaN for what nobody can have seen: values more than {@value #FARTHEST} deviations
   * from the mean of all times, as many fill values are that a file does not declare. In a cell
   * that is quieter than most of its variable, a desert for rain, those of the variable count.
   *
   * @param variables that a frame holds
   * @return the same array where there are none
   */
  public float[] observed(float[] frame, int variables) {
    float[] observed = frame;
    int cells = frame.length / variables;
    for (int first = 0; first < frame.length; first += cells) {
      float typical = mean(deviation, first, first + cells);
      for (int cell = first; cell < first + cells; cell++) {
        float farthest = FARTHEST * Math.max(deviation[cell], typical);
        if (Math.abs(frame[cell] - coefficients[cell]) > farthest) {
          observed = observed == frame ? frame.clone() : observed;
          observed[cell] = Float.NaN;
        }
      }
    }
    return observed;
  }

  private static float mean(float[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return (float) (sum / (to - from));
  }

  /** Writes the anomalies of a frame to {@code target[offset..]}. */
  public void anomalies(float[] frame, float[] climatologyThen, float[] target, int offset) {
    for (int cell = 0; cell < frame.length; cell++) {
      float anomaly = (frame[cell] - climatologyThen[cell]) / deviation[cell];
      target[offset + cell] = Float.isNaN(anomaly) ? 0 : anomaly;
    }
  }

  /** Anomalies of each frame, in the order of the times. */
  public float[][] anomalies(List<Instant> times, List<float[]> frames) {
    float[][] anomalies = new float[frames.size()][];
    for (int i = 0; i < anomalies.length; i++) {
      anomalies[i] = new float[frames.get(i).length];
      anomalies(frames.get(i), climatologyAt(times.get(i)), anomalies[i], 0);
    }
    return anomalies;
  }

  /** The frame whose anomalies lie at {@code source[offset..]}; missing where {@code like} is. */
  float[] restore(float[] source, int offset, float[] climatologyThen, float[] like) {
    float[] frame = new float[like.length];
    for (int cell = 0; cell < frame.length; cell++) {
      frame[cell] =
          Float.isNaN(like[cell])
              ? Float.NaN
              : climatologyThen[cell] + deviation[cell] * source[offset + cell];
    }
    return frame;
  }
}
