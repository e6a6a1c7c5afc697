/**
 * M2NO, the multiwavelet multigrid neural operator (Li et al., "M2NO: An Efficient Multi-Resolution
 * Operator Framework for Dynamic Multi-Scale PDE Solvers"): what the published program computes,
 * without its dead convolutions, and what a multigrid cycle on a globe would do instead.
 *
 * <p>{@link etesian.operators.m2no.M2noSettings} says what the network is. {@link
 * etesian.operators.m2no.Multiwavelets} gives the filters that move an activation one level down or
 * up. The network itself is a program of libtorch, {@code m2no.py}, which {@code Program} compiles
 * with the settings; {@link etesian.operators.m2no.M2no} is the operator that others use, with
 * {@link etesian.operators.m2no.GridPadding} for grids that cannot be halved often enough.
 */
package etesian.operators.m2no;
