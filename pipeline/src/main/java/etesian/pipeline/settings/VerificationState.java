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
 *   bytes = cells * (16 * (waiting + scored) + 4 * observations
 *                    + 16 * leads + 4 * longest + 8 * features)
 *   waiting = sum over verified leads of ceil(lead / issue_every)
 *   scored = leads * ceil(observations / issue_every)
 *   observations = retention, none without verified leads
 * </pre>
 *
 * <ul>
 *   <li>waiting: forecast steps between their issue and valid time; each keeps itself and three
 *       references, 4 bytes a cell
 *   <li>scored: those whose observation may still be replaced by a better one, likewise
 *   <li>observations: that may still be replaced
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
                + " verify_leads, a larger issue_every or a shorter retention, or raise"
                + " verify_state_mebibytes when the heap can hold it",
            needed,
            budgetMebibytes,
            known.stream().map(VerificationState::arithmetic).collect(Collectors.joining(" + "))));
  }

  private static String arithmetic(StreamSettings stream) {
    return String.format(
        Locale.ROOT,
        "%s: %d cells * (16 B * %d waiting steps + 16 B * %d scored steps + 4 B * %d observations"
            + " + 16 B * %d leads + 4 B * %d anomalies + 8 B * %d features) = %.1f MiB",
        stream.name(),
        stream.grid().cells(),
        waiting(stream),
        scored(stream),
        observations(stream),
        stream.verifyLeads().size(),
        longest(stream),
        features(stream),
        bytes(stream) / MEBIBYTE);
  }

  private static long bytesPerCell(StreamSettings stream) {
    return 16 * (waiting(stream) + scored(stream))
        + 4L * observations(stream)
        + 16L * stream.verifyLeads().size()
        + 4L * longest(stream)
        + 8L * features(stream);
  }

  private static long waiting(StreamSettings stream) {
    long every = stream.issueEvery();
    return stream.verifyLeads().stream().mapToLong(lead -> (lead + every - 1) / every).sum();
  }

  private static long scored(StreamSettings stream) {
    long every = stream.issueEvery();
    return stream.verifyLeads().size() * ((observations(stream) + every - 1) / every);
  }

  private static int observations(StreamSettings stream) {
    return stream.verifyLeads().isEmpty() ? 0 : stream.retention();
  }

  private static int longest(StreamSettings stream) {
    return stream.verifyLeads().isEmpty() ? 0 : Collections.max(stream.verifyLeads());
  }

  private static int features(StreamSettings stream) {
    return Harmonics.forStep(stream.step()).size();
  }
}
