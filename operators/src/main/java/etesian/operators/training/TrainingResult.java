package etesian.operators.training;

import etesian.operators.Weights;
import java.time.Duration;

/**
 * What training achieved.
 *
 * @param weights those with the smallest validation loss, perhaps those it began with
 * @param initialLoss validation loss before training
 * @param validationLoss validation loss of {@code weights}
 * @param trainingLoss mean over the batches of the last epoch
 * @param bestEpoch after which {@code weights} were reached; 0 for the initial ones
 * @param epochs begun
 * @param elapsed wall-clock time
 * @param ending why it ended
 */
public record TrainingResult(
    Weights weights,
    double initialLoss,
    double validationLoss,
    double trainingLoss,
    int bestEpoch,
    int epochs,
    Duration elapsed,
    Ending ending) {}
