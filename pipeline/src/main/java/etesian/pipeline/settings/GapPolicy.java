package etesian.pipeline.settings;

import etesian.ingest.field.Check;
import java.io.Serializable;

/** What becomes of a forecast whose history misses a field when its issue time has passed. */
public sealed interface GapPolicy extends Serializable {
  /** It waits: the field may still come while it is within the retention of the stream. */
  GapPolicy WAIT = new Wait();

  /** It is given up. */
  GapPolicy SKIP = new Skip();

  /** Steps that a field may stand in for the ones after it. */
  int reach();

  /** See {@link #WAIT}. */
  record Wait() implements GapPolicy {
    @Override
    public int reach() {
      return 0;
    }
  }

  /**
   * The last field before a gap stands in for the missing ones; a field that comes later re-issues
   * the forecast.
   *
   * @param reach steps that a gap may be long
   */
  record Hold(int reach) implements GapPolicy {
    public Hold {
      Check.that(reach > 0, "a gap that is held has at least one step, got %d", reach);
    }
  }

  /** See {@link #SKIP}. */
  record Skip() implements GapPolicy {
    @Override
    public int reach() {
      return 0;
    }
  }
}
