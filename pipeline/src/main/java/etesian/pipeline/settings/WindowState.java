package etesian.pipeline.settings;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How much state the windows of a stream hold, before they hold any: each field once,
 *
 * <pre>  bytes = 4 * cells * variables * (history + lagged + retention + reach)</pre>
 *
 * <p>(lagged: members of an ensemble; reach: of the gap policy)
 *
 * <p>as a late field may be {@code retention} steps older than the newest, and the first window
 * that holds it begins {@code history + lagged - 1} steps before it.
 */
public final class WindowState {
  private static final double MEBIBYTE = 1 << 20;

  private WindowState() {}

  /** Bytes of a stream whose grid is known. */
  public static long bytes(StreamSettings stream) {
    return (long) Float.BYTES
        * stream.grid().cells()
        * stream.variables().size()
        * stream.fieldsKept();
  }

  /**
   * What is wrong when the streams hold more than the budget together, with the arithmetic; streams
   * whose grid is not known yet count as nothing.
   */
  public static Optional<String> problem(List<StreamSettings> streams, int budgetMebibytes) {
    List<StreamSettings> known = streams.stream().filter(s -> s.grid() != null).toList();
    double needed = known.stream().mapToLong(WindowState::bytes).sum() / MEBIBYTE;
    if (needed <= budgetMebibytes) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "windows would hold %.1f MiB of fields, the budget is %d MiB: %s; take a shorter"
                + " retention, or raise window_state_mebibytes when the heap can hold it",
            needed,
            budgetMebibytes,
            known.stream().map(WindowState::arithmetic).collect(Collectors.joining(" + "))));
  }

  private static String arithmetic(StreamSettings stream) {
    return String.format(
        Locale.ROOT,
        "%s: %d cells * 4 B * %s(history %d%s + retention %d + %d held) = %.1f MiB",
        stream.name(),
        stream.grid().cells(),
        times(stream),
        stream.history(),
        stream.ensemble() == null ? "" : " + lagged " + stream.ensemble().lagged(),
        stream.retention(),
        stream.gaps().reach(),
        bytes(stream) / MEBIBYTE);
  }

  /** The factor of several variables. */
  static String times(StreamSettings stream) {
    int variables = stream.variables().size();
    return variables == 1 ? "" : variables + " variables * ";
  }
}
