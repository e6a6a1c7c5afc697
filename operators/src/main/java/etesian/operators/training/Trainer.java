package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.GradientCollector;
import etesian.operators.Devices;
import etesian.operators.TrainableOperator;
import etesian.operators.Weights;
import etesian.operators.training.TrainingListener.Progress;
import etesian.operators.training.TrainingResult.Ending;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Trains an operator on pairs by mini-batches. The data stays on the heap; one batch at a time goes
 * off it. Several trainers may run at once: the engine records gradients for one batch of one
 * thread at a time, so they take turns.
 */
public final class Trainer {
  /** The engine allows one collector of gradients per process. */
  private static final ReentrantLock GRADIENTS = new ReentrantLock();

  private final TrainingSettings settings;
  private final Loss loss;

  public Trainer(TrainingSettings settings, Loss loss) {
    this.settings = settings;
    this.loss = loss;
  }

  /**
   * Improves the operator in place; at the end it holds the best parameters, those of the result.
   *
   * @param training pairs to learn from
   * @param validation pairs to choose the best epoch by, apart from the training pairs in time; may
   *     be the training pairs themselves, which then overfit unseen
   */
  public TrainingResult train(
      TrainableOperator operator, Samples training, Samples validation, TrainingListener listener) {
    if (training.size() == 0 || validation.size() == 0) {
      throw new IllegalArgumentException(
          String.format(
              "%d training and %d validation pairs, expected at least one of each",
              training.size(), validation.size()));
    }
    operator.parameters().values().forEach(p -> p.setRequiresGradient(true));
    try (Run run = new Run(operator, training, validation, listener)) {
      return run.go();
    } finally {
      operator.parameters().values().forEach(p -> p.setRequiresGradient(false));
    }
  }

  /**
   * Mean loss of an operator over pairs.
   *
   * @param samples at least one pair
   */
  public double evaluate(TrainableOperator operator, Samples samples) {
    return Devices.withoutGradients(
        () -> {
          int[] order = IntStream.range(0, samples.size()).toArray();
          double sum = 0;
          for (int from = 0; from < order.length; from += settings.batchSize()) {
            int to = Math.min(order.length, from + settings.batchSize());
            try (NDManager scope = Devices.newManager();
                NDScope temporaries = new NDScope()) {
              temporaries.suppressNotUsedWarning();
              sum +=
                  (to - from) * loss(operator, scope, samples.select(order, from, to)).getFloat();
            }
          }
          return sum / order.length;
        });
  }

  private NDArray loss(TrainableOperator operator, NDManager scope, Samples batch) {
    return loss.of(scope, operator.forward(scope, batch.input()), batch.target());
  }

  /** The state of one training run. */
  private final class Run implements AutoCloseable {
    private final TrainableOperator operator;
    private final Samples training;
    private final Samples validation;
    private final TrainingListener listener;
    private final NDManager moments = Devices.newManager();
    private final Adam adam;
    private final Random random = new Random(settings.seed());
    private final int[] order;
    private final int batches;
    private final long start = System.nanoTime();
    private int done;
    private double best;
    private int bestEpoch;
    private Weights bestWeights;

    Run(
        TrainableOperator operator,
        Samples training,
        Samples validation,
        TrainingListener listener) {
      this.operator = operator;
      this.training = training;
      this.validation = validation;
      this.listener = listener;
      adam =
          new Adam(
              operator.parameters().values(), moments, settings.weightDecay(), settings.clipNorm());
      order = IntStream.range(0, training.size()).toArray();
      batches = (order.length + settings.batchSize() - 1) / settings.batchSize();
    }

    TrainingResult go() {
      double initial = evaluate(operator, validation);
      if (!Double.isFinite(initial)) {
        throw new IllegalArgumentException(
            "the loss of the untrained operator is " + initial + ": look for NaN in the input");
      }
      best = initial;
      bestWeights = operator.weights();
      Ending ending = null;
      double trainingLoss = Double.NaN;
      int epoch = 0;
      while (ending == null) {
        epoch++;
        shuffle();
        double sum = 0;
        int batch = 0;
        while (batch < batches && ending == null) {
          double value = step(batch++);
          sum += value;
          ending = endingWithin(value);
          done++;
          listener.progress(new Progress(epoch, batch, batches, value, best, fraction(), left()));
        }
        trainingLoss = sum / batch;
        if (ending != Ending.DIVERGED) {
          validate(epoch);
        }
        if (ending == null && epoch - bestEpoch >= settings.patience()) {
          ending = Ending.NO_IMPROVEMENT;
        } else if (ending == null && epoch == settings.epochs()) {
          ending = Ending.ALL_EPOCHS;
        }
      }
      restore();
      return new TrainingResult(
          bestWeights, initial, best, trainingLoss, bestEpoch, epoch, elapsed(), ending);
    }

    private double step(int batch) {
      int from = batch * settings.batchSize();
      int to = Math.min(order.length, from + settings.batchSize());
      Samples pairs = training.select(order, from, to);
      double rate = settings.learningRate() * settings.schedule().factor(fraction());
      double value;
      GRADIENTS.lock();
      try (NDManager scope = Devices.newManager();
          NDScope temporaries = new NDScope();
          GradientCollector collector = scope.getEngine().newGradientCollector()) {
        temporaries.suppressNotUsedWarning();
        NDArray result = loss(operator, scope, pairs);
        value = result.getFloat();
        if (Double.isFinite(value)) {
          collector.backward(result);
        }
      } finally {
        GRADIENTS.unlock();
      }
      if (Double.isFinite(value)) {
        Devices.withoutGradients(
            () -> {
              adam.step(rate);
              return null;
            });
      }
      return value;
    }

    private Ending endingWithin(double loss) {
      if (!Double.isFinite(loss)) {
        return Ending.DIVERGED;
      } else if (Thread.currentThread().isInterrupted()) {
        return Ending.INTERRUPTED;
      }
      return elapsed().compareTo(settings.budget()) >= 0 ? Ending.OUT_OF_TIME : null;
    }

    private void validate(int epoch) {
      double value = evaluate(operator, validation);
      if (value < best) {
        best = value;
        bestEpoch = epoch;
        bestWeights = operator.weights();
      }
    }

    private void restore() {
      Devices.withoutGradients(
          () -> {
            operator.parameters().forEach(this::restore);
            return null;
          });
    }

    private void restore(String name, NDArray array) {
      float[] values = bestWeights.tensors().get(name).values();
      try (NDArray best = moments.create(values, array.getShape())) {
        array.set(new NDIndex("..."), best);
      }
    }

    private void shuffle() {
      for (int i = order.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
    }

    private Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - start);
    }

    private double fraction() {
      double ofTime = (double) elapsed().toNanos() / settings.budget().toNanos();
      double ofEpochs = (double) done / ((long) batches * settings.epochs());
      return Math.min(1, Math.max(ofTime, ofEpochs));
    }

    private Duration left() {
      double fraction = fraction();
      double nanos = elapsed().toNanos();
      return Duration.ofNanos((long) (nanos / fraction - nanos));
    }

    @Override
    public void close() {
      moments.close();
    }
  }
}
