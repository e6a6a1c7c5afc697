package etesian.operators.smnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EncodedForecastTest {
  private static final int HISTORY = 6;
  private static final int HORIZON = 4;
  private static final Mode SLOW = new Mode(Law.RELAXATION, 0.1, 0, 0.8, 1.5, 0.6);
  private static final Mode FAST = new Mode(Law.RELAXATION, 0.9, 0, 2, 0.7, 0.3);
  private static final Mode SWING = new Mode(Law.OSCILLATION, 0.2, 0.7, 1.2, 1.1, 0.4);

  private static Encoder untrained(Mechanism mechanism) {
    return Encoder.untrained(HISTORY, 3, new Correction(mechanism).odd(), 5);
  }

  /** All parameters random, so that no gradient is zero by chance. */
  private static Encoder random(Mechanism mechanism, long seed) {
    Encoder encoder = untrained(mechanism);
    Random random = new Random(seed);
    return encoder.with(random.doubles(encoder.parameters().length, -0.6, 0.6).toArray());
  }

  private static EncodedForecast forecast(Mechanism mechanism, Encoder encoder) {
    return new EncodedForecast(mechanism, encoder, HISTORY, HORIZON);
  }

  @Test
  void anUntrainedEncoderIsTheMechanism() {
    Mechanism mechanism = new Mechanism(List.of(FAST, SWING));
    double[] y = new Random(1).doubles(5 * HISTORY, -2, 2).toArray();
    double[] encoded = forecast(mechanism, untrained(mechanism)).of(y);
    double[][] map = new Response(mechanism, HISTORY, HORIZON).matrix();
    for (int cell = 0; cell < 5; cell++) {
      for (int lead = 0; lead < HORIZON; lead++) {
        double sum = 0;
        for (int j = 0; j < HISTORY; j++) {
          sum += map[lead][j] * y[cell * HISTORY + j];
        }
        assertThat(encoded[cell * HORIZON + lead]).isCloseTo(sum, within(1e-12));
      }
    }
  }

  /** From the parameters of the encoder through coefficients and solver to a scalar. */
  @Property(tries = 20)
  void theGradientOfTheWholeChainIsItsSlope(
      @ForAll @IntRange(max = 2) int kind, @ForAll @IntRange(max = 1000) int seed) {
    Mechanism mechanism =
        new Mechanism(
            List.of(List.of(FAST, SLOW), List.of(SWING), List.of(SLOW, SWING, FAST)).get(kind));
    Encoder encoder = random(mechanism, seed);
    Random random = new Random(seed + 1L);
    double[] y = random.doubles(3 * HISTORY, -2, 2).toArray();
    double[] byForecast = random.doubles(3 * HORIZON, -1, 1).toArray();
    EncodedForecast.Pass pass = forecast(mechanism, encoder).forward(y);
    double[] byZ = random.doubles(pass.z().length, -1, 1).toArray();
    double[] gradient = pass.gradient(byForecast, byZ);
    double size = Math.sqrt(dot(gradient, gradient));
    assertThat(size).isPositive();
    for (int k = 0; k < gradient.length; k++) {
      double slope =
          (scalar(mechanism, moved(encoder, k, 1e-5), y, byForecast, byZ)
                  - scalar(mechanism, moved(encoder, k, -1e-5), y, byForecast, byZ))
              / 2e-5;
      assertThat(gradient[k]).as("parameter %d", k).isCloseTo(slope, within(1e-7 * (1 + size)));
    }
  }

  private static Encoder moved(Encoder encoder, int parameter, double by) {
    double[] parameters = encoder.parameters().clone();
    parameters[parameter] += by;
    return encoder.with(parameters);
  }

  private static double scalar(
      Mechanism mechanism, Encoder encoder, double[] y, double[] byForecast, double[] byZ) {
    EncodedForecast.Pass pass = forecast(mechanism, encoder).forward(y);
    return dot(pass.forecast(), byForecast) + dot(pass.z(), byZ);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Property(tries = 20)
  void anAnomalyAndItsMirrorImageHaveMirroredForecasts(@ForAll @IntRange(max = 1000) int seed) {
    Mechanism mechanism = new Mechanism(List.of(SLOW, SWING));
    EncodedForecast forecast = forecast(mechanism, random(mechanism, seed));
    double[] y = new Random(seed).doubles(HISTORY, -3, 3).toArray();
    double[] mirrored = new double[HISTORY];
    for (int j = 0; j < HISTORY; j++) {
      mirrored[j] = -y[j];
    }
    double[] straight = forecast.of(y);
    double[] other = forecast.of(mirrored);
    for (int lead = 0; lead < HORIZON; lead++) {
      assertThat(other[lead]).isCloseTo(-straight[lead], within(1e-12));
    }
  }

  /** A long horizon with a strict law ends at the target, whatever the history. */
  @Test
  void aModeRelaxesTowardsItsTarget() {
    Mechanism mechanism = new Mechanism(List.of(new Mode(Law.RELAXATION, 0.3, 0, 2, 100, 1e-3)));
    Encoder encoder = Encoder.untrained(HISTORY, 1, new Correction(mechanism).odd(), 1);
    double[] parameters = encoder.parameters().clone();
    parameters[HISTORY + 1 + 1] = 0.8; // W2 of the second output, the target
    EncodedForecast forecast =
        new EncodedForecast(mechanism, encoder.with(parameters), HISTORY, 60);
    double[] y = new Random(2).doubles(HISTORY, -1, 1).toArray();
    double target = forecast.modes(y).get(0).target();
    assertThat(Math.abs(target)).isGreaterThan(0.1);
    assertThat(forecast.of(y)[59]).isCloseTo(target, within(1e-3));
  }

  @Test
  void coefficientsStayPositiveAndBoundedWhateverTheEncoderSays() {
    Correction correction = new Correction(new Mechanism(List.of(SWING)));
    for (double z : new double[] {-1e6, -1, 0, 1, 1e6}) {
      Correction.Forced forced = correction.modes(new double[] {z, -z, z}, 0).get(0);
      assertThat(forced.mode().rate()).isBetween(0.2 / 4 - 1e-12, 0.2 * 4 + 1e-12);
      assertThat(forced.mode().frequency()).isBetween(0.7 / 4 - 1e-12, 0.7 * 4 + 1e-12);
      assertThat(forced.target()).isBetween(-2.0, 2.0);
      assertThat(Math.signum(forced.target())).isEqualTo(Math.signum(z));
    }
  }
}
