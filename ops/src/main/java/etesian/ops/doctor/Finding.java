package etesian.ops.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * The outcome of a check.
 *
 * @param check what was looked at
 * @param state how it is
 * @param found what was seen
 * @param remedy what to do; empty when all is well
 */
public record Finding(String check, State state, String found, String remedy) {

  /** How a check ended: a warning does not keep anything from running, a failure does. */
  public enum State {
    OK,
    WARN,
    FAIL;

    /** As people and JSON write it. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String check, String found) {
    return new Finding(check, State.OK, found, "");
  }

  static Finding warn(String check, String found, String remedy) {
    return new Finding(check, State.WARN, found, remedy);
  }

  static Finding fail(String check, String found, String remedy) {
    return new Finding(check, State.FAIL, found, remedy);
  }
}
