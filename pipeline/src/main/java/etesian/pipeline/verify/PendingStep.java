package etesian.pipeline.verify;

import java.time.Instant;
import java.util.Comparator;

/**
 * A forecast step that waits: first for its issue time, when it gets its references, then for its
 * valid time. The arrays are never written after construction.
 *
 * @param values shape (cells), NaN is missing
 */
record PendingStep(
    int lead,
    Instant issueTime,
    Instant validAt,
    int revision,
    String model,
    String weightsSha256,
    float[] values,
    ReferenceFields references) {

  /** The order in which steps of one time are worked on, whatever the order of their arrival. */
  static final Comparator<PendingStep> ORDER =
      Comparator.comparingInt(PendingStep::lead)
          .thenComparing(PendingStep::issueTime)
          .thenComparing(PendingStep::weightsSha256);

  PendingStep with(ReferenceFields known) {
    return new PendingStep(lead, issueTime, validAt, revision, model, weightsSha256, values, known);
  }
}
