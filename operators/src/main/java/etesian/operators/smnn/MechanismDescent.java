package etesian.operators.smnn;

/**
 * The loop of {@link MechanisticTrainer} from neutral starts and of {@link MechanisticTuner} from a
 * fitted one: Adam along the exact gradient, all windows in every step, of
 *
 * <pre>  loss = {@link Moments} of the windows + l2sp / 2 |theta - theta0|^2  </pre>
 *
 * with theta the logarithms of the parameters and theta0 those of the start. It stops at a loss
 * that is no number, after its steps, or when its time is over.
 *
 * @param settings whose rate falls to 0 at the last step
 */
record MechanismDescent(MechanisticTuner.Settings settings, TimeLimit limit) {

  /** Looks at each mechanism on the way, the start among them. */
  @FunctionalInterface
  interface Watch {
    /**
     * @param steps taken so far
     * @param map of the mechanism, [lead][position in the history]
     * @param loss of the windows, without the pull
     * @return whether to go on
     */
    boolean goesOn(int steps, Mechanism mechanism, double[][] map, double loss);
  }

  /**
   * Where it stopped.
   *
   * @param before loss of the start, without the pull
   * @param after loss of {@code mechanism}; perhaps no number
   */
  record Reached(Mechanism mechanism, int steps, double before, double after) {}

  Reached from(Mechanism start, Moments moments, Watch watch) {
    double[] anchor = start.logarithms();
    double[] theta = anchor.clone();
    VectorAdam adam = new VectorAdam(theta.length);
    Mechanism mechanism = start;
    double before = Double.NaN;
    for (int step = 0; ; step++) {
      Response response = moments.response(mechanism);
      double[][] map = response.matrix();
      double loss = moments.loss(map);
      before = step == 0 ? loss : before;
      if (!watch.goesOn(step, mechanism, map, loss)
          || !Double.isFinite(loss)
          || step == settings.steps()
          || limit.isOver()) {
        return new Reached(mechanism, step, before, loss);
      }
      double[] gradient = response.gradient(moments.gradient(map));
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] += settings.l2sp() * (theta[i] - anchor[i]);
      }
      VectorAdam.clip(gradient, settings.clipNorm());
      double rate = settings.learningRate() * (1 - (double) step / settings.steps());
      adam.step(theta, gradient, rate);
      mechanism = mechanism.withLogarithms(theta);
    }
  }
}
