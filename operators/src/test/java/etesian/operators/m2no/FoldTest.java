package etesian.operators.m2no;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import etesian.operators.Devices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldTest {
  private final NDManager manager = Devices.newManager();

  @AfterEach
  void free() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,3", "2,1", "2,2", "3,2", "4,1"})
  void restrictingAProlongationGivesTheSameBack(int k, int c) {
    NDArray line = random(2, (long) c * k, 12);
    NDArray plane = random(2, (long) c * k * k, 6, 10);
    Fold fold1 = fold(1, k);
    Fold fold2 = fold(2, k);
    assertThat(deviation(fold1.restrict(fold1.prolongate(line)), line)).isLessThan(1e-12);
    assertThat(deviation(fold2.restrict(fold2.prolongate(plane)), plane)).isLessThan(1e-12);
  }

  @Test
  void oneFunctionOnALineSumsPairs() {
    NDArray x = manager.create(new double[] {1, 2, 3, 5}, new Shape(1, 1, 4));
    assertThat(fold(1, 1).restrict(x).mul(Math.sqrt(2)).toDoubleArray())
        .containsExactly(new double[] {3, 8}, within(1e-14));
  }

  /** The published packing: four cells of one row, and fine row 0 becomes the left half. */
  @Test
  void oneFunctionOnAPlaneSumsFourConsecutiveCells() {
    NDArray x = manager.arange(16).toType(DataType.FLOAT64, false).reshape(1, 1, 4, 4);
    NDArray coarse = fold(2, 1).restrict(x);
    assertThat(coarse.getShape()).isEqualTo(new Shape(1, 1, 2, 2));
    assertThat(coarse.toDoubleArray()).containsExactly(new double[] {3, 11, 19, 27}, within(1e-13));
  }

  @Test
  void anOddGridIsRefused() {
    NDArray x = random(1, 1, 4, 5);
    assertThatThrownBy(() -> fold(2, 1).restrict(x)).hasMessageContaining("cannot be halved");
  }

  private Fold fold(int dim, int k) {
    return Network.fold(dim, Base.LEGENDRE, k, DataType.FLOAT64, manager);
  }

  private NDArray random(long... shape) {
    return manager.randomNormal(new Shape(shape)).toType(DataType.FLOAT64, false);
  }

  private static double deviation(NDArray a, NDArray b) {
    assertThat(a.getShape()).isEqualTo(b.getShape());
    return a.sub(b).abs().max().getDouble();
  }
}
