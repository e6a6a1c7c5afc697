/**
 * S-MNN: forecasts by linear differential equations whose coefficients are learned.
 *
 * <p>A {@link etesian.operators.smnn.LinearOde} is a weighted least-squares problem over all time
 * points at once; {@link etesian.operators.smnn.BandedSolver} solves a batch of them in one pass
 * over time and {@link etesian.operators.smnn.Adjoint} gives the gradients of all inputs. On top of
 * them {@link etesian.operators.smnn.MechanisticForecaster} forecasts by a few modes, whose decay
 * times and periods ({@link etesian.operators.smnn.Mechanism}) {@link
 * etesian.operators.smnn.MechanisticTrainer} fits and {@link
 * etesian.operators.smnn.MechanisticTuner} moves, in one loop, {@code MechanismDescent}. {@link
 * etesian.operators.smnn.EncoderTrainer} teaches a small network to correct them cell by cell from
 * the history, end to end through the solver; {@link etesian.operators.smnn.Coefficients} are what
 * it reads there, as maps. {@link etesian.operators.smnn.DailyCorrectionTrainer} adds what depends
 * on the hour of the day.
 */
package etesian.operators.smnn;
