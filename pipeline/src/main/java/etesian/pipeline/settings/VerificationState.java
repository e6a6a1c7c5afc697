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
 *   bytes = cells * variables * (kept * (waiting + scored) + 4 * observations
 *                                + 16 * leads + 4 * longest + 8 * features)
 *   kept = 16, of an ensemble 16 + 4 * members
 *   waiting = sum over verified leads of ceil(lead / issue_every)
 *   scored = leads * ceil(observations / issue_every)
 *   observations = retention, none without verified leads
 * </pre>
 *
 * <ul>
 *   <li>cells: of the grid that is verified, see {@link VerificationSettings#gridOf}
 *   <li>waiting: forecast steps between their issue and valid time; each keeps itself, three
 *       references and the members of an ensemble, 4 bytes a cell
 *   <li>scored: those whose observation may still be replaced by a better one, likewise
 *   <li>observations: that may still be replaced
 *   <li>leads: the regression of each, two sums of 8 bytes a cell
 *   <li>longest: lead, whose anomalies are kept
 *   <li>features: of the climatology, none without verified leads
 * </ul>
 */
public final class VerificationState {
  private static final double MEBIBYTE = 1 << 20;

  private VerificationState() {}

  /** Bytes of a stream whose grid is known. */
  public static long bytes(StreamSettings stream) {
    return (long) stream.verifiedGrid().cells() * stream.variables().size() * bytesPerCell(stream);
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
                + " verify_leads, a larger issue_every, a shorter retention or verify_coarsen, or"
                + " raise verify_state_mebibytes when the heap, or the disk with state_backend:"
                + " rocksdb, can hold it",
            needed,
            budgetMebibytes,
            known.stream().map(VerificationState::arithmetic).collect(Collectors.joining(" + "))));
  }

  private static String arithmetic(StreamSettings stream) {
    return String.format(
        Locale.ROOT,
        "%s: %d cells * %s(%d B * %d waiting steps + %d B * %d scored steps + 4 B * %d observations"
            + " + 16 B * %d leads + 4 B * %d anomalies + 8 B * %d features) = %.1f MiB",
        stream.name(),
        stream.verifiedGrid().cells(),
        WindowState.times(stream),
        kept(stream),
        waiting(stream),
        kept(stream),
        scored(stream),
        observations(stream),
        stream.verifyLeads().size(),
        longest(stream),
        features(stream),
        bytes(stream) / MEBIBYTE);
  }

  private static long bytesPerCell(StreamSettings stream) {
    return kept(stream) * (waiting(stream) + scored(stream))
        + 4L * observations(stream)
        + 16L * stream.verifyLeads().size()
        + 4L * longest(stream)
        + 8L * features(stream);
  }

  /** Bytes of a cell of a step: its values, those of three references, those of its members. */
  private static long kept(StreamSettings stream) {
    return 16 + (stream.ensemble() == null ? 0 : 4L * stream.ensemble().members());
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
    return stream.verifyLeads().isEmpty() ? 0 : Harmonics.forStep(stream.step()).size();
  }
}
