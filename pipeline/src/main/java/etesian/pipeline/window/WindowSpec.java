package etesian.pipeline.window;

import etesian.pipeline.settings.StreamSettings;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Which times make a window, and when a field is let go. Pure arithmetic on valid times. */
public final class WindowSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  private final StreamSettings stream;

  public WindowSpec(StreamSettings stream) {
    this.stream = stream;
  }

  /** Whether a forecast is issued at a time, given that its history is complete. */
  public boolean isIssueTime(Instant time) {
    return !time.isBefore(stream.issueFrom())
        && Math.floorMod(stream.step().indexOf(stream.anchor(), time), stream.issueEvery()) == 0;
  }

  /** Whether a time lies on the steps of the series at all. */
  public boolean isOnStep(Instant time) {
    return stream.timeAfter(time, 0).equals(time);
  }

  /** The valid times of the window issued at a time, oldest first. */
  public List<Instant> members(Instant issueTime) {
    List<Instant> times = new ArrayList<>(stream.history());
    for (int back = stream.history() - 1; back >= 0; back--) {
      times.add(stream.timeAfter(issueTime, -back));
    }
    return times;
  }

  /** The issue times whose windows hold a field valid at a time, oldest first. */
  public List<Instant> issueTimesTouchedBy(Instant validAt) {
    List<Instant> times = new ArrayList<>();
    for (int ahead = 0; ahead < stream.history(); ahead++) {
      Instant issueTime = stream.timeAfter(validAt, ahead);
      if (isIssueTime(issueTime)) {
        times.add(issueTime);
      }
    }
    return times;
  }

  /** No window of a field valid after a time needs a field valid before this. */
  public Instant firstNeededAfter(Instant time) {
    return stream.timeAfter(time, 1L - stream.history());
  }
}
