package etesian.operators.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class NpzTest {
  @Test
  void arraysOfAllTypesAreRead() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      member(zip, "f", 1, "<f4", "(2, 1)", little(8).putFloat(1.5f).putFloat(-2));
      member(zip, "d", 2, "<f8", "()", little(8).putDouble(0.1));
      member(zip, "i", 1, "<i4", "(1,)", little(4).putInt(-7));
      member(zip, "l", 1, "<i8", "(2,)", little(16).putLong(1L << 40).putLong(3));
      member(zip, "b", 1, "|b1", "(2,)", little(2).put((byte) 1).put((byte) 0));
      byte[] text = "zéro".getBytes(Charset.forName("UTF-32LE"));
      member(zip, "u", 1, "<U6", "()", little(24).put(text));
    }
    Npz npz = Npz.read(new ByteArrayInputStream(file.toByteArray()));
    assertThat(npz.names()).containsExactly("f", "d", "i", "l", "b", "u");
    assertThat(npz.shape("f")).containsExactly(2, 1);
    assertThat(npz.floats("f")).containsExactly(1.5f, -2);
    assertThat(npz.shape("d")).isEmpty();
    assertThat(npz.number("d")).isEqualTo(0.1);
    assertThat(npz.integer("i")).isEqualTo(-7);
    assertThat(npz.doubles("l")).containsExactly(1L << 40, 3);
    assertThat(npz.integers("b")).containsExactly(1, 0);
    assertThat(npz.text("u")).isEqualTo("zéro");
    assertThatThrownBy(() -> npz.doubles("x")).hasMessageContaining("no array 'x' among [f, d");
  }

  /** Columns first: 1 4 | 2 5 | 3 6. */
  @Test
  void anArrayInFortransOrderIsTurned() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(file)) {
      ByteBuffer columns = little(48);
      for (double value : new double[] {1, 4, 2, 5, 3, 6}) {
        columns.putDouble(value);
      }
      member(zip, "a", 1, "<f8", "True", "(2, 3)", columns);
    }
    Npz npz = Npz.read(new ByteArrayInputStream(file.toByteArray()));
    assertThat(npz.doubles("a")).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void otherLayoutsAreRefused() throws IOException {
    for (String type : new String[] {">f4", "<c8", "|O"}) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(file)) {
        member(zip, "a", 1, type, "(1,)", little(8));
      }
      assertThatThrownBy(() -> Npz.read(new ByteArrayInputStream(file.toByteArray())))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("expected <f4");
    }
    assertThatThrownBy(() -> Npz.read(new ByteArrayInputStream(new byte[] {1, 2, 3})))
        .hasMessageContaining("not a zip file");
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void member(
      ZipOutputStream zip, String name, int version, String type, String shape, ByteBuffer data)
      throws IOException {
    member(zip, name, version, type, "False", shape, data);
  }

  private static void member(
      ZipOutputStream zip,
      String name,
      int version,
      String type,
      String fortran,
      String shape,
      ByteBuffer data)
      throws IOException {
    String header =
        String.format(
            "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }   \n", type, fortran, shape);
    zip.putNextEntry(new ZipEntry(name + ".npy"));
    zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    ByteBuffer length = little(version == 1 ? 2 : 4);
    length.put(0, (byte) header.length());
    zip.write(length.array());
    zip.write(header.getBytes(StandardCharsets.ISO_8859_1));
    zip.write(data.array());
    zip.closeEntry();
  }
}
