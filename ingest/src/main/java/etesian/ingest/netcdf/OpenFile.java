package etesian.ingest.netcdf;

import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import ucar.nc2.NetcdfFile;

/** Opens bytes with NetCDF-Java, after the checks that the library lacks. */
public final class OpenFile {
  private OpenFile() {}

  /** Work on an open file. */
  public interface Work<T> {
    T on(NetcdfFile file) throws Refusal, IOException;
  }

  /**
   * Runs {@code work}; whatever the library throws on damaged bytes becomes a refusal, since old
   * code on hostile input fails in every way: unchecked exceptions, assertions, endless recursion.
   *
   * @param name for messages
   */
  public static <T> T with(byte[] bytes, String name, Limits limits, Work<T> work) throws Refusal {
    if (bytes.length > limits.maxBytes()) {
      throw new Refusal(
          Reason.TOO_LARGE,
          String.format(
              "%s has %d bytes, the limit is %d; split it by time or raise the limit",
              name, bytes.length, limits.maxBytes()));
    }
    Signature.check(bytes, name);
    FileLength.check(bytes, name);
    try (NetcdfFile file = NetcdfFile.open(new BoundedFile(name, bytes), name, null, null)) {
      int variables = file.getVariables().size();
      if (variables > limits.maxVariables()) {
        throw new Refusal(
            Reason.TOO_LARGE,
            String.format(
                "%s has %d variables, the limit is %d; select the needed ones or raise the limit",
                name, variables, limits.maxVariables()));
      }
      return work.on(file);
    } catch (IOException | RuntimeException | AssertionError | StackOverflowError e) {
      String said = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
      throw new Refusal(
          Reason.CORRUPT,
          String.format(
              "%s begins like NetCDF but cannot be read: %s%s; copy the file again",
              name, e.getClass().getSimpleName(), said),
          e);
    } catch (OutOfMemoryError e) {
      // A damaged length asks for gigabytes at once; the request fails, the heap stays as it was.
      throw new Refusal(
          Reason.TOO_LARGE,
          String.format(
              "%s asks for more memory than there is (%s); if it is whole, split it or raise -Xmx",
              name, e.getMessage()),
          e);
    }
  }
}
