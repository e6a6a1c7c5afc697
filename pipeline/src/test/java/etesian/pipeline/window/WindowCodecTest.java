package etesian.pipeline.window;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static etesian.pipeline.Samples.u10;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowCodecTest {
  private static final FieldWindow FIRST =
      new FieldWindow("t2m", List.of(t2m(hour(0), 1), t2m(hour(6), 2)));
  private static final FieldWindow HELD_AND_REVISED =
      new FieldWindow("t2m", hour(6), 3, 1, List.of(t2m(hour(0), 1), t2m(hour(0), 1)));

  private static final FieldWindow OF_TWO =
      new FieldWindow(
          "winds", List.of(t2m(hour(0), 1), u10(hour(0), 2), t2m(hour(6), 3), u10(hour(6), 4)));

  @Test
  void storedWindowsOfEveryVersionStillDecode() throws IOException {
    assertThat(stored("window-v1.bin")).isEqualTo(FIRST);
    assertThat(stored("window-v2.bin")).isEqualTo(HELD_AND_REVISED);
    assertThat(stored("window-v2-two-variables.bin")).isEqualTo(OF_TWO);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    for (FieldWindow window : List.of(FIRST, HELD_AND_REVISED, OF_TWO)) {
      assertThat(read(bytes(window))).isEqualTo(window);
    }
  }

  /** Writes the stored samples of the newest version; the argument is their folder. */
  public static void main(String[] folder) throws IOException {
    Files.write(Path.of(folder[0], "window-v2.bin"), bytes(HELD_AND_REVISED));
    Files.write(Path.of(folder[0], "window-v2-two-variables.bin"), bytes(OF_TWO));
  }

  private static byte[] bytes(FieldWindow window) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new FieldWindow.WindowCodec().write(window, new DataOutputStream(out));
    return out.toByteArray();
  }

  private static FieldWindow stored(String name) throws IOException {
    try (InputStream in = WindowCodecTest.class.getResourceAsStream(name)) {
      return read(in.readAllBytes());
    }
  }

  private static FieldWindow read(byte[] bytes) throws IOException {
    return new FieldWindow.WindowCodec().read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
