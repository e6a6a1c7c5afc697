package etesian.ingest.netcdf;

import etesian.ingest.netcdf.Refusal.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import ucar.nc2.NetcdfFile;

/** Opens files, after the checks that libraries lack; what they throw becomes a refusal. */
public final class OpenFile {
  private OpenFile() {}

  /** Work on an open file. */
  public interface Work<F, T> {
    T on(F file) throws Refusal, IOException;
  }

  /**
   * Runs {@code work} on NetCDF that we wrote ourselves, by NetCDF-Java.
   *
   * @param name for messages
   */
  public static <T> T with(byte[] bytes, String name, Limits limits, Work<NetcdfFile, T> work)
      throws Refusal {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    checkBegin(buffer, name, limits);
    return guarded(
        name,
        () -> {
          try (NetcdfFile file = NetcdfFile.open(new BoundedFile(name, buffer), name, null, null)) {
            return work.on(file);
          }
        });
  }

  /**
   * Runs {@code work} on any file that claims to be NetCDF.
   *
   * @param bytes in memory or mapped, from index 0 to the limit
   * @param name for messages
   */
  static <T> T with(ByteBuffer bytes, String name, Limits limits, Work<DataFile, T> work)
      throws Refusal {
    checkBegin(bytes, name, limits);
    return guarded(
        name,
        () -> {
          try (DataFile file =
              Signature.isClassic(bytes)
                  ? ClassicFile.open(bytes, name, limits)
                  : Hdf5File.open(bytes, name, limits)) {
            limits.check(file.variables(), bytes.limit(), name);
            return work.on(file);
          }
        });
  }

  private static void checkBegin(ByteBuffer bytes, String name, Limits limits) throws Refusal {
    limits.checkBytes(bytes.limit(), name);
    Signature.check(bytes, name);
    if (Signature.isHdf5(bytes)) {
      Hdf5Length.check(bytes, name);
    }
  }

  private interface Attempt<T> {
    T run() throws Refusal, IOException;
  }

  /**
   * Old code on hostile input fails in every way: unchecked exceptions, assertions, endless
   * recursion.
   */
  private static <T> T guarded(String name, Attempt<T> attempt) throws Refusal {
    try {
      return attempt.run();
    } catch (IOException | RuntimeException | AssertionError | StackOverflowError e) {
      String said = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
      throw new Refusal(
          Reason.CORRUPT,
          String.format(
              "%s begins like NetCDF but cannot be read: %s%s; copy the file again, or, if it is"
                  + " whole, rewrite it, for instance with 'nccopy -k nc4'",
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
