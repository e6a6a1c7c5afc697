/**
 * The Fourier family of neural operators: FNO (Li et al., "Fourier Neural Operator for Parametric
 * Partial Differential Equations", 2021), TFNO (Kossaifi et al., 2023), UNO (Rahman et al., 2022)
 * and SFNO (Bonev et al., "Spherical Fourier Neural Operators", 2023), as the library
 * NeuralOperator 2.0 has them, with its parameter names.
 *
 * <p>{@link etesian.operators.fourier.FnoSettings} says what a network is, {@link
 * etesian.operators.fourier.Fno} is the operator. The network is a program of libtorch, {@code
 * fno.py}, which {@code Program} compiles for a size of the grid with the matrices of {@code
 * Constants}: as few frequencies are kept, a transform is a matrix product with {@code Waves} or
 * {@code Harmonics}, cheaper than a fast transform of all. {@link
 * etesian.operators.fourier.Placement} tells what differs from the published program on purpose.
 *
 * <p>A network may begin with few of the modes that it stores; {@code GradientShells} tells at
 * which frequencies the gradient asks for more. Its fields may be complex.
 *
 * <p>{@link etesian.operators.fourier.Patches} and {@link
 * etesian.operators.fourier.ChannelStatistics} stand beside a network: large grids in pieces, and
 * normalisation that learns from a stream.
 */
package etesian.operators.fourier;
