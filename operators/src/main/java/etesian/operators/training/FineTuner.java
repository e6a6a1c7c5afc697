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
   * @param keep receives the state now and then; that of the end is in the result
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
        Session session = new Session(operator, pairs, owner, every, keep)) {
      from.ifPresent(session::resume);
      return session.go();
    }
  }

  /** One session of a run. */
  private final class Session implements TrainingLoop.Course, AutoCloseable {
    private final TrainableOperator operator;
    private final Samples pairs;
    private final String anchor;
    private final Adjustment adjustment;
    private final TrainingLoop loop;
    private final int every;
    private final Consumer<Weights> keep;
    private Map<String, Double> first = Map.of();
    private Map<String, Double> last = Map.of();
    private double largestGradient;

    Session(
        TrainableOperator operator,
        Samples pairs,
        NDManager owner,
        int every,
        Consumer<Weights> keep) {
      this.operator = operator;
      this.pairs = pairs;
      this.every = every;
      this.keep = keep;
      anchor = SafeTensors.sha256(operator.weights());
      adjustment =
          Adjustment.of(settings.scope(), operator, owner, settings.l2sp(), settings.seed());
      loop = new TrainingLoop(adjustment.variables(), 0, settings.clipNorm(), settings.budget());
    }

    FineTuneResult go() {
      Ending ending = loop.run(this);
      Weights state = state();
      if (ending == Ending.DIVERGED) {
        quietly(adjustment::undo);
      }
      return new FineTuneResult(
          operator.weights(), state, loop.steps(), first, last, largestGradient, ending);
    }

    @Override
    public double rate() {
      return settings.learningRate();
    }

    @Override
    public double gradients() {
      Map<String, Double> values = new LinkedHashMap<>();
      Samples batch = draw(pairs, 0);
      double loss = TrainingLoop.differentiate(scope -> total(scope, batch, values));
      values.put(TOTAL, loss);
      first = first.isEmpty() ? values : first;
      last = values;
      if (Double.isFinite(loss)) {
        adjustment.collect();
      }
      return loss;
    }

    @Override
    public void stepped(double loss, double norm) {
      if (Double.isFinite(norm)) {
        largestGradient = Math.max(largestGradient, norm);
        quietly(adjustment::follow);
        if (loop.steps() % every == 0) {
          keep.accept(state());
        }
      }
    }

    @Override
    public Ending ending() {
      return loop.steps() >= settings.steps() ? Ending.ALL_STEPS : null;
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

    private Samples draw(Samples from, long salt) {
      SplittableRandom random =
          new SplittableRandom(settings.seed() + salt + SPREAD * loop.steps());
      int[] drawn = random.ints(settings.batchSize(), 0, from.size()).toArray();
      return from.select(drawn, 0, drawn.length);
    }

    private Weights state() {
      Map<String, String> metadata = new LinkedHashMap<>();
      metadata.put("format", FORMAT);
      metadata.put("anchor", anchor);
      metadata.put("scope", settings.scope().toString());
      metadata.put("seed", Long.toString(settings.seed()));
      metadata.put("steps", Integer.toString(loop.steps()));
      metadata.put("elapsed", loop.elapsed().toString());
      Map<String, Tensor> tensors = new LinkedHashMap<>(loop.moments());
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
      quietly(() -> adjustment.restore(Checkpoint.startingWith(VARIABLE, state)));
      loop.resume(
          state.tensors(), Integer.parseInt(in.get("steps")), Duration.parse(in.get("elapsed")));
    }

    @Override
    public void close() {
      loop.close();
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
