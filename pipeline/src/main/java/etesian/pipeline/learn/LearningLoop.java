package etesian.pipeline.learn;

import etesian.pipeline.learn.Learning.Due;
import etesian.pipeline.learn.Learning.Outcome;
import etesian.pipeline.learn.ReplayBuffer.Window;
import etesian.pipeline.learn.Workshop.Judged;
import etesian.pipeline.learn.Workshop.Taught;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Learning without a stream: each step is computed at once, on the thread that asks. What an
 * evaluation runs, and the order that the stream keeps to.
 */
public final class LearningLoop {
  private LearningLoop() {}

  /** Judges all windows whose targets are there, and gives the lessons that become due. */
  public static List<Outcome> catchUp(Learning learning, Workshop workshop, Instant now) {
    List<Outcome> outcomes = new ArrayList<>();
    Optional<Window> window = learning.window();
    while (window.isPresent()) {
      Judged judged = workshop.judge(window.get(), learning.contestants());
      if (judged.away().isPresent()) {
        break; // another time
      }
      outcomes.add(learning.judge(window.get(), judged, now));
      Optional<Due> due = learning.lesson();
      if (due.isPresent()) {
        Taught taught = workshop.teach(due.get());
        outcomes.add(new Outcome(learning.taught(due.get(), taught, now), Optional.empty()));
      }
      window = learning.window();
    }
    return outcomes;
  }
}
