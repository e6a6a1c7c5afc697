package etesian.pipeline.window;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
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

  @Test
  void storedWindowsOfEveryVersionStillDecode() throws IOException {
    assertThat(stored("window-v1.bin")).isEqualTo(FIRST);
    assertThat(stored("window-v2.bin")).isEqualTo(HELD_AND_REVISED);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    for (FieldWindow window : List.of(FIRST, HELD_AND_REVISED)) {
      assertThat(read(bytes(window))).isEqualTo(window);
    }
  }

  /** Writes the stored sample; the argument is its folder. */
  public static void main(String[] folder) throws IOException {
    Files.write(Path.of(folder[0], "window-v2.bin"), bytes(HELD_AND_REVISED));
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
