/**
 * Fits a {@link etesian.operators.TrainableOperator} to pairs of inputs and targets. {@link
 * etesian.operators.training.Samples} holds the pairs on the heap, {@link
 * etesian.operators.training.Loss} says what counts as wrong, {@link
 * etesian.operators.training.TrainingSettings} how long and how fast, and {@link
 * etesian.operators.training.Trainer} does it; the best parameters on the validation pairs are
 * kept.
 */
package etesian.operators.training;
