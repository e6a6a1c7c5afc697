package etesian.ops.bench;

import java.io.IOException;
import java.util.Map;

/** Something to be measured. */
public interface Case {
  /** Unique in its suite. */
  String name();

  /**
   * Measures, in this process.
   *
   * @return figures by their name, which ends with the unit; in the order of reports
   */
  Map<String, Object> measure(Limits limits) throws IOException;

  /**
   * How long to measure.
   *
   * @param repeats at least so many passes
   * @param seconds and at least so long, without set-up and warm-up
   */
  record Limits(int repeats, double seconds) {
    public Limits {
      if (repeats < 1 || !(seconds >= 0)) {
        throw new IllegalArgumentException(
            repeats + " repeats in " + seconds + " s, expected at least 1 in at least 0 s");
      }
    }
  }
}
