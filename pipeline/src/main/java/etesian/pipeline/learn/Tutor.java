package etesian.pipeline.learn;

import etesian.operators.Weights;
import etesian.pipeline.learn.ReplayBuffer.Window;
import java.util.List;
import java.util.Map;

/** Makes a challenger from a champion. Knows an architecture; called on the thread that learns. */
public interface Tutor {
  /** Evidence: windows that taught, without those left out, not drawn or held back. */
  String WINDOWS_TAUGHT = "windows_taught";

  /**
   * Never throws for what the data or the weights are: then the lesson says what was wrong.
   *
   * @param championSha256 of the champion's file
   * @param champion complete weights of the stream
   * @param windows to learn from, oldest first
   * @param lesson number of the lesson, for a seed of its own
   */
  Lesson teach(String championSha256, Weights champion, List<Window> windows, int lesson);

  /**
   * SHA-256 of the file that a lesson which was interrupted goes on from; empty when there is none.
   * May be asked from any thread.
   */
  default String state() {
    return "";
  }

  /** Goes on with a lesson of an earlier process, as {@link #state} named it. */
  default void resume(String stateSha256) {}

  /**
   * What came of it.
   *
   * @param weights of the challenger, complete for the stream; null when there is none
   * @param failure why there is none; empty when there is
   * @param evidence losses and what else says how it went, by name
   */
  record Lesson(Weights weights, String failure, Map<String, Double> evidence) {
    static Lesson of(Weights weights, Map<String, Double> evidence) {
      return new Lesson(weights, "", evidence);
    }

    static Lesson failed(String why, Map<String, Double> evidence) {
      return new Lesson(null, why, evidence);
    }
  }
}
