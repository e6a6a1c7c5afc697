package etesian.ops.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HarmonicsTest {
  private static final double[] SINES = GaussianLatitudes.sines(32);
  private static final double[] WEIGHTS = GaussianLatitudes.weights(32);
  private static final Harmonics HARMONICS = new Harmonics(21, SINES);

  @Test
  void quadratureIsExactForPolynomialsUpToTwiceItsNodes() {
    double sum = 0;
    for (int row = 0; row < 32; row++) {
      sum += WEIGHTS[row] * Math.pow(SINES[row], 62);
    }
    assertThat(sum).isCloseTo(2.0 / 63, within(1e-14));
  }

  @Test
  void functionsOfOneOrderAreOrthonormal() {
    for (int m : new int[] {0, 1, 7, 21}) {
      for (int n = m; n <= 21; n++) {
        for (int k = m; k <= 21; k++) {
          double sum = 0;
          for (int row = 0; row < 32; row++) {
            sum +=
                WEIGHTS[row]
                    * HARMONICS.p(row, HARMONICS.at(m, n))
                    * HARMONICS.p(row, HARMONICS.at(m, k));
          }
          assertThat(sum).isCloseTo(n == k ? 1 : 0, within(1e-12));
        }
      }
    }
  }

  @Test
  void theSlopeOfTheSineOfLatitudeIsTheSquaredCosine() {
    double[] re = new double[HARMONICS.size()];
    re[HARMONICS.at(0, 1)] = Math.sqrt(2.0 / 3); // mu
    double[] field = HARMONICS.synthesis(re, new double[re.length], 64);
    double[] slope = HARMONICS.slope(re, new double[re.length], 64);
    for (int row = 0; row < 32; row++) {
      double cosine2 = 1 - SINES[row] * SINES[row];
      assertThat(field[row * 64 + 5]).isCloseTo(SINES[row], within(1e-13));
      assertThat(slope[row * 64 + 5]).isCloseTo(cosine2, within(1e-13));
    }
  }

  @Test
  void aTransformAndItsInverseGiveTheLengthTimesTheValues() {
    Fourier fourier = new Fourier(16);
    double[] re = new double[16];
    double[] im = new double[16];
    re[3] = 1;
    im[5] = -2;
    fourier.transform(re, im, -1);
    fourier.transform(re, im, 1);
    assertThat(re[3]).isCloseTo(16, within(1e-12));
    assertThat(im[5]).isCloseTo(-32, within(1e-12));
    assertThat(re[5]).isCloseTo(0, within(1e-12));
  }
}
