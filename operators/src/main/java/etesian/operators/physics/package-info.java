/**
 * Physics as a term of a loss: what a known equation leaves over of a forecast step, which needs no
 * target (Du, Chalapathi, Krishnapriyan, "Neural Spectral Methods", ICLR 2024, for the idea).
 *
 * <p>A {@link etesian.operators.physics.Surface} is a grid with its derivatives: spectral where it
 * is periodic, finite differences where it has an edge. An {@link
 * etesian.operators.physics.Equation} gives the tendency of a field; a {@link
 * etesian.operators.physics.StepResidual} integrates it over one step and says what is left over,
 * of observed fields and of predicted ones; a {@link etesian.operators.physics.PhysicsTerm} makes
 * that small while an operator is fine-tuned, as far as observed fields obey the equation
 * themselves. {@link etesian.operators.physics.Differences} are the weights of the differences.
 */
package etesian.operators.physics;
