package etesian.operators.smnn;

import etesian.operators.Weights;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Teaches an {@link Encoder} to correct a fitted mechanism cell by cell, end to end: from the
 * history through the encoder, the coefficients and the solver to the loss
 *
 * <pre>
 *   mean over cells and leads of w (forecast - truth)^2 / (error of damped persistence)
 *     + penalty x mean over cells of |z|^2
 * </pre>
 *
 * with z the correction, 0 for the mechanism itself. Training begins there, so what it reaches on
 * the validation windows is never worse than the mechanism. Adam with global-norm clipping; a step
 * draws its cells from a random sequence that follows from seed and epoch, so a run is repeatable
 * to the bit, and one that goes on from a {@link #state} equals one that never stopped. Memory is
 * that of a step and of the validation sample.
 */
public final class EncoderTrainer {
  private static final int VALIDATION_SAMPLE = 32_768;
  private static final double WORTHWHILE = 0.005;
  private static final long SPREAD = 0x9E3779B97F4A7C15L; // seeds of epochs far from each other

  private final Settings settings;
  private final Mechanism mechanism;
  private final int history;
  private final int horizon;
  private final CellSamples training;
  private final CellSamples validation;
  private final long[] judged;
  private final Encoder encoder;
  private final VectorAdam adam;
  private final double initialLoss;
  private int epoch;
  private double bestLoss;
  private int bestEpoch;
  private double[] best;

  /**
   * How to train.
   *
   * @param hidden units of the encoder
   * @param epochs at most
   * @param steps of an epoch
   * @param batch cells of a step, each with a window of its own
   * @param learningRate of Adam at the beginning; falls linearly to 0
   * @param clipNorm largest 2-norm of a gradient; longer ones are shortened
   * @param penalty of the correction
   * @param patience epochs without a better validation loss before training ends
   * @param seed of the first weights and of the draws
   * @param budget wall time before training ends
   */
  public record Settings(
      int hidden,
      int epochs,
      int steps,
      int batch,
      double learningRate,
      double clipNorm,
      double penalty,
      int patience,
      long seed,
      Duration budget) {
    public Settings {
      if (hidden < 1 || epochs < 1 || steps < 1 || batch < 1 || patience < 1) {
        throw new IllegalArgumentException(
            String.format(
                "hidden %d, epochs %d, steps %d, batch %d, patience %d: expected at least 1 each",
                hidden, epochs, steps, batch, patience));
      }
      if (!(learningRate > 0 && clipNorm > 0 && penalty >= 0)) {
        throw new IllegalArgumentException(
            String.format(
                "learning rate %s, clip norm %s, penalty %s: expected above 0, above 0, at least 0",
                learningRate, clipNorm, penalty));
      }
    }

    /** 16 hidden units, at most 30 epochs of 64 steps of 512 cells. */
    public static Settings within(Duration budget) {
      return new Settings(16, 30, 64, 512, 3e-3, 1, 0.1, 6, 1, budget);
    }

    Settings withBudget(Duration other) {
      return new Settings(
          hidden, epochs, steps, batch, learningRate, clipNorm, penalty, patience, seed, other);
    }
  }

  /** Told of each epoch. Losses are mean square errors relative to damped persistence. */
  @FunctionalInterface
  public interface Progress {
    void report(int epoch, int epochs, double trainingLoss, double validationLoss);
  }

  /**
   * @param start its mechanism is what the encoder corrects
   * @param series standardised anomalies, [time][cell]; no NaN where a weight is positive
   * @param cellWeights one for each cell, 0 leaves a cell out
   * @param training indices at which windows of history + horizon contiguous times begin
   * @param validation the same, for early stopping
   */
  public EncoderTrainer(
      Settings settings,
      MechanisticForecaster start,
      float[][] series,
      double[] cellWeights,
      int[] training,
      int[] validation) {
    this.settings = settings;
    mechanism = start.mechanism();
    history = start.history();
    horizon = start.outputChannels();
    this.training = new CellSamples(series, cellWeights, training, history, horizon);
    this.validation = new CellSamples(series, cellWeights, validation, history, horizon);
    judged = this.validation.spread(VALIDATION_SAMPLE);
    encoder =
        Encoder.untrained(
            history, settings.hidden(), new Correction(mechanism).odd(), settings.seed());
    adam = new VectorAdam(encoder.parameters().length);
    initialLoss = validationLoss();
    bestLoss = initialLoss;
    best = encoder.parameters().clone();
  }

  /** Trains until the epochs, the patience or the time are used up. */
  public void train(Progress progress) {
    long deadline = System.nanoTime() + settings.budget().toNanos();
    while (epoch < settings.epochs()
        && epoch - bestEpoch < settings.patience()
        && System.nanoTime() < deadline) {
      double trainingLoss = pass();
      epoch++;
      double loss = validationLoss();
      if (loss < bestLoss) {
        bestLoss = loss;
        bestEpoch = epoch;
        best = encoder.parameters().clone();
      }
      progress.report(epoch, settings.epochs(), trainingLoss, loss);
    }
  }

  /** All steps of an epoch; returns their mean loss. */
  private double pass() {
    SplittableRandom random = new SplittableRandom(settings.seed() + SPREAD * epoch);
    double rate = settings.learningRate() * (1 - (double) epoch / settings.epochs());
    double sum = 0;
    for (int step = 0; step < settings.steps(); step++) {
      long[] drawn = random.longs(settings.batch(), 0, training.size()).toArray();
      Step taken = step(drawn);
      VectorAdam.clip(taken.gradient, settings.clipNorm());
      adam.step(encoder.parameters(), taken.gradient, rate);
      sum += taken.loss;
    }
    return sum / settings.steps();
  }

  /** Loss of some samples, the penalty included, and its gradient by the parameters. */
  record Step(double loss, double[] gradient) {}

  Step step(long[] samples) {
    EncodedForecast.Pass pass = model().forward(training.histories(samples));
    double[] forecast = pass.forecast();
    double[] byForecast = new double[forecast.length];
    double loss = training.loss(samples, forecast, byForecast);
    double[] z = pass.z();
    double[] byZ = new double[z.length];
    double penalty = settings.penalty() / samples.length;
    for (int i = 0; i < z.length; i++) {
      loss += penalty * z[i] * z[i];
      byZ[i] = 2 * penalty * z[i];
    }
    return new Step(loss, pass.gradient(byForecast, byZ));
  }

  /** The penalty left out, so that it compares with that of the mechanism. */
  private double validationLoss() {
    EncodedForecast model = model();
    double sum = 0;
    for (int from = 0; from < judged.length; from += settings.batch()) {
      long[] some =
          Arrays.copyOfRange(judged, from, Math.min(judged.length, from + settings.batch()));
      double[] forecast = model.of(validation.histories(some));
      sum += some.length * validation.loss(some, forecast, new double[forecast.length]);
    }
    return sum / judged.length;
  }

  private EncodedForecast model() {
    return new EncodedForecast(mechanism, encoder, history, horizon);
  }

  /** The parameters that training changes. */
  double[] parameters() {
    return encoder.parameters();
  }

  /** Validation loss of the mechanism without any correction. */
  public double initialLoss() {
    return initialLoss;
  }

  /** Smallest validation loss so far, {@link #initialLoss} included. */
  public double bestLoss() {
    return bestLoss;
  }

  /**
   * Whether the encoder beats the mechanism by more than another seed or luck in the choice of the
   * epoch would: by {@value #WORTHWHILE} of its validation loss.
   */
  public boolean worthwhile() {
    return bestLoss < (1 - WORTHWHILE) * initialLoss;
  }

  /**
   * The mechanism with the encoder of the smallest validation loss, for {@link
   * MechanisticForecaster#of(Weights)}.
   */
  public Weights weights() {
    return new MechanisticForecaster(mechanism, encoder.with(best), null, history, horizon)
        .weights();
  }

  /** All that the rest of the run depends on, for {@link #restore}. */
  public byte[] state() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(identity());
      out.writeInt(epoch);
      out.writeInt(bestEpoch);
      out.writeDouble(bestLoss);
      for (int i = 0; i < best.length; i++) {
        out.writeDouble(best[i]);
        out.writeDouble(encoder.parameters()[i]);
      }
      adam.save(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array in memory does not fail
    }
    return bytes.toByteArray();
  }

  /**
   * Goes on where another run was.
   *
   * @param state of a run with the same settings (the budget may differ), mechanism and data
   * @throws IllegalArgumentException when it is of another run
   */
  public void restore(byte[] state) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      String made = in.readUTF();
      if (!made.equals(identity())) {
        throw new IllegalArgumentException(
            "a state of " + made + ", expected one of " + identity() + "; train from the start");
      }
      epoch = in.readInt();
      bestEpoch = in.readInt();
      bestLoss = in.readDouble();
      for (int i = 0; i < best.length; i++) {
        best[i] = in.readDouble();
        encoder.parameters()[i] = in.readDouble();
      }
      adam.restore(in);
    } catch (IOException e) {
      throw new IllegalArgumentException("not the state of an encoder's training: " + e, e);
    }
  }

  /** Everything that must agree for two runs to be one; the first loss stands for the data. */
  private String identity() {
    return String.join(
        "; ",
        settings.withBudget(Duration.ZERO).toString(),
        mechanism.toString(),
        "" + initialLoss);
  }
}
