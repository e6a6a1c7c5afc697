package etesian.pipeline.settings;

import etesian.pipeline.climatology.Harmonics;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How much state the verification of a stream holds, before it holds any:
 *
 * <pre>
 *   bytes = cells * (16 * waiting + 16 * leads + 4 * longest + 8 * features)
 *   waiting = sum over verified leads of ceil(lead / issue_every)
 * </pre>
 *
 * <ul>
 *   <li>waiting: forecast steps between their issue and valid time; each keeps itself and three
 *       references, 4 bytes a cell
 *   <li>leads: the regression of each, two sums of 8 bytes a cell
 *   <li>longest: lead, whose anomalies are kept
 *   <li>features: of the climatology
 * </ul>
 */
public final class VerificationState {
  private static final double MEBIBYTE = 1 << 20;

  private VerificationState() {}

  /** Bytes of a stream whose grid is known. */
  public static long bytes(StreamSettings stream) {
    return (long) stream.grid().cells() * bytesPerCell(stream);
  }

  /**
   * What is wrong when the streams hold more than the budget together, with the arithmetic; streams
   * whose grid is not known yet count as nothing.
   */
  public static Optional<String> problem(List<StreamSettings> streams, int budgetMebibytes) {
    List<StreamSettings> known = streams.stream().filter(s -> s.grid() != null).toList();
    double needed = known.stream().mapToLong(VerificationState::bytes).sum() / MEBIBYTE;
    if (needed <= budgetMebibytes) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "verification would hold %.1f MiB of state, the budget is %d MiB: %s; take fewer"
                + " verify_leads or a larger issue_every, or raise verify_state_mebibytes when the"
                + " heap can hold it",
            needed,
            budgetMebibytes,
            known.stream().map(VerificationState::arithmetic).collect(Collectors.joining(" + "))));
  }

  private static String arithmetic(StreamSettings stream) {
    return String.format(
        Locale.ROOT,
        "%s: %d cells * (16 B * %d waiting steps + 16 B * %d leads + 4 B * %d anomalies"
            + " + 8 B * %d features) = %.1f MiB",
        stream.name(),
        stream.grid().cells(),
        waiting(stream),
        stream.verifyLeads().size(),
        longest(stream),
        features(stream),
        bytes(stream) / MEBIBYTE);
  }

  private static long bytesPerCell(StreamSettings stream) {
    return 16 * waiting(stream)
        + 16L * stream.verifyLeads().size()
        + 4L * longest(stream)
        + 8L * features(stream);
  }

  private static long waiting(StreamSettings stream) {
    long every = stream.issueEvery();
    return stream.verifyLeads().stream().mapToLong(lead -> (lead + every - 1) / every).sum();
  }

  private static int longest(StreamSettings stream) {
    return stream.verifyLeads().isEmpty() ? 0 : Collections.max(stream.verifyLeads());
  }

  private static int features(StreamSettings stream) {
    return Harmonics.forStep(stream.step()).size();
  }
}
