package etesian.pipeline.model;

import etesian.ingest.field.Check;
import etesian.operators.NeuralOperator;
import etesian.operators.Operators;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.pipeline.settings.StreamSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/** From weights to a {@link Forecaster} and back: the one place that knows the whole file. */
public final class Forecasters {
  private static final String CHANNELS = "stream.channels";

  private Forecasters() {}

  /**
   * Looks at the header alone.
   *
   * @throws IllegalArgumentException when the weights are not for this stream; says what differs
   */
  public static void check(Weights weights, StreamSettings stream) {
    StreamCard.of(weights).check(stream);
    String architecture = weights.metadata().get("architecture");
    Check.that(
        stream.model().equals(architecture),
        "stream %s: the weights are of the architecture '%s', the settings ask for '%s'",
        stream.name(),
        architecture,
        stream.model());
    channels(weights);
  }

  /** What the operator of the weights gets. */
  public static Channels channels(Weights weights) {
    return Channels.of(weights.metadata().get(CHANNELS), CHANNELS);
  }

  /**
   * @throws IllegalArgumentException when the weights are not for this stream; says what differs
   */
  public static Forecaster load(Weights weights, StreamSettings stream) {
    check(weights, stream);
    Standardiser standardiser = Standardiser.of(weights);
    NeuralOperator operator = Operators.load(Standardiser.without(weights));
    try {
      return new StreamForecaster(
          StreamCard.of(weights), channels(weights), standardiser, operator);
    } catch (RuntimeException e) {
      operator.close();
      throw e;
    }
  }

  /** The weights of an operator, with all that a stream needs to use them. */
  public static Weights complete(
      Weights operator,
      StreamCard card,
      Channels channels,
      Standardiser standardiser,
      Map<String, String> lineage) {
    Map<String, String> metadata = new LinkedHashMap<>(operator.metadata());
    metadata.putAll(card.metadata());
    metadata.put(CHANNELS, channels.name());
    metadata.putAll(lineage);
    Map<String, Tensor> tensors = new LinkedHashMap<>(operator.tensors());
    standardiser.addTo(tensors, metadata);
    return new Weights(metadata, tensors);
  }
}
