package etesian.pipeline.learn;

import etesian.pipeline.settings.TuningSettings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** When lessons are due: the first at once, then one every n windows, and one after a drift. */
final class Timetable {
  private final TuningSettings tuning;
  private int windows; // judged since the last lesson
  private int lessons;
  private boolean drifted; // since the last lesson

  Timetable(TuningSettings tuning) {
    this.tuning = tuning;
  }

  /** A window was judged. */
  void judged(boolean drift) {
    windows++;
    drifted |= drift;
  }

  /** A lesson was given. */
  void taught() {
    windows = 0;
    drifted = false;
    lessons++;
  }

  boolean isDue() {
    return isUrgent() || tuning.every() > 0 && (lessons == 0 || windows >= tuning.every());
  }

  /** What the champion knows is of a world that was. */
  boolean isUrgent() {
    return tuning.drift() && drifted;
  }

  /** Number of the next lesson, from 0. */
  int lesson() {
    return lessons;
  }

  /** Windows since the last lesson, lessons, whether something drifted. */
  void write(DataOutput out) throws IOException {
    out.writeInt(windows);
    out.writeInt(lessons);
    out.writeBoolean(drifted);
  }

  void read(DataInput in) throws IOException {
    windows = in.readInt();
    lessons = in.readInt();
    drifted = in.readBoolean();
  }
}
