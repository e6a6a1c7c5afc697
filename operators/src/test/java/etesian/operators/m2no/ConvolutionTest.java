package etesian.operators.m2no;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionTest {
  /** A kernel of ones and a bias of 1 on the rows (1 2 4 8), (16 32 64 128): sums of neighbours. */
  @ParameterizedTest
  @CsvSource({
    "ZEROS, 52 120 239 205 52 120 239 205",
    "CIRCULAR, 364 232 463 430 199 127 253 235",
    "REPLICATE, 73 127 253 361 133 232 463 661",
    "GLOBE, 199 127 253 235 364 232 463 430"
  })
  void eachPaddingGivesWhatIsWorkedByHand(Padding padding, String expected) {
    try (NDManager manager = Devices.newManager()) {
      float[] cells = {1, 2, 4, 8, 16, 32, 64, 128};
      NDArray x = manager.create(cells, new Shape(1, 1, 2, 4));
      Convolution ones =
          new Convolution(manager.ones(new Shape(1, 1, 3, 3)), manager.ones(new Shape(1)), padding);
      StringBuilder sums = new StringBuilder();
      for (float sum : ones.of(x).toFloatArray()) {
        sums.append(' ').append(Math.round(sum));
      }
      assertThat(sums.substring(1)).isEqualTo(expected);
    }
  }
}
