package etesian.operators.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenLossTest {
  /** One sample of two channels and two cells: deviations (3, 4) and (0, 1) from (0, 5), (2, 0). */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "LpLoss(d=1,p=2,reduction=sum).rel; 1.5", // 5/5 + 1/2
        "LpLoss(d=2,p=2,sum).rel; 1.5",
        "LpLoss; 1.5",
        "LpLoss(d=1,p=2,reduction=mean).rel; 0.75",
        "LpLoss(d=1,p=1,reduction=sum).rel; 1.9", // 7/5 + 1/2
        "LpLoss(d=1,p=1,reduction=sum).abs; 4", // half a cell each
        "LpLoss(d=1,p=2,reduction=sum).abs; 4.242640687119286", // 5/sqrt(2) + 1/sqrt(2)
        "''; 1.5"
      })
  void itIsTheNormThatItsNameSays(String name, double expected) {
    try (NDManager scope = Devices.newManager()) {
      NDArray y = scope.create(new double[] {0, 5, 2, 0}, new Shape(1, 2, 2)).duplicate();
      NDArray e = scope.create(new double[] {3, 4, 0, 1}, new Shape(1, 2, 2)).duplicate();
      double value =
          Devices.withoutGradients(() -> GoldenLoss.of(name).of(y.add(e), y).getDouble());
      assertThat(value).isEqualTo(expected, within(1e-7));
    }
  }

  @Test
  void anotherLossIsRefused() {
    assertThatThrownBy(() -> GoldenLoss.of("H1Loss(d=2).rel"))
        .hasMessageContaining("loss = H1Loss(d=2).rel, expected LpLoss");
  }
}
