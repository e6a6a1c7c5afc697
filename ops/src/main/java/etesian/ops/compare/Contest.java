package etesian.ops.compare;

import etesian.operators.m2no.M2no;
import etesian.operators.training.Trainer;
import etesian.operators.training.TrainingResult;
import etesian.operators.training.TrainingSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleConsumer;

/**
 * Trains variants on a task: all see the same batches in the same order, for equally many updates,
 * so a busy machine changes their times and nothing else.
 *
 * @param updates of the parameters, at least; whole epochs are trained
 * @param batchSize pairs of an update
 * @param learningRate at the beginning
 * @param seed of the first parameters and of the order of the pairs
 */
public record Contest(int updates, int batchSize, double learningRate, long seed) {

  /**
   * Test error of taking the newest field as the next: what an untrained network of increments
   * does.
   */
  public double persistence(Task task) {
    try (M2no untrained = M2no.create(task.network(), seed)) {
      return trainer(task, 1).evaluate(untrained, task.test());
    }
  }

  /**
   * @param progress told the share that is done
   * @return figures by name: parameters, updates, ms_per_update, validation and test error
   */
  public Map<String, Object> train(Task task, Variant variant, DoubleConsumer progress) {
    int batches = (task.training().size() + batchSize - 1) / batchSize;
    int epochs = Math.max(1, (updates + batches - 1) / batches);
    Trainer trainer = trainer(task, epochs);
    try (M2no operator = M2no.create(variant.of(task.network()), seed)) {
      long parameters =
          operator.parameters().values().stream().mapToLong(p -> p.getShape().size()).sum();
      TrainingResult result =
          trainer.train(
              operator,
              task.training(),
              task.validation(),
              step -> progress.accept(step.fraction()));
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("parameters", parameters);
      figures.put("updates", epochs * batches);
      figures.put("ms_per_update", result.elapsed().toMillis() / (double) (epochs * batches));
      figures.put("best_epoch", result.bestEpoch() + "/" + epochs);
      figures.put("validation", result.validationLoss());
      figures.put("test", trainer.evaluate(operator, task.test()));
      return figures;
    }
  }

  private Trainer trainer(Task task, int epochs) {
    TrainingSettings settings =
        TrainingSettings.of(epochs)
            .withBatchSize(batchSize)
            .withLearningRate(learningRate)
            .withPatience(epochs)
            .withSeed(seed);
    return new Trainer(settings, task.loss());
  }
}
