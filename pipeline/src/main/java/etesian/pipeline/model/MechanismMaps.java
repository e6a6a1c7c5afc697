package etesian.pipeline.model;

import etesian.ingest.field.Check;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.smnn.Coefficients;
import etesian.operators.smnn.Mechanism;
import etesian.operators.smnn.MechanisticForecaster;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the weights of an S-MNN stream say of the world: one {@link Mechanism} for the whole field,
 * and with an encoder a map of each of its quantities, read from the fields that a forecast starts
 * from.
 */
public final class MechanismMaps {
  private final StreamCard card;
  private final Standardiser standardiser;
  private final MechanisticForecaster forecaster;

  private MechanismMaps(
      StreamCard card, Standardiser standardiser, MechanisticForecaster forecaster) {
    this.card = card;
    this.standardiser = standardiser;
    this.forecaster = forecaster;
  }

  /**
   * @return empty for weights of another architecture
   * @throws IllegalArgumentException when they are damaged, or were made for no stream
   */
  public static Optional<MechanismMaps> of(Weights weights) {
    if (!MechanisticForecaster.ARCHITECTURE.equals(weights.metadata().get("architecture"))) {
      return Optional.empty();
    }
    return Optional.of(
        new MechanismMaps(
            StreamCard.of(weights),
            Standardiser.of(weights),
            MechanisticForecaster.of(Standardiser.without(weights))));
  }

  /** Of the whole field; what an encoder begins from. */
  public Mechanism mechanism() {
    return forecaster.mechanism();
  }

  /** What {@link #at} needs. */
  public StreamCard card() {
    return card;
  }

  /** Whether each cell has numbers of its own: without an encoder every map is constant. */
  public boolean differByCell() {
    return forecaster.hasEncoder();
  }

  /** Which maps there are. */
  public List<String> names() {
    return forecaster.coefficientNames();
  }

  /**
   * The maps of one forecast.
   *
   * @param fields as many as the history of the card, oldest first, shape (rows, columns) each, in
   *     the unit of the variable; NaN is missing, and so is what nobody can have seen
   * @param newestAt valid time of the last of them
   * @return shape (1, names, rows, columns); NaN where the newest field is missing
   */
  public Coefficients at(List<float[]> fields, Instant newestAt) {
    int cells = card.grid().cells();
    Check.that(
        fields.size() == card.history(),
        "a mechanism is read from %d frames, got %d",
        card.history(),
        fields.size());
    List<float[]> frames = fields.stream().map(field -> standardiser.observed(field, 1)).toList();
    float[] input = new float[frames.size() * cells];
    Channels.HISTORY.write(frames, newestAt, card.step(), card.grid(), standardiser, input, 0);
    Coefficients read =
        forecaster.coefficients(
            new Tensor(input, 1, frames.size(), card.grid().rows(), card.grid().columns()));
    float[] values = read.values().values().clone();
    float[] newest = frames.get(frames.size() - 1);
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(newest[i % cells])) {
        values[i] = Float.NaN;
      }
    }
    return new Coefficients(read.names(), new Tensor(values, read.values().shape()));
  }
}
