package etesian.operators;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Between a product and its gradient the garbage collector runs, and the memory is used again. */
class DevicesNumberTest {

  @Test
  void aNumberIsStillItselfWhenTheGradientIsTaken() {
    try (NDManager scope = Devices.newManager()) {
      NDArray y = Devices.place(scope, new Tensor(new float[] {1, 2, 3, 4}, 4));
      y.setRequiresGradient(true);
      for (int round = 0; round < 5; round++) {
        double value =
            Devices.differentiate(
                () -> {
                  NDArray product = y.mul(Devices.number(y, 3)).div(Devices.number(y, 2));
                  assertThat(product.getDataType()).isEqualTo(DataType.FLOAT32);
                  overwriteWhatIsFree();
                  return product.sum();
                });
        assertThat(value).isEqualTo(15);
        assertThat(Devices.read(y.getGradient()).values()).containsOnly(1.5f * (round + 1));
      }
    }
  }

  private static void overwriteWhatIsFree() {
    System.gc();
    List<ByteBuffer> blocks = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      ByteBuffer block = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.nativeOrder());
      blocks.add(block.putDouble(0, Double.NaN));
    }
    assertThat(blocks).isNotEmpty();
  }
}
