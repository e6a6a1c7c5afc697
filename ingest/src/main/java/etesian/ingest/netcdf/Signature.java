package etesian.ingest.netcdf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import etesian.ingest.netcdf.Refusal.Reason;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;

/** What bytes are, by how they begin. */
final class Signature {
  private static final int LOOKED_AT = 512;

  private Signature() {}

  /** Returns when {@code bytes} begin like a NetCDF-3 (CDF-1, CDF-2), CDF-5 or NetCDF-4 file. */
  static void check(ByteBuffer bytes, String name) throws Refusal {
    if (isClassic(bytes) || isHdf5(bytes)) {
      return;
    }
    if (bytes.limit() == 0) {
      throw refusal(
          Reason.EMPTY, name, "has no bytes", "publish the file again once it is complete");
    }
    String head = head(bytes);
    String packing = packing(head);
    String lower = head.stripLeading().toLowerCase(Locale.ROOT);
    if (head.startsWith("version https://git-lfs")) {
      throw refusal(
          Reason.LFS_POINTER,
          name,
          "is a Git-LFS pointer, not the file",
          "fetch the file with 'git lfs pull'");
    } else if (head.startsWith("PK\003\004") || head.startsWith("PK\005\006")) {
      throw refusal(
          Reason.ZIP,
          name,
          "is a ZIP archive without or within another one",
          "unpack it and publish the NetCDF files inside");
    } else if (packing != null) {
      throw refusal(Reason.NOT_NETCDF, name, "is compressed by " + packing, "unpack it");
    } else if (head.startsWith("\016\003\023\001")) {
      throw refusal(
          Reason.NOT_NETCDF, name, "is HDF4", "convert it, for instance with 'h4toh5' or 'cdo'");
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
          "ends within its first " + bytes.limit() + " bytes or has a damaged first line",
          "copy the file again");
    } else if (isText(head)) {
      throw refusal(
          Reason.TEXT,
          name,
          "is plain text that begins with '" + excerpt(head) + "'",
          "publish the NetCDF file itself");
    }
    throw refusal(
        Reason.NOT_NETCDF, name, "begins with the bytes " + hex(head), "publish NetCDF files only");
  }

  /** CDF-1, CDF-2 or CDF-5. */
  static boolean isClassic(ByteBuffer bytes) {
    String head = head(bytes);
    return head.startsWith("CDF\001") || head.startsWith("CDF\002") || head.startsWith("CDF\005");
  }

  /** HDF5, which NetCDF-4 is. */
  static boolean isHdf5(ByteBuffer bytes) {
    return head(bytes).startsWith("\211HDF\r\n\032\n");
  }

  /**
   * An archive; Copernicus packs several NetCDF files into one, under the name of a single file.
   */
  static boolean isZip(ByteBuffer bytes) {
    return head(bytes).startsWith("PK\003\004");
  }

  /** Producers offer whole files compressed, as {@code .nc.gz} and {@code .nc.bz2}. */
  private static String packing(String head) {
    if (head.startsWith("\037\213")) {
      return "gzip";
    } else if (head.startsWith("BZh")) {
      return "bzip2";
    } else if (head.startsWith("\3757zXZ")) {
      return "xz";
    }
    return head.startsWith("(\265/\375") ? "zstd" : null;
  }

  private static String head(ByteBuffer bytes) {
    byte[] head = new byte[Math.min(bytes.limit(), LOOKED_AT)];
    bytes.get(0, head);
    return new String(head, ISO_8859_1);
  }

  private static Refusal refusal(Reason reason, String name, String what, String remedy) {
    return new Refusal(reason, name + " " + what + "; expected NetCDF; " + remedy);
  }

  private static boolean isText(String head) {
    return head.chars().allMatch(c -> c >= ' ' && c != 0x7f || c == '\n' || c == '\r' || c == '\t');
  }

  private static String excerpt(String head) {
    return head.substring(0, Math.min(40, head.length())).replaceAll("\\s+", " ");
  }

  private static String hex(String head) {
    byte[] first = head.substring(0, Math.min(8, head.length())).getBytes(ISO_8859_1);
    return HexFormat.ofDelimiter(" ").formatHex(first);
  }
}
