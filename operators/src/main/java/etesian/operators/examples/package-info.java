/**
 * What the operators do on problems with known answers: {@link
 * etesian.operators.examples.StandaloneOde} are the equations that the authors of S-MNN validate
 * its solver with, {@link etesian.operators.examples.LorenzDiscovery} finds the equations of a
 * trajectory by gradients through it, {@link etesian.operators.examples.LongSequences} forecasts
 * four years of weeks by it, {@link etesian.operators.examples.LabelFreeReaction} learns to solve
 * an equation from its residual alone, {@link etesian.operators.examples.PhysicsWithoutLabels} is
 * fine-tuned by one where labels are few. {@code ./etesian example} prints them.
 */
package etesian.operators.examples;
