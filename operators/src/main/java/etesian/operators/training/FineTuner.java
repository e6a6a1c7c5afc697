package etesian.operators.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import etesian.operators.Devices;
import etesian.operators.SafeTensors;
import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.operators.Weights;
import etesian.operators.WeightsException;
import etesian.operators.training.FineTuneResult.Ending;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A few steps of Adam from where an operator stands, on pairs that are few and change:
 *
 * <pre>  loss = sum over terms of weight x term + l2sp / 2 |p - p0|^2,   p0: the start  </pre>
 *
 * A term may bring {@link LossTerm#windows} of its own, of which a step draws as many as of the
 * pairs.
 *
 * <p>The operator learns as it serves: its {@link TrainableOperator#buffers} stay as they are. A
 * few pairs that resemble each other say little of the statistics of all, and a part that is not to
 * change would change with them.
 *
 * <p>A step draws its pairs by seed and number alone, so a run that goes on from its state takes
 * the same steps, to the bit, as one that was never interrupted; number of threads, hardware and
 * pairs being equal. Takes turns with whatever else records gradients in this process.
 */
public final class FineTuner {
  private static final String FORMAT = "etesian-fine-tuning-1";
  private static final String VARIABLE = "variable.";
  private static final String L2_SP = "l2_sp";
  private static final String TOTAL = "total";
  private static final long SPREAD = 0x9E3779B97F4A7C15L; // seeds of steps far from each other

  private final FineTuneSettings settings;
  private final List<LossTerm> terms;

  /**
   * @param terms at least one; they stay the caller's to close
   */
  public FineTuner(FineTuneSettings settings, List<LossTerm> terms) {
    this.settings = settings;
    this.terms = List.copyOf(terms);
    if (terms.isEmpty() || terms.stream().map(LossTerm::name).distinct().count() < terms.size()) {
      throw new IllegalArgumentException(
          "loss terms "
              + terms.stream().map(LossTerm::name).toList()
              + ": expected at least one, each of another name");
    }
  }

  /**
   * Changes the operator in place.
   *
   * @param operator stands at the start, also when a run goes on
   * @param pairs at least one
   * @param from state of this run in an earlier session; its pairs may have been others
   * @param every steps between two calls of {@code keep}
   * @param keep receives the state now and then, and when the run is interrupted
   * @throws WeightsException the state is of another run: of another start, seed or scope
   */
  public FineTuneResult tune(
      TrainableOperator operator,
      Samples pairs,
      Optional<Weights> from,
      int every,
      Consumer<Weights> keep) {
    if (pairs.size() == 0) {
      throw new IllegalArgumentException("no pairs to learn from, expected at least one");
    }
    try (NDManager owner = Devices.newManager();
        Session session = new Session(operator, pairs, owner)) {
      from.ifPresent(session::resume);
      return session.go(every, keep);
    }
  }

  /** One session of a run. */
  private final class Session implements AutoCloseable {
    private final TrainableOperator operator;
    private final Samples pairs;
    private final String anchor;
    private final Adjustment adjustment;
    private final Adam adam;
    private final long begin = System.nanoTime();
    private Duration earlier = Duration.ZERO;
    private int steps;
    private double largestGradient;

    Session(TrainableOperator operator, Samples pairs, NDManager owner) {
      this.operator = operator;
      this.pairs = pairs;
      anchor = SafeTensors.sha256(operator.weights());
      adjustment =
          Adjustment.of(settings.scope(), operator, owner, settings.l2sp(), settings.seed());
      adam = new Adam(adjustment.variables(), owner, 0, settings.clipNorm());
    }

    FineTuneResult go(int every, Consumer<Weights> keep) {
      Map<String, Double> first = Map.of();
      Map<String, Double> last = Map.of();
      Ending ending = ending();
      while (ending == null) {
        Map<String, Double> values = new LinkedHashMap<>();
        boolean taken = step(values);
        first = first.isEmpty() ? values : first;
        last = values;
        ending = taken ? ending() : Ending.DIVERGED;
        if (taken && (steps % every == 0 || ending == Ending.INTERRUPTED)) {
          keep.accept(state());
        }
      }
      Weights state = state();
      if (ending == Ending.DIVERGED) {
        quietly(adjustment::undo);
      }
      return new FineTuneResult(
          operator.weights(), state, steps, first, last, largestGradient, ending);
    }

    private Ending ending() {
      if (Thread.currentThread().isInterrupted()) {
        return Ending.INTERRUPTED;
      }
      if (steps >= settings.steps()) {
        return Ending.ALL_STEPS;
      }
      return elapsed().compareTo(settings.budget()) >= 0 ? Ending.OUT_OF_TIME : null;
    }

    /** Whether loss and gradients were finite, so that the step was taken. */
    private boolean step(Map<String, Double> values) {
      Samples batch = draw(pairs, 0);
      double loss;
      try (NDManager scope = Devices.newManager();
          NDScope temporaries = new NDScope()) {
        temporaries.suppressNotUsedWarning();
        loss = Devices.differentiate(() -> total(scope, batch, values));
        if (Double.isFinite(loss)) {
          adjustment.collect();
        }
      }
      values.put(TOTAL, loss);
      double norm = Double.isFinite(loss) ? norm() : Double.NaN;
      if (!Double.isFinite(norm)) {
        return false;
      }
      largestGradient = Math.max(largestGradient, norm);
      quietly(
          () -> {
            adam.step(settings.learningRate());
            adjustment.follow();
          });
      steps++;
      return true;
    }

    private NDArray total(NDManager scope, Samples batch, Map<String, Double> values) {
      NDArray prediction = operator.forward(scope, batch.input());
      NDArray sum = adjustment.pull();
      if (sum != null) {
        values.put(L2_SP, valueOf(sum));
      }
      for (LossTerm term : terms) {
        NDArray value =
            term.windows().isEmpty()
                ? term.of(scope, prediction, batch)
                : ofItsOwn(scope, term, term.windows().get());
        values.put(term.name(), valueOf(value));
        NDArray weighted = value.mul(Devices.number(value, term.weight()));
        sum = sum == null ? weighted : sum.add(weighted);
      }
      return sum;
    }

    private NDArray ofItsOwn(NDManager scope, LossTerm term, Samples windows) {
      Samples batch = draw(windows, term.name().hashCode());
      return term.of(scope, operator.forward(scope, batch.input()), batch);
    }

    /** 2-norm of all gradients together. */
    private double norm() {
      return Devices.withoutGradients(
          () -> {
            double sum = 0;
            for (NDArray variable : adjustment.variables().values()) {
              try (NDScope temporaries = new NDScope()) {
                temporaries.suppressNotUsedWarning();
                sum += variable.getGradient().square().sum().getFloat();
              }
            }
            return Math.sqrt(sum);
          });
    }

    private Samples draw(Samples from, long salt) {
      SplittableRandom random = new SplittableRandom(settings.seed() + salt + SPREAD * steps);
      int[] drawn = random.ints(settings.batchSize(), 0, from.size()).toArray();
      return from.select(drawn, 0, drawn.length);
    }

    private Weights state() {
      Map<String, String> metadata = new LinkedHashMap<>();
      metadata.put("format", FORMAT);
      metadata.put("anchor", anchor);
      metadata.put("scope", settings.scope().toString());
      metadata.put("seed", Long.toString(settings.seed()));
      metadata.put("steps", Integer.toString(steps));
      metadata.put("elapsed", elapsed().toString());
      Map<String, Tensor> tensors = new LinkedHashMap<>(adam.moments());
      adjustment
          .variables()
          .forEach((name, array) -> tensors.put(VARIABLE + name, Devices.read(array)));
      return new Weights(metadata, tensors);
    }

    void resume(Weights state) {
      Map<String, String> in = state.metadata();
      expect("format", in, FORMAT);
      expect("anchor", in, anchor);
      expect("scope", in, settings.scope().toString());
      expect("seed", in, Long.toString(settings.seed()));
      Map<String, Tensor> moments = new LinkedHashMap<>();
      Map<String, Tensor> variables = new LinkedHashMap<>();
      state
          .tensors()
          .forEach(
              (name, tensor) -> {
                if (name.startsWith(VARIABLE)) {
                  variables.put(name.substring(VARIABLE.length()), tensor);
                } else {
                  moments.put(name, tensor);
                }
              });
      steps = Integer.parseInt(in.get("steps"));
      earlier = Duration.parse(in.get("elapsed"));
      quietly(
          () -> {
            adjustment.restore(variables);
            adam.restore(moments, steps);
          });
    }

    private Duration elapsed() {
      return earlier.plusNanos(System.nanoTime() - begin);
    }

    @Override
    public void close() {
      adjustment.close();
    }
  }

  /** A number times a scalar of float32 is one of float64. */
  private static double valueOf(NDArray scalar) {
    return scalar.getDataType() == DataType.FLOAT64 ? scalar.getDouble() : scalar.getFloat();
  }

  private static void expect(String what, Map<String, String> found, String here) {
    if (!here.equals(found.get(what))) {
      throw new WeightsException(
          String.format(
              "a state of fine-tuning whose %s is %s, here %s: it is of another run; begin anew",
              what, found.get(what), here));
    }
  }

  private static void quietly(Runnable work) {
    Devices.withoutGradients(
        () -> {
          try (NDScope temporaries = new NDScope()) {
            temporaries.suppressNotUsedWarning();
            work.run();
          }
          return null;
        });
  }
}
