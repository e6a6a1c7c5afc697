package etesian.ingest.netcdf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import etesian.ingest.netcdf.Refusal.Reason;
import java.util.Locale;

/** What bytes are, by how they begin. */
final class Signature {
  private static final int LOOKED_AT = 512;

  private Signature() {}

  /** Returns when {@code bytes} begin like a NetCDF-3 (CDF-1, CDF-2) or NetCDF-4 file. */
  static void check(byte[] bytes, String name) throws Refusal {
    if (isClassic(bytes) || isHdf5(bytes)) {
      return;
    }
    if (bytes.length == 0) {
      throw refusal(
          Reason.EMPTY, name, "has no bytes", "publish the file again once it is complete");
    }
    String head = new String(bytes, 0, Math.min(bytes.length, LOOKED_AT), ISO_8859_1);
    String lower = head.stripLeading().toLowerCase(Locale.ROOT);
    if (head.startsWith("CDF\005")) {
      throw refusal(
          Reason.UNSUPPORTED_FORMAT,
          name,
          "is CDF-5 (64-bit data)",
          "convert it, for instance with 'nccopy -k nc4 in.nc out.nc'");
    } else if (head.startsWith("version https://git-lfs")) {
      throw refusal(
          Reason.LFS_POINTER,
          name,
          "is a Git-LFS pointer, not the file",
          "fetch the file with 'git lfs pull'");
    } else if (head.startsWith("PK\003\004") || head.startsWith("PK\005\006")) {
      throw refusal(
          Reason.ZIP,
          name,
          "is a ZIP archive",
          "unpack it and publish the NetCDF files inside; Copernicus packs several of them so");
    } else if (head.startsWith("GRIB")) {
      throw refusal(Reason.GRIB, name, "is GRIB", "download it as NetCDF, or convert it");
    } else if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      throw refusal(
          Reason.HTML,
          name,
          "is a web page, probably an error or a login page in the place of a download",
          "download the file again");
    } else if (head.startsWith("CDF") || "\211HDF\r\n\032\n".startsWith(head)) {
      throw refusal(
          Reason.TRUNCATED,
          name,
          "ends within its first " + bytes.length + " bytes or has a damaged first line",
          "copy the file again");
    } else if (isText(head)) {
      throw refusal(
          Reason.TEXT,
          name,
          "is plain text that begins with '" + excerpt(head) + "'",
          "publish the NetCDF file itself");
    }
    throw refusal(
        Reason.NOT_NETCDF,
        name,
        "begins with the bytes " + hex(bytes),
        "publish NetCDF-3 or NetCDF-4 files only");
  }

  /** CDF-1 or CDF-2. */
  static boolean isClassic(byte[] bytes) {
    return bytes.length >= 4
        && bytes[0] == 'C'
        && bytes[1] == 'D'
        && bytes[2] == 'F'
        && (bytes[3] == 1 || bytes[3] == 2);
  }

  /** HDF5, which NetCDF-4 is. */
  static boolean isHdf5(byte[] bytes) {
    byte[] magic = "\211HDF\r\n\032\n".getBytes(ISO_8859_1);
    if (bytes.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (bytes[i] != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static Refusal refusal(Reason reason, String name, String what, String remedy) {
    return new Refusal(reason, name + " " + what + "; expected NetCDF-3 or NetCDF-4; " + remedy);
  }

  private static boolean isText(String head) {
    return head.chars().allMatch(c -> c >= ' ' && c != 0x7f || c == '\n' || c == '\r' || c == '\t');
  }

  private static String excerpt(String head) {
    return head.substring(0, Math.min(40, head.length())).replaceAll("\\s+", " ");
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(8, bytes.length));
  }
}
