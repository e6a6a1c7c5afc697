package etesian.pipeline.learn;

import etesian.pipeline.champion.Champion;
import etesian.pipeline.learn.Learning.Due;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.learn.Workshop.Taught;
import etesian.pipeline.settings.StreamSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What one decision says of itself, in its order. */
final class EventLog {
  private final StreamSettings stream;
  private final String serving; // null for nobody
  private Instant issueTime;
  private final Instant now;
  private final List<ModelEvent> events = new ArrayList<>();

  /**
   * @param serving hash of the champion's weights; null before the first
   * @param issueTime newest one that was judged; null before the first
   * @param now by the clock of the machine
   */
  EventLog(StreamSettings stream, String serving, Instant issueTime, Instant now) {
    this.stream = stream;
    this.serving = serving;
    this.issueTime = issueTime;
    this.now = now;
  }

  /** What follows is said when a window of this issue time has been judged. */
  void judged(Instant newest) {
    issueTime = newest;
  }

  /** The world has changed under a champion. */
  void drift(String champion, String what, Map<String, Double> evidence) {
    add(Kind.DRIFT, champion, null, champion, what, evidence);
  }

  /**
   * Something that learning met and cannot use; the champion serves on.
   *
   * @param sha256 of the weights that cannot be used; null for something else
   */
  void refused(String sha256, String why, Map<String, Double> evidence) {
    add(Kind.REFUSED, sha256, null, serving, why, evidence);
  }

  /** A candidate beside a champion is none any more. */
  void rejected(String sha256, String champion, String why, Map<String, Double> evidence) {
    add(Kind.REJECTED, sha256, null, champion, why, evidence);
  }

  void rejected(String sha256, String champion, String why) {
    rejected(sha256, champion, why, Map.of());
  }

  /**
   * A champion takes the place of another.
   *
   * @param before the other one's weights
   */
  void crowned(
      Kind how, Champion champion, String before, String why, Map<String, Double> evidence) {
    add(how, champion.weightsSha256(), champion.effectiveFrom(), before, why, evidence);
  }

  /** What came of a lesson. */
  void lesson(Kind what, Due due, Taught taught, String why) {
    add(what, taught.sha256(), null, due.champion(), why, taught.evidence());
  }

  private void add(
      Kind kind,
      String sha256,
      Instant effectiveFrom,
      String parent,
      String why,
      Map<String, Double> evidence) {
    events.add(
        new ModelEvent(
            kind,
            now,
            stream.name(),
            stream.model(),
            sha256,
            effectiveFrom,
            parent,
            issueTime,
            why,
            evidence,
            ModelEvent.TUNING));
  }

  List<ModelEvent> events() {
    return List.copyOf(events);
  }
}
