/**
 * Programs for libtorch that Java starts but does not spell out call by call. The engine's array
 * interface lacks channels-last convolutions, in-place updates, bfloat16, {@code einsum}, {@code
 * rfft2} and batched linear algebra; TorchScript has them, for CPU and GPU, with gradients, and a
 * whole network costs one call. A {@link etesian.operators.torchscript.TorchScript} is made from
 * source text alone: no file, no Python.
 */
package etesian.operators.torchscript;
