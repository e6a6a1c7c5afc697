package etesian.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ResidentMemoryTest {
  @Test
  void thePeakCountsWhatWasTouched() {
    ResidentMemory.Growth growth = ResidentMemory.watch();
    int size = 64 << 20;
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    for (int i = 0; i < size; i += 4096) {
      buffer.put(i, (byte) 1);
    }
    assertThat(buffer.get(0)).isEqualTo((byte) 1);
    assertThat(growth.mib()).isGreaterThan(60);
  }
}
