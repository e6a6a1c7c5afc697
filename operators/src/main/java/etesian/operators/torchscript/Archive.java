package etesian.operators.torchscript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The file that {@code torch.jit.save} would write for a module of class {@code Program} without
 * tensors: a ZIP of stored entries with
 *
 * <pre>
 *   program/version             format number
 *   program/data.pkl            the module as a pickle: its class and its attributes
 *   program/constants.pkl       an empty tuple
 *   program/code/__torch__.py   the source
 * </pre>
 */
final class Archive {
  /** Below it, libtorch gives some operations the meaning they had once (division, gelu). */
  private static final String FORMAT = "10\n";

  private Archive() {}

  static byte[] of(String source, Map<String, Object> attributes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "data.pkl", new Pickle().module("__torch__", "Program", attributes));
      put(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      put(zip, "constants.pkl", new Pickle().emptyTuple());
      put(zip, "version", FORMAT.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry("program/" + name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    entry.setSize(content.length);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
