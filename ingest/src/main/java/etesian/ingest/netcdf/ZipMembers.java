package etesian.ingest.netcdf;

import etesian.ingest.netcdf.Refusal.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The files in a ZIP archive: what Copernicus sends, under the name of one NetCDF file, when a
 * request spans instantaneous and accumulated variables.
 */
final class ZipMembers {
  /** Bytes of the record that ends an archive, and the most that may follow it. */
  private static final int END = 22;

  private static final int COMMENT = 0xFFFF;

  private ZipMembers() {}

  /** A file of the archive. */
  record Member(String name, ByteBuffer bytes) {}

  /**
   * @throws Refusal when the archive is damaged, or holds more than the limits allow
   */
  static List<Member> of(ByteBuffer archive, String name, Limits limits) throws Refusal {
    limits.checkBytes(archive.limit(), name);
    byte[] packed = new byte[archive.limit()];
    archive.get(0, packed);
    if (!hasEnd(packed)) {
      // A stream of members that is cut between two of them looks like a shorter archive.
      throw new Refusal(
          Reason.ZIP,
          name + " is a ZIP archive without its list of files at the end; copy the file again");
    }
    List<Member> members = new ArrayList<>();
    long left =
        Math.min(limits.maxBytes(), (1L << 20) + (long) packed.length * limits.maxExpansion());
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(packed))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.isDirectory()) {
          continue;
        }
        if (members.size() == limits.maxVariables()) {
          throw Limits.tooLarge("%s holds more than %d files", name, limits.maxVariables());
        }
        byte[] bytes = zip.readNBytes((int) left + 1);
        left -= bytes.length;
        if (left < 0) {
          throw Limits.tooLarge("%s unpacks to more than the limits allow", name);
        }
        members.add(new Member(name + "!" + entry.getName(), ByteBuffer.wrap(bytes)));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new Refusal(
          Reason.ZIP,
          String.format(
              "%s is a ZIP archive that cannot be unpacked: %s; copy the file again",
              name, e.getMessage()),
          e);
    }
    if (members.isEmpty()) {
      throw new Refusal(Reason.ZIP, name + " is a ZIP archive without a file; copy it again");
    }
    return members;
  }

  /** Whether the record that ends an archive, PK 5 6 and a comment, is there in full. */
  private static boolean hasEnd(byte[] archive) {
    for (int i = archive.length - END; i >= Math.max(0, archive.length - END - COMMENT); i--) {
      if (archive[i] == 'P'
          && archive[i + 1] == 'K'
          && archive[i + 2] == 5
          && archive[i + 3] == 6) {
        return true;
      }
    }
    return false;
  }
}
