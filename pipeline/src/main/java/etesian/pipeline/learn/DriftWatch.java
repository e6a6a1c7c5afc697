package etesian.pipeline.learn;

import etesian.pipeline.learn.DriftDetector.Drift;
import etesian.pipeline.learn.DriftDetector.DriftDetectorCodec;
import etesian.pipeline.learn.DriftDetector.Rule;
import etesian.pipeline.learn.Workshop.Judged;
import etesian.pipeline.settings.TuningSettings;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Whether the world has changed since the champion was made: in its errors, in the fields that come
 * in, or in how well they obey the equation of the stream.
 */
final class DriftWatch {
  private static final DriftDetectorCodec CODEC = new DriftDetectorCodec();

  private final String residualHas;
  private DriftDetector errors = new DriftDetector(Rule.DEFAULT);
  private DriftDetector input = new DriftDetector(Rule.DEFAULT);
  private DriftDetector physics = new DriftDetector(Rule.DEFAULT);
  private double residual = Double.NaN; // of the newest window, for people; not stored

  DriftWatch(TuningSettings tuning) {
    residualHas =
        String.format(
            "the residual of %s in the observed fields has",
            tuning.physics() == null ? "an equation" : tuning.physics().equation());
  }

  /**
   * Takes what was found out about the next window.
   *
   * @return whether something has drifted
   */
  boolean watch(String champion, Judged found, EventLog log) {
    residual = found.residual();
    Drift ofErrors = errors.add(meanLog(found.losses().get(champion)));
    Drift ofInput = input.add(found.inputMean());
    // Needs no target of a forecast: observations follow another law, or are wrong.
    Drift ofPhysics = physics.add(Math.log(found.residual()));
    return tell(errors, ofErrors, champion, "the errors of the champion have", log)
        | tell(input, ofInput, champion, "the mean of the fields has", log)
        | tell(physics, ofPhysics, champion, residualHas, log);
  }

  /** Square errors have a long tail: their logarithm is watched, the mean over all of them. */
  private static double meanLog(double[] losses) {
    double sum = 0;
    for (double loss : losses) {
      sum += Math.log(loss);
    }
    return sum / losses.length;
  }

  private static boolean tell(
      DriftDetector by, Drift drift, String champion, String what, EventLog log) {
    if (drift == Drift.NONE) {
      return false;
    }
    log.drift(champion, what + " gone " + (drift == Drift.UP ? "up" : "down"), by.evidence());
    return true;
  }

  /** What the equation leaves over of the newest window's fields; NaN for none. */
  double residual() {
    return residual;
  }

  /**
   * Errors are of another model, and the fields are seen against another normal. Not so after a
   * promotion, see {@link #errorsBeginAnew}: what a lesson takes for normal has moved with the
   * fields, and a detector that began anew with each would not see a slow drift; some of its alarms
   * are the lesson's doing.
   */
  void beginAnew() {
    errorsBeginAnew();
    input.reset();
    physics.reset();
  }

  /** They are of another model. */
  void errorsBeginAnew() {
    errors.reset();
  }

  /** The detectors of errors, input and physics. */
  void write(DataOutput out) throws IOException {
    CODEC.write(errors, out);
    CODEC.write(input, out);
    CODEC.write(physics, out);
  }

  /**
   * Detectors of another rule than today's begin anew.
   *
   * @param version of {@link LearningCodec}: 1 has no detector of physics
   */
  void read(int version, DataInput in) throws IOException {
    errors = detector(in);
    input = detector(in);
    if (version > 1) {
      physics = detector(in);
    }
  }

  private static DriftDetector detector(DataInput in) throws IOException {
    DriftDetector stored = CODEC.read(in);
    return stored.isOf(Rule.DEFAULT) ? stored : new DriftDetector(Rule.DEFAULT);
  }
}
