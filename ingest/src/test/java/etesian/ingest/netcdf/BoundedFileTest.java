package etesian.ingest.netcdf;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BoundedFileTest {
  @Test
  void aReaderThatGoesRoundInCirclesIsStopped() throws IOException {
    try (BoundedFile file = new BoundedFile("test.nc", ByteBuffer.allocate(8))) {
      for (int visit = 0; visit < 1_000_032; visit++) {
        file.seek(visit % 8);
      }
      assertThatThrownBy(() -> file.seek(0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("without end");
    }
  }
}
