/**
 * M2NO, the multiwavelet multigrid neural operator (Li et al., "M2NO: An Efficient Multi-Resolution
 * Operator Framework for Dynamic Multi-Scale PDE Solvers"), computing what the published program
 * computes, without its dead convolutions.
 *
 * <p>{@link etesian.operators.m2no.M2noSettings} says what the network is. {@link
 * etesian.operators.m2no.Multiwavelets} gives the low-pass filter; {@code Fold} moves an activation
 * one level down or up with it; {@code VCycle1d} and {@code VCycle2d} are one multigrid block;
 * {@code Network} is the whole map on off-heap arrays; {@link etesian.operators.m2no.M2no} is the
 * operator that others use, with {@link etesian.operators.m2no.GridPadding} for grids that cannot
 * be halved often enough.
 */
package etesian.operators.m2no;
