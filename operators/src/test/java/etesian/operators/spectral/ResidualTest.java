package etesian.operators.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Solutions that are known leave nothing over. */
class ResidualTest {
  private static final double PI2 = 2 * Math.PI;

  private final Doubles of = new Doubles();

  @AfterEach
  void free() {
    of.close();
  }

  @Test
  void logisticGrowth() {
    Expansion u = of.of("CF", x -> 1 / (1 + 9 * Math.exp(-5 * x[0])), 40, 3);
    assertThat(left(new ReactionDiffusion(0.1, 5), u, u)).isLessThan(1e-10);
    assertThat(left(new ReactionDiffusion(0.1, 4), u, u)).isGreaterThan(1e-2);
  }

  /** Without reaction waves decay by exp(- nu (2 pi k)^2 t). */
  @Test
  void diffusion() {
    double rate = 0.1 * PI2 * PI2;
    Expansion u = of.of("CF", x -> Math.exp(-rate * x[0]) * Math.sin(PI2 * x[1]), 24, 5);
    assertThat(left(new ReactionDiffusion(0.1, 0), u, u)).isLessThan(1e-10);
  }

  @Test
  void poisson() {
    Expansion u = of.of("FF", x -> Math.sin(PI2 * x[0]) * Math.cos(2 * PI2 * x[1]), 5, 7);
    assertThat(left(new Poisson(), u, u.times(5 * PI2 * PI2))).isLessThan(1e-10);
    Expansion bubble = of.of("CC", x -> x[0] * (1 - x[0]) * x[1] * (1 - x[1]), 5, 4);
    Expansion load = of.of("CC", x -> 2 * (x[0] * (1 - x[0]) + x[1] * (1 - x[1])), 5, 4);
    assertThat(left(new Poisson(), bubble, load)).isLessThan(1e-10);
  }

  /** Taylor and Green: w = cos cos exp(- 8 pi^2 nu T t). */
  @ParameterizedTest
  @EnumSource
  void decayingVortices(Product product) {
    double duration = 3;
    double nu = 0.01;
    double rate = 2 * PI2 * PI2 * nu * duration;
    Expansion w =
        of.of(
            "CFF",
            x -> Math.cos(PI2 * x[1]) * Math.cos(PI2 * x[2]) * Math.exp(-rate * x[0]),
            24,
            6,
            5);
    VorticityResidual equation = new VorticityResidual(duration, nu, null, product, false);
    assertThat(left(equation, w, w)).isLessThan(1e-10);
    assertThat(left(new VorticityResidual(duration, 2 * nu), w, w)).isGreaterThan(1e-2);
  }

  /** A steady force balances the friction of a single wave. */
  @Test
  void forcedFlow() {
    Expansion w = of.of("CFF", x -> Math.sin(PI2 * x[2]), 3, 3, 5);
    Expansion force = w.times(0.02 * PI2 * PI2);
    VorticityResidual equation = new VorticityResidual(2, 0.02, force, Product.ALIAS_FREE, false);
    assertThat(left(equation, w, w)).isLessThan(1e-10);
  }

  /** What is constant along the streamlines stays. */
  @Test
  void tracerThatFollowsTheStream() {
    Expansion psi =
        of.of("CFF", x -> 0.3 * Math.cos(PI2 * x[1]) + 0.2 * Math.sin(PI2 * x[2]), 3, 5, 5);
    Expansion tracer = psi.times(psi).resize(3, 9, 9);
    AdvectionDiffusion equation =
        new AdvectionDiffusion(2, List.of(2.0, 1.0), 0, psi, null, Product.ALIAS_FREE);
    assertThat(left(equation, tracer, tracer)).isLessThan(1e-10);
    Expansion source = tracer.derivative(1, 2).times(0.25).plus(tracer.derivative(2, 2));
    AdvectionDiffusion fed =
        new AdvectionDiffusion(
            2, List.of(2.0, 1.0), 0.1, psi, source.times(-0.1), Product.ALIAS_FREE);
    assertThat(left(fed, tracer, tracer)).isLessThan(1e-10);
  }

  /** Rossby's wave: phase speed - beta / (k^2 + l^2). */
  @ParameterizedTest
  @EnumSource
  void planetaryWave(Product product) {
    double k = PI2 / 2;
    double l = PI2;
    double frequency = -3 * k / (k * k + l * l);
    double duration = 1.5;
    Expansion zeta =
        of.of(
            "CFF", x -> Math.cos(2 * k * x[1] + l * x[2] - frequency * duration * x[0]), 20, 5, 5);
    BarotropicVorticity equation =
        new BarotropicVorticity(duration, List.of(2.0, 1.0), 3, 0, product);
    assertThat(left(equation, zeta, zeta)).isLessThan(1e-10);
    BarotropicVorticity wrong = new BarotropicVorticity(duration, List.of(2.0, 1.0), 2, 0, product);
    assertThat(left(wrong, zeta, zeta)).isGreaterThan(1e-2);
  }

  /** The published velocity differs from the derivative in the highest cosine of x alone. */
  @Test
  void theLegacyVelocityDiffersInOneMode() {
    VorticityResidual legacy = new VorticityResidual(1, 0, null, Product.COLLOCATED, true);
    VorticityResidual exact = new VorticityResidual(1, 0);
    Expansion w = of.random("CFF", 1, 2, 6, 5);
    double[] difference =
        legacy.velocityY(w).minus(exact.velocityY(w)).coefficients().toDoubleArray();
    boolean differs = false;
    for (int i = 0; i < difference.length; i++) {
      boolean highest = i / 5 % 6 == 3;
      assertThat(difference[i] != 0 && !highest).isFalse();
      differs |= difference[i] != 0;
    }
    assertThat(differs).isTrue();
    Expansion odd = of.random("CFF", 1, 2, 5, 5);
    assertThat(legacy.velocityY(odd).coefficients().toDoubleArray())
        .isEqualTo(exact.velocityY(odd).coefficients().toDoubleArray());
  }

  @Test
  void equationsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new ReactionDiffusion(-1, 5)).hasMessageContaining("nu = -1.0");
    assertThatThrownBy(() -> new VorticityResidual(0, 1)).hasMessageContaining("duration = 0.0");
    assertThatThrownBy(() -> new BarotropicVorticity(1, List.of(1.0), 1, 0, Product.COLLOCATED))
        .hasMessageContaining("two lengths");
  }

  private static double left(Residual equation, Expansion u, Expansion phi) {
    return Doubles.greatest(equation.of(u, phi).coefficients());
  }
}
