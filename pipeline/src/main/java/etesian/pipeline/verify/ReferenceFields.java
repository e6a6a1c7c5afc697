package etesian.pipeline.verify;

/**
 * What the references say for a valid time, each of shape (cells), as known at the issue time; null
 * where a reference has nothing to say.
 *
 * @param persistence the observation at the issue time
 * @param climatology what is normal for the valid time
 * @param damped climatology plus the part of the anomaly at the issue time that usually remains
 */
record ReferenceFields(float[] persistence, float[] climatology, float[] damped) {
  static final ReferenceFields NONE = new ReferenceFields(null, null, null);
}
