package etesian.pipeline.learn;

import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.model.Presence;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.settings.PhysicsSettings;
import etesian.pipeline.settings.StreamSettings;
import java.util.Arrays;

/**
 * How well the observed fields of a stream obey its equation, window by window; no forecast and no
 * target takes part. For one thread.
 */
final class PhysicsWatch implements AutoCloseable {
  private final StreamSettings stream;
  private final PhysicsSettings settings;
  private boolean[] present = {};
  private Physics physics; // on those cells; null before the first window

  /**
   * @param settings null for a stream that has no equation
   */
  PhysicsWatch(StreamSettings stream, PhysicsSettings settings) {
    this.stream = stream;
    this.settings = settings;
  }

  /** See {@link Physics#ratio}; NaN without an equation or where it has no cell to be seen in. */
  double ratio(Standardiser standardiser, Window window) {
    if (settings == null) {
      return Double.NaN;
    }
    int values = window.fields().get(0).length;
    boolean[] now = Presence.ofValues(window.fields().subList(0, stream.history() + 1), values);
    try {
      if (physics == null || !Arrays.equals(now, present)) {
        close();
        physics = new Physics(stream, settings, now);
        present = now;
      }
      return physics.ratio(standardiser, window);
    } catch (IllegalArgumentException noCellIsLeft) {
      return Double.NaN;
    }
  }

  @Override
  public void close() {
    if (physics != null) {
      physics.close();
      physics = null;
    }
  }
}
