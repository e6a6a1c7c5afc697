/**
 * What the S-MNN solver does, on problems with known answers: {@link
 * etesian.operators.examples.StandaloneOde} are the equations that its authors validate it with,
 * {@link etesian.operators.examples.LorenzDiscovery} finds the equations of a trajectory by
 * gradients through it. {@code ./etesian example} prints them.
 */
package etesian.operators.examples;
