/**
 * Neural Spectral Methods (Du, Chalapathi, Krishnapriyan, ICLR 2024): networks that map the
 * coefficients of a parameter function to those of the solution of a differential equation, and
 * learn it without solutions.
 *
 * <p>An {@link etesian.operators.spectral.Axis} is Fourier or Chebyshev; a {@link
 * etesian.operators.spectral.Basis} is a product of axes; an {@link
 * etesian.operators.spectral.Expansion} is a function in it, with derivatives, products and values
 * on any grid, all differentiable. A {@link etesian.operators.spectral.Residual} says what an
 * equation leaves over, a {@link etesian.operators.spectral.SpectralLoss} how large that is, by
 * Parseval's theorem, and a {@link etesian.operators.spectral.Mollifier} makes every prediction
 * obey its conditions. {@link etesian.operators.spectral.Nsm} is the network, a program of libtorch
 * ({@code nsm.py}). On the sphere, {@link etesian.operators.spectral.SphericalHarmonics} take the
 * place of the axes of space. {@link etesian.operators.spectral.NavierStokes}, {@link
 * etesian.operators.spectral.ReactionDiffusionSolver} and {@link
 * etesian.operators.spectral.PoissonSolver} solve the same equations directly, for tests and
 * benchmarks; {@link etesian.operators.spectral.GaussianFields} draws their parameter functions.
 */
package etesian.operators.spectral;
