package etesian.pipeline;

import etesian.pipeline.model.Forecaster;
import java.util.ArrayList;
import java.util.List;

/** A model of one step: each value is one more than the one before. */
public final class PlusOne implements Forecaster {
  @Override
  public int leadsPerAdvance() {
    return 1;
  }

  @Override
  public List<List<float[]>> advance(List<Carry> batch) {
    List<List<float[]>> frames = new ArrayList<>();
    for (Carry carry : batch) {
      float[] next = carry.frames().get(0).clone();
      for (int cell = 0; cell < next.length; cell++) {
        next[cell]++;
      }
      frames.add(List.of(next));
    }
    return frames;
  }

  @Override
  public void close() {}
}
