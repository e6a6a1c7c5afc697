package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ops.sample.SimulatedAtmosphere;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.StreamSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamModelsTest {
  @Test
  void aRolloutLeavesPersistenceAndDoesNotRunAway() {
    StreamSettings stream =
        StreamModels.stream(
            "t2m", "era5", SimulatedAtmosphere.T2M, SimulatedAtmosphere.GRID, 40, List.of());
    StreamGranules granules = new StreamGranules(SimulatedAtmosphere.GRID);
    List<float[]> frames = new ArrayList<>();
    for (int i = 0; i < StreamModels.HISTORY; i++) {
      frames.add(granules.nextFields().get(SimulatedAtmosphere.T2M));
    }
    float[] start = frames.get(frames.size() - 1);
    try (Forecaster forecaster = Forecasters.load(StreamModels.weights(stream), stream)) {
      for (int lead = 0; lead < stream.horizon(); lead++) {
        var carry =
            new Forecaster.Carry(
                frames, granules.nextAt().plus(StreamGranules.STEP.multipliedBy(lead - 1L)));
        frames = List.of(frames.get(1), forecaster.advance(List.of(carry)).get(0).get(0));
      }
    }
    float[] last = frames.get(1);
    assertThat(Arrays.equals(last, start)).isFalse();
    for (float kelvin : last) {
      assertThat(kelvin).isBetween(150f, 400f);
    }
  }
}
