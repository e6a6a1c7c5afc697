package etesian.pipeline.window;

import etesian.ingest.field.Field;
import etesian.pipeline.settings.GapPolicy;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which fields make a window, and when a field is let go. Decisions on valid times, no state. */
public final class WindowSpec implements Serializable {
  private static final long serialVersionUID = 1L;

  private final StreamSettings stream;

  public WindowSpec(StreamSettings stream) {
    this.stream = stream;
  }

  /** Finds the field of a valid time and a variable, null when there is none. */
  @FunctionalInterface
  interface Fields {
    Field at(Instant validAt, String variable) throws Exception;
  }

  /** The names of the variables that each member has. */
  List<String> variables() {
    return stream.variables().stream().map(StreamVariable::name).toList();
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
    List<Instant> times = new ArrayList<>(stream.windowLength());
    for (int back = stream.windowLength() - 1; back >= 0; back--) {
      times.add(stream.timeAfter(issueTime, -back));
    }
    return times;
  }

  /**
   * The issue times whose windows may hold a field valid at a time, as a member or in the place of
   * missing ones, oldest first.
   */
  public List<Instant> issueTimesTouchedBy(Instant validAt) {
    return issueTimes(validAt, stream.windowLength() - 1 + reach());
  }

  /** The issue times whose newest member a field valid at a time is, or may stand in for. */
  List<Instant> issueTimesEndedBy(Instant validAt) {
    return issueTimes(validAt, reach());
  }

  /** The issue times after one time up to another, oldest first. */
  List<Instant> issueTimesBetween(Instant after, Instant upTo) {
    long steps =
        stream.step().indexOf(stream.anchor(), upTo)
            - stream.step().indexOf(stream.anchor(), after);
    return issueTimes(after, steps).stream().filter(time -> time.isAfter(after)).toList();
  }

  /** How many {@link #issueTimesBetween} there are. */
  long countIssueTimes(Instant after, Instant upTo) {
    long first = stream.step().indexOf(stream.anchor(), after) + 1;
    long from = stream.step().indexOf(stream.anchor(), stream.issueFrom());
    if (stream.step().plus(stream.anchor(), from).isBefore(stream.issueFrom())) {
      from++;
    }
    long last = stream.step().indexOf(stream.anchor(), upTo);
    long every = stream.issueEvery();
    long before = Math.floorDiv(Math.max(first, from) - 1, every);
    return Math.max(0, Math.floorDiv(last, every) - before);
  }

  /** No window after it holds a field valid at a time or before. */
  Instant lastTouchedBy(Instant validAt) {
    return stream.timeAfter(validAt, stream.windowLength() + reach());
  }

  private List<Instant> issueTimes(Instant from, long steps) {
    List<Instant> times = new ArrayList<>();
    for (long ahead = 0; ahead <= steps; ahead++) {
      Instant issueTime = stream.timeAfter(from, ahead);
      if (isIssueTime(issueTime)) {
        times.add(issueTime);
      }
    }
    return times;
  }

  /**
   * The window issued at a time, of revision 0. A gap is one of a variable: the others have their
   * own fields.
   *
   * @param passed whether event time has passed the issue time, so that a gap may be held
   * @return empty when a field is missing that nothing stands in for
   */
  Optional<FieldWindow> window(Instant issueTime, boolean passed, Fields fields) throws Exception {
    int reach = passed ? reach() : 0;
    int held = 0;
    List<String> variables = variables();
    Field[] frames = new Field[stream.windowLength() * variables.size()];
    // Newest first: what is missing is mostly still to come.
    for (int i = frames.length - 1; i >= 0; i--) {
      String variable = variables.get(i % variables.size());
      int before = stream.windowLength() - 1 - i / variables.size();
      Instant time = stream.timeAfter(issueTime, -before);
      frames[i] = fields.at(time, variable);
      for (int back = 1; frames[i] == null && back <= reach; back++) {
        frames[i] = fields.at(stream.timeAfter(time, -back), variable);
        held += frames[i] == null ? 0 : 1;
      }
      if (frames[i] == null) {
        return Optional.empty();
      }
    }
    return Optional.of(new FieldWindow(stream.name(), issueTime, 0, held, List.of(frames)));
  }

  /**
   * Whether a window that never fired may fire now.
   *
   * @param passed whether event time has passed its issue time
   */
  boolean mayFire(boolean passed) {
    return !(passed && stream.gaps() instanceof GapPolicy.Skip);
  }

  /** Whether gaps are held. */
  boolean holds() {
    return stream.gaps() instanceof GapPolicy.Hold;
  }

  /** Whether a field is too old to count when event time has come to a time. */
  public boolean isTooLate(Instant validAt, Instant passed) {
    return validAt.isBefore(stream.oldestThatCounts(passed));
  }

  /** When nothing needs the field of a time, or the revision of an issue time, any more. */
  Instant letGoAt(Instant time) {
    return stream.timeAfter(time, stream.fieldsKept() - 1L);
  }

  /** What is let go at a time: the inverse of {@link #letGoAt}. */
  Instant letGoAfter(Instant time) {
    return stream.timeAfter(time, 1L - stream.fieldsKept());
  }

  private int reach() {
    return stream.gaps().reach();
  }
}
