package etesian.pipeline.learn;

import etesian.pipeline.champion.Champion;
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
      outcomes.add(judged(learning, window.get(), judged, now));
      Optional<Due> due = learning.lesson();
      if (due.isPresent()) {
        outcomes.add(taught(learning, due.get(), workshop.teach(due.get()), now));
      }
      window = learning.window();
    }
    return outcomes;
  }

  /** Tells learning what the workshop found. */
  public static Outcome judged(Learning learning, Window window, Judged judged, Instant now) {
    List<ModelEvent> events = new ArrayList<>(learning.unusable(judged.failures(), now));
    Outcome outcome =
        learning.judge(window, judged.losses(), judged.inputMean(), judged.residual(), now);
    events.addAll(learning.doubt(judged.absurd(), now));
    events.addAll(outcome.events());
    judged.failures().keySet().forEach(sha256 -> events.addAll(learning.drop(sha256, now)));
    return new Outcome(events, outcome.champion());
  }

  /** Likewise, of a lesson. */
  public static Outcome taught(Learning learning, Due due, Taught taught, Instant now) {
    return new Outcome(
        learning.taught(due, taught.sha256(), taught.failure(), taught.evidence(), now),
        Optional.<Champion>empty());
  }
}
