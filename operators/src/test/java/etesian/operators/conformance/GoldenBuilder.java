package etesian.operators.conformance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A golden file in memory, for cases worked by hand. */
public final class GoldenBuilder {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ZipOutputStream zip = new ZipOutputStream(bytes);

  /** An array of float64; without a shape a single number. */
  public GoldenBuilder put(String name, double[] values, int... shape) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asDoubleBuffer().put(values);
    return member(name, "<f8", data.array(), shape);
  }

  public GoldenBuilder put(String name, double value) throws IOException {
    return put(name, new double[] {value});
  }

  public GoldenBuilder put(String name, String text) throws IOException {
    byte[] data = text.getBytes(Charset.forName("UTF-32LE"));
    return member(name, "<U" + data.length / 4, data);
  }

  private GoldenBuilder member(String name, String type, byte[] data, int... shape)
      throws IOException {
    String sizes = Arrays.stream(shape).mapToObj(s -> s + ",").collect(Collectors.joining());
    byte[] header =
        String.format("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }%n", type, sizes)
            .getBytes(StandardCharsets.ISO_8859_1);
    zip.putNextEntry(new ZipEntry(name + ".npy"));
    zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    zip.write(new byte[] {(byte) header.length, (byte) (header.length >> 8)});
    zip.write(header);
    zip.write(data);
    zip.closeEntry();
    return this;
  }

  /** Onto the disk; nothing is put into it afterwards. */
  public void write(Path file) throws IOException {
    zip.close();
    Files.write(file, bytes.toByteArray());
  }

  /** The file; nothing is put into it afterwards. */
  public GoldenFile file() throws IOException {
    zip.close();
    Npz arrays = Npz.read(new ByteArrayInputStream(bytes.toByteArray()));
    return new GoldenFile("case", Path.of("case.npz"), arrays);
  }
}
