package etesian.pipeline.model;

import etesian.ingest.field.Check;
import etesian.ingest.field.Grid;
import etesian.operators.NeuralOperator;
import etesian.operators.Tensor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A neural operator on standardised anomalies, with the frames it stands for. */
final class StreamForecaster implements Forecaster {
  private final StreamCard card;
  private final Channels channels;
  private final Standardiser standardiser;
  private final NeuralOperator operator;

  StreamForecaster(
      StreamCard card, Channels channels, Standardiser standardiser, NeuralOperator operator) {
    int variables = card.variables().size();
    int given = channels.count(variables, card.history(), card.step());
    Check.that(
        given == operator.inputChannels(),
        "weights of %d input channels for a stream that gives %d",
        operator.inputChannels(),
        given);
    Check.that(
        operator.outputChannels() % variables == 0,
        "weights of %d output channels for %d variables",
        operator.outputChannels(),
        variables);
    this.card = card;
    this.channels = channels;
    this.standardiser = standardiser;
    this.operator = operator;
  }

  @Override
  public int leadsPerAdvance() {
    return operator.outputChannels() / card.variables().size();
  }

  @Override
  public float[] observed(float[] frame) {
    return standardiser.observed(frame, card.variables().size());
  }

  @Override
  public List<List<float[]>> advance(List<Carry> batch) {
    Grid grid = card.grid();
    int sample = operator.inputChannels() * grid.cells();
    float[] input = new float[batch.size() * sample];
    for (int i = 0; i < batch.size(); i++) {
      Carry carry = batch.get(i);
      channels.write(
          carry.frames(), carry.newestAt(), card.step(), grid, standardiser, input, i * sample);
    }
    Tensor output =
        operator.apply(
            new Tensor(input, batch.size(), operator.inputChannels(), grid.rows(), grid.columns()));
    List<List<float[]>> frames = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      int offset = i * operator.outputChannels() * grid.cells();
      frames.add(frames(batch.get(i), output.values(), offset));
    }
    return frames;
  }

  private List<float[]> frames(Carry carry, float[] output, int offset) {
    float[] newest = carry.frames().get(carry.frames().size() - 1);
    List<float[]> frames = new ArrayList<>(leadsPerAdvance());
    for (int lead = 1; lead <= leadsPerAdvance(); lead++) {
      Instant validAt = card.step().plus(carry.newestAt(), lead);
      frames.add(
          standardiser.restore(
              output,
              offset + (lead - 1) * newest.length,
              standardiser.climatologyAt(validAt),
              newest));
    }
    return frames;
  }

  @Override
  public float[] deviations() {
    return standardiser.deviations();
  }

  @Override
  public void close() {
    operator.close();
  }
}
