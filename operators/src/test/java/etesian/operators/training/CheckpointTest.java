package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final Checkpoint GROWN =
      new Checkpoint(
          1,
          8,
          77,
          new Position(2, 1, 0.1, 0.4, 0.5, 0.45, 1),
          3,
          List.of(2, 0),
          List.of(1, 0),
          List.of(new double[] {0.1, 1.0 / 3}, new double[0]),
          Duration.ofSeconds(5),
          Map.of("w", new Tensor(new float[] {1})),
          Map.of("w", new Tensor(new float[] {2})),
          Map.of("mean.w", new Tensor(new float[] {3})));

  @Test
  void whatAnAxisHasSeenOfTheEpochIsReadBackToTheBit() {
    Checkpoint read = Checkpoint.of(SafeTensors.read(SafeTensors.write(GROWN.toWeights())));
    assertThat(read).usingRecursiveComparison().isEqualTo(GROWN);
    assertThat(read.energy().get(0)).containsExactly(0.1, 1.0 / 3);
  }

  @Test
  void filesFromBeforeAxesGrewByThemselvesHaveOneStageForAll() {
    Map<String, String> metadata = new LinkedHashMap<>(GROWN.toWeights().metadata());
    metadata.keySet().removeIf(key -> key.startsWith("gradient_energy"));
    metadata.put("stage", "2");
    metadata.remove("best_stage");
    Checkpoint read = Checkpoint.of(new Weights(metadata, GROWN.toWeights().tensors()));
    assertThat(read.stages()).containsExactly(2);
    assertThat(read.bestStages()).containsExactly(0);
    assertThat(read.energy()).isEmpty();
  }
}
