/**
 * Fits a {@link etesian.operators.TrainableOperator} to pairs of inputs and targets. {@link
 * etesian.operators.training.Samples} holds the pairs on the heap, {@link
 * etesian.operators.training.Loss} says what counts as wrong, {@link
 * etesian.operators.training.TrainingSettings} how long and how fast, and {@link
 * etesian.operators.training.Trainer} does it; the best parameters on the validation pairs are
 * kept. {@link etesian.operators.training.FineTuner} goes on from where an operator stands, on
 * pairs that are few and change, and {@link etesian.operators.training.Descent} needs no pairs at
 * all; {@code TrainingLoop} is the one loop of all three. A run that is {@link
 * etesian.operators.training.Trainer#resumable resumable} survives an interruption: {@code Run} is
 * its course, {@code Position} where it stands, {@code Checkpoint} all that the rest of it depends
 * on. {@link etesian.operators.training.Growth} says when an operator that can grow uses more of
 * itself, {@code Grower} does it.
 */
package etesian.operators.training;
