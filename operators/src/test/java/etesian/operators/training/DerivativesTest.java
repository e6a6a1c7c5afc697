package etesian.operators.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import etesian.operators.Devices;
import etesian.operators.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DerivativesTest {
  @Test
  void wavesAreDifferentiatedExactly() {
    int n = 12;
    double[] sine = new double[n];
    double[] slope = new double[n];
    for (int j = 0; j < n; j++) {
      double angle = 2 * Math.PI * 3 * j / n;
      sine[j] = Math.sin(angle);
      slope[j] = 6 * Math.PI / 5 * Math.cos(angle);
    }
    try (NDManager scope = Devices.newManager()) {
      NDArray u = scope.create(sine).duplicate();
      FourierDerivatives of = new FourierDerivatives(5);
      assertThat(of.derivative(u, 0, 1).toDoubleArray()).containsExactly(slope, within(1e-12));
      double[] fourth = of.derivative(u, 0, 4).toDoubleArray();
      double factor = Math.pow(6 * Math.PI / 5, 4);
      Arrays.setAll(sine, j -> factor * sine[j]);
      assertThat(fourth).containsExactly(sine, within(1e-10));
    }
  }

  @Test
  void parabolasAreDifferentiatedExactlyUpToTheEdges() {
    double[] u = {0, 1, 4, 9, 16, 25};
    try (NDManager scope = Devices.newManager()) {
      NDArray x = scope.create(u).duplicate();
      FiniteDifferences of = new FiniteDifferences(false, 0.5);
      double[] first = of.first(x, 0).toDoubleArray();
      assertThat(first).containsExactly(new double[] {0, 4, 8, 12, 16, 20}, within(1e-12));
      double[] second = of.second(x, 0).toDoubleArray();
      assertThat(second).containsExactly(new double[] {8, 8, 8, 8, 8, 8}, within(1e-12));
    }
  }

  @Test
  void energyOfAllScalesIsTheMeanSquare() {
    int rows = 7;
    int columns = 10;
    float[] field = new float[rows * columns];
    double square = 0;
    for (int i = 0; i < field.length; i++) {
      field[i] = (float) Math.sin(i * i);
      square += (double) field[i] * field[i] / field.length;
    }
    double[] energy = EnergySpectrum.of(new Tensor(field, 1, 1, rows, columns));
    assertThat(Arrays.stream(energy).sum()).isEqualTo(square, within(1e-6));
  }

  @Test
  void aWaveHasTheEnergyOfItsScale() {
    float[] wave = new float[16 * 16];
    for (int i = 0; i < wave.length; i++) {
      wave[i] = (float) Math.cos(2 * Math.PI * (3 * (i / 16) + 4 * (i % 16)) / 16);
    }
    double[] energy = EnergySpectrum.of(new Tensor(wave, 1, 1, 16, 16));
    assertThat(energy[5]).isEqualTo(0.5, within(1e-6));
    assertThat(energy[4]).isEqualTo(0, within(1e-6));
  }

  @Test
  void whatFallsMoreSlowlyCountsMore() {
    SoftAdapt balance = new SoftAdapt();
    assertThat(balance.factors(2, 4)).containsExactly(1, 1);
    double[] factors = balance.factors(1, 4);
    assertThat(factors[0] / factors[1]).isEqualTo(Math.exp(-0.5), within(1e-7));
    assertThat(factors[0] + factors[1]).isEqualTo(2, within(1e-7));
  }
}
