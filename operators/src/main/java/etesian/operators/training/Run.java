package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.operators.Weights;
import etesian.operators.training.TrainingListener.Progress;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * One training run, from its beginning or from where a checkpoint left it: batches of a permutation
 * of the pairs in each epoch, after which it is judged on the validation pairs and may grow.
 */
final class Run implements TrainingLoop.Course, AutoCloseable {
  private final TrainingSettings settings;
  private final TrainableOperator operator;
  private final Samples training;
  private final Samples validation;
  private final TrainingListener listener;
  private final CheckpointFile file;
  private final Grower grower;
  private final Objective objective;
  private final int batches;
  private final int atOnce;
  private final int fingerprint;
  private final TrainingLoop loop;
  private int[] order; // of the pairs in this epoch; null before its first step
  private Position at;
  private Weights best;
  private List<Integer> bestStages;

  Run(
      TrainingSettings settings,
      Loss loss,
      TrainableOperator operator,
      Samples training,
      Samples validation,
      TrainingListener listener,
      CheckpointFile file,
      Growth growth) {
    this.settings = settings;
    this.operator = operator;
    this.training = training;
    this.validation = validation;
    this.listener = listener;
    this.file = file;
    grower = new Grower(growth, operator);
    objective = new Objective(loss);
    batches = (training.size() + settings.batchSize() - 1) / settings.batchSize();
    atOnce = Math.min(settings.atOnce(), settings.batchSize());
    fingerprint = training.fingerprint();
    loop =
        new TrainingLoop(
            operator.parameters(), settings.weightDecay(), settings.clipNorm(), settings.budget());
  }

  TrainingResult go() {
    file.read().ifPresentOrElse(this::resume, this::begin);
    Ending ending = loop.run(this);
    if (ending != Ending.DIVERGED) {
      file.write(this::checkpoint);
      if (at.batch() > 0) {
        validate(); // what an unfinished epoch brought counts, but not for a run that goes on
      }
    }
    grower.growTo(bestStages);
    write(best.tensors());
    return new TrainingResult(
        best,
        at.initialLoss(),
        at.bestLoss(),
        at.meanLoss(),
        at.bestEpoch(),
        at.epochs(),
        loop.elapsed(),
        ending);
  }

  private void begin() {
    double initial = objective.over(operator, validation, atOnce);
    if (!Double.isFinite(initial)) {
      throw new IllegalArgumentException(
          "the loss of the untrained operator is " + initial + ": look for NaN in the input");
    }
    at = Position.start(initial);
    keepAsBest();
  }

  private void keepAsBest() {
    best = operator.weights();
    bestStages = grower.stages();
  }

  @Override
  public double rate() {
    return settings.learningRate() * settings.schedule().factor(fraction());
  }

  @Override
  public double gradients() {
    order = order == null ? order(at.epoch()) : order;
    int begin = at.batch() * settings.batchSize();
    int end = Math.min(order.length, begin + settings.batchSize());
    int pieces = (end - begin + atOnce - 1) / atOnce;
    double loss = 0;
    for (int piece = 0; piece < pieces && Double.isFinite(loss); piece++) {
      int from = begin + piece * atOnce;
      loss += collect(from, Math.min(end, from + atOnce), end - begin);
    }
    if (Double.isFinite(loss)) {
      grower.look();
    }
    return loss;
  }

  /**
   * Adds the gradients of some pairs of a batch to those of the others; their share of its loss.
   */
  private double collect(int from, int to, int batch) {
    Samples pairs = training.select(order, from, to);
    double share = (double) (to - from) / batch;
    return TrainingLoop.differentiate(
        scope -> {
          NDArray mean = objective.inTraining(scope, operator, pairs);
          return share == 1 ? mean : mean.mul(Devices.number(mean, share));
        });
  }

  @Override
  public void stepped(double loss, double norm) {
    at = at.afterStep(loss);
    listener.progress(
        new Progress(at.epoch(), at.batch(), batches, loss, at.bestLoss(), fraction(), left()));
    if (Double.isFinite(norm)) {
      file.writeIfDue(this::checkpoint);
    }
  }

  @Override
  public Ending ending() {
    if (at.batch() == batches) {
      validate();
      grower.afterEpoch(at.meanLoss(), at.trainingLoss());
      at = at.afterEpoch();
      order = null;
    }
    int done = at.epoch() - 1;
    if (at.batch() == 0 && done - at.bestEpoch() >= settings.patience()) {
      return Ending.NO_IMPROVEMENT;
    }
    return done >= settings.epochs() ? Ending.ALL_STEPS : null;
  }

  private void validate() {
    double loss = objective.over(operator, validation, atOnce);
    if (loss < at.bestLoss()) {
      at = at.withBest(loss);
      keepAsBest();
    }
  }

  /** A permutation of the pairs that depends on seed and epoch alone. */
  private int[] order(int epoch) {
    SplittableRandom random = new SplittableRandom(settings.seed() ^ (long) epoch << 32);
    int[] shuffled = IntStream.range(0, training.size()).toArray();
    for (int i = shuffled.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = swapped;
    }
    return shuffled;
  }

  private Checkpoint checkpoint() {
    return new Checkpoint(
        settings.seed(),
        settings.batchSize(),
        fingerprint,
        at,
        loop.steps(),
        grower.stages(),
        bestStages,
        grower.energy(),
        loop.elapsed(),
        operator.weights().tensors(),
        best.tensors(),
        loop.moments());
  }

  private void resume(Checkpoint checkpoint) {
    expect("seed", checkpoint.seed(), settings.seed());
    expect("batch size", checkpoint.batchSize(), settings.batchSize());
    expect("fingerprint of the training pairs", checkpoint.pairs(), fingerprint);
    expect("parameters", shapes(checkpoint.parameters()), shapes(operator.weights().tensors()));
    expectStages(checkpoint.stages());
    expectStages(checkpoint.bestStages());
    write(checkpoint.parameters());
    loop.resume(checkpoint.moments(), checkpoint.steps(), checkpoint.elapsed());
    grower.growTo(checkpoint.bestStages());
    bestStages = grower.stages();
    best = new Weights(operator.weights().metadata(), checkpoint.best());
    grower.growTo(checkpoint.stages());
    grower.restore(checkpoint.energy());
    at = checkpoint.position();
  }

  /** One for each axis, or one for all. */
  private void expectStages(List<Integer> stages) {
    int axes = grower.stages().size();
    if (axes > 0 && stages.size() != 1) {
      expect("number of axes that grow", stages.size(), axes);
    }
  }

  private void expect(String what, Object found, Object here) {
    if (!found.equals(here)) {
      throw file.failure("another run, its " + what + " is " + found + ", here " + here, null);
    }
  }

  private static Map<String, String> shapes(Map<String, Tensor> tensors) {
    Map<String, String> shapes = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, Arrays.toString(tensor.shape())));
    return shapes;
  }

  private void write(Map<String, Tensor> values) {
    operator.parameters().forEach((name, array) -> InPlace.write(array, values.get(name)));
    operator.buffers().forEach((name, array) -> InPlace.write(array, values.get(name)));
  }

  private double fraction() {
    double steps = (double) batches * (at.epoch() - 1) + at.batch();
    return loop.fraction(steps / ((double) batches * settings.epochs()));
  }

  private Duration left() {
    double fraction = fraction();
    double nanos = loop.elapsed().toNanos();
    return Duration.ofNanos((long) (nanos / fraction - nanos));
  }

  @Override
  public void close() {
    objective.close();
    loop.close();
  }
}
