package etesian.ops.compare;

import etesian.operators.Tensor;
import etesian.operators.TrainableOperator;
import etesian.operators.fourier.Architecture;
import etesian.operators.fourier.Fno;
import etesian.operators.fourier.FnoSettings;
import etesian.operators.m2no.M2no;
import etesian.operators.spectral.Nsm;
import etesian.operators.spectral.NsmSettings;
import etesian.operators.training.Loss;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingSettings;
import etesian.ops.bench.ResidentMemory;
import etesian.pipeline.settings.ModelKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The vorticity of {@link Flows}: a torus, so there is no sphere. Networks that take any grid are
 * also asked about one that they have not seen, see {@link FinerFlows}.
 */
final class FlowChallenge implements Challenge {
  private static final int BATCH = 8;
  private static final int START_EVERY = 5;
  private static final int NSM_WIDTH = 32;
  private static final int NSM_LAYERS = 4;
  private static final int NSM_MODES = 31;

  private final Flows flows;
  private final FinerFlows finer;
  private final Loss loss = Loss.uniform(Loss.Measure.RELATIVE_L2, Flows.SIZE, Flows.SIZE);
  private final Loss fineLoss =
      Loss.uniform(Loss.Measure.RELATIVE_L2, FinerFlows.SIZE, FinerFlows.SIZE);

  /**
   * @param finer other flows, of the same kind
   */
  FlowChallenge(Flows flows, FinerFlows finer) {
    this.flows = flows;
    this.finer = finer;
  }

  @Override
  public String name() {
    return "navier-stokes " + Flows.SIZE + "x" + Flows.SIZE;
  }

  @Override
  public List<ModelKind> models() {
    return List.of(ModelKind.M2NO, ModelKind.FNO, ModelKind.TFNO, ModelKind.UNO, ModelKind.NSM);
  }

  @Override
  public TrainableOperator untrained(ModelKind kind, long seed) {
    return switch (kind) {
      case M2NO -> M2no.create(FlowTask.network(), seed);
      case FNO -> Fno.create(fourier(Architecture.FNO), seed);
      case TFNO -> Fno.create(fourier(Architecture.TFNO), seed);
      case UNO -> Fno.create(fourier(Architecture.UNO), seed);
      case NSM ->
          Nsm.create(
              NsmSettings.forTorus(1, 1, Flows.SIZE, Flows.SIZE, NSM_WIDTH, NSM_LAYERS, NSM_MODES),
              seed);
      default -> throw new IllegalArgumentException(kind + " does not live on a torus");
    };
  }

  private static FnoSettings fourier(Architecture architecture) {
    return FnoSettings.forGrid(architecture, 1, 1, Flows.SIZE, Flows.SIZE, true)
        .withPadding(List.of(0.0, 0.0))
        .withResidual(true);
  }

  @Override
  public Tensor input() {
    float[] first = Arrays.copyOf(flows.vorticity().values(), Flows.CELLS);
    return new Tensor(first, 1, 1, Flows.SIZE, Flows.SIZE);
  }

  @Override
  public Learned learn(ModelKind kind, Duration budget, long seed, int steps) {
    try (TrainableOperator operator = untrained(kind, seed)) {
      ResidentMemory.Growth memory = ResidentMemory.watch();
      double seconds = train(operator, budget, seed);
      double mib = memory.mib();
      double[] errors = new double[steps];
      Tensor x = flows.after(0, START_EVERY, steps);
      for (int step = 1; step <= steps; step++) {
        x = operator.apply(x);
        errors[step - 1] = loss.value(x, flows.after(step, START_EVERY, steps));
      }
      return new Learned(seconds, mib, new Errors(errors, onBothGrids(operator)));
    }
  }

  /**
   * After one step of {@link FinerFlows}, with the same weights on the grid that they are of and on
   * one twice as fine; nothing where a network cannot leave its grid.
   */
  private Map<String, Double> onBothGrids(TrainableOperator operator) {
    return operator instanceof Fno ? onBothGrids(operator::apply) : Map.of();
  }

  private Map<String, Double> onBothGrids(UnaryOperator<Tensor> step) {
    Map<String, Double> errors = new LinkedHashMap<>();
    errors.put("l2_1_at_" + Flows.SIZE, loss.value(step.apply(finer.coarse(0)), finer.coarse(1)));
    errors.put(
        "l2_1_at_" + FinerFlows.SIZE, fineLoss.value(step.apply(finer.fine(0)), finer.fine(1)));
    return errors;
  }

  private double train(TrainableOperator operator, Duration budget, long seed) {
    int epochs = 100_000; // time is what ends it
    TrainingSettings settings =
        TrainingSettings.within(budget)
            .withEpochs(epochs)
            .withPatience(epochs)
            .withBatchSize(BATCH)
            .withLearningRate(1e-3)
            .withSeed(seed);
    return new Trainer(settings, loss)
            .train(operator, flows.training(), flows.validation(), step -> {})
            .elapsed()
            .toMillis()
        / 1e3;
  }

  @Override
  public Errors persistence(int steps) {
    Tensor first = flows.after(0, START_EVERY, steps);
    double[] errors = new double[steps];
    for (int step = 1; step <= steps; step++) {
      errors[step - 1] = loss.value(first, flows.after(step, START_EVERY, steps));
    }
    return new Errors(errors, onBothGrids(UnaryOperator.identity()));
  }
}
