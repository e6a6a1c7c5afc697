package etesian.pipeline.window;

import etesian.ingest.field.TimeStep;
import etesian.pipeline.settings.StreamSettings;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Which times make a window, and when a field is let go. Pure arithmetic on valid times. */
public final class WindowSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TimeStep step;
  private final int history;
  private final int issueEvery;
  private final Instant anchor;
  private final Instant issueFrom;
  private final Duration lateness;

  public WindowSpec(StreamSettings stream) {
    step = stream.step();
    history = stream.history();
    issueEvery = stream.issueEvery();
    anchor = stream.anchor();
    issueFrom = stream.issueFrom();
    lateness = stream.lateness();
  }

  /** Whether a forecast is issued at a time, given that its history is complete. */
  public boolean isIssueTime(Instant time) {
    return !time.isBefore(issueFrom) && Math.floorMod(step.indexOf(anchor, time), issueEvery) == 0;
  }

  /** Whether a time lies on the steps of the series at all. */
  public boolean isOnStep(Instant time) {
    return step.plus(anchor, step.indexOf(anchor, time)).equals(time);
  }

  /** The valid times of the window issued at a time, oldest first. */
  public List<Instant> members(Instant issueTime) {
    List<Instant> times = new ArrayList<>(history);
    for (int back = history - 1; back >= 0; back--) {
      times.add(step.plus(issueTime, -back));
    }
    return times;
  }

  /** The issue times whose windows hold a field valid at a time, oldest first. */
  public List<Instant> issueTimesTouchedBy(Instant validAt) {
    List<Instant> times = new ArrayList<>();
    for (int ahead = 0; ahead < history; ahead++) {
      Instant issueTime = step.plus(validAt, ahead);
      if (isIssueTime(issueTime)) {
        times.add(issueTime);
      }
    }
    return times;
  }

  /** No window that may still fire needs a field valid before this, once the watermark is there. */
  public Instant firstNeededAt(Instant watermark) {
    return step.plus(watermark, -history).minus(lateness);
  }
}
