package etesian.operators;

import etesian.operators.fourier.Fno;
import etesian.operators.m2no.M2no;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.operators.spectral.Nsm;

/** Builds operators from their weights: the one place that knows all architectures. */
public final class Operators {
  private Operators() {}

  /**
   * @param weights their metadata {@code architecture} names the operator
   * @throws WeightsException unknown architecture, or parameters that do not fit the settings
   */
  public static NeuralOperator load(Weights weights) {
    String architecture = weights.metadata().get("architecture");
    if (architecture == null) {
      throw new WeightsException(
          "the metadata has no 'architecture', only " + weights.metadata().keySet());
    }
    return switch (architecture) {
      case "fno", "tfno", "uno", "sfno" -> Fno.load(weights);
      case "m2no" -> M2no.load(weights);
      case "nsm" -> Nsm.load(weights);
      case "smnn" -> MechanisticForecaster.of(weights);
      default ->
          throw new WeightsException(
              "architecture '"
                  + architecture
                  + "', expected 'fno', 'tfno', 'uno', 'sfno', 'm2no', 'nsm' or 'smnn'");
    };
  }
}
