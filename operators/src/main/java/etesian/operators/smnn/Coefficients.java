package etesian.operators.smnn;

import etesian.operators.Tensor;
import etesian.operators.smnn.Correction.Forced;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The physics that a {@link MechanisticForecaster} reads from a history, as maps.
 *
 * @param names of the maps: law and number of the mode, then the quantity, such as {@code
 *     relaxation_1.e_folding_steps}, {@code oscillation_2.period_steps}
 * @param values shape (batch, names, rows, columns)
 */
public record Coefficients(List<String> names, Tensor values) {
  public Coefficients {
    names = List.copyOf(names);
    long[] shape = values.shape();
    if (shape.length != 4 || shape[1] != names.size()) {
      throw new IllegalArgumentException(
          values + ": expected (batch, " + names.size() + ", rows, columns) for " + names);
    }
  }

  static List<String> names(List<Mode> modes) {
    List<String> names = new ArrayList<>();
    for (int d = 0; d < modes.size(); d++) {
      Law law = modes.get(d).law();
      String mode = law.name().toLowerCase(Locale.ROOT) + "_" + (d + 1) + ".";
      names.add(mode + "e_folding_steps");
      if (law == Law.OSCILLATION) {
        names.add(mode + "period_steps");
        names.add(mode + "damping_ratio");
      }
      names.add(mode + "target");
    }
    return names;
  }

  /** Of one cell, in the order of the names. */
  static double[] values(List<Forced> modes) {
    DoubleStream.Builder values = DoubleStream.builder();
    for (Forced forced : modes) {
      Mode mode = forced.mode();
      values.add(mode.eFoldingSteps());
      if (mode.law() == Law.OSCILLATION) {
        values.add(mode.periodSteps());
        values.add(mode.damping());
      }
      values.add(forced.target());
    }
    return values.build().toArray();
  }
}
