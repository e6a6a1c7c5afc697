package etesian.ingest.claim;

import etesian.ingest.claim.Roots.Allowed;
import etesian.ingest.claim.Unresolved.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Content of a file below an allowed folder, both taken where their symbolic links lead. */
final class FileContent {
  private FileContent() {}

  static byte[] read(Allowed place, Bound bound) throws Unresolved {
    try {
      Path real = Path.of(place.uri()).toRealPath();
      if (!real.startsWith(Path.of(place.root()).toRealPath())) {
        throw Roots.notAllowed(place.uri(), "a symbolic link leads to " + real);
      }
      if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
        throw new Unresolved(
            Reason.REFERENCE_MISSING, "%s is a folder or device; expected a file", place.uri());
      }
      long size = Files.size(real);
      bound.checkSize(place.uri(), size);
      bound.checkLength(place.uri(), size);
      try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
        byte[] content = in.readNBytes((int) size);
        bound.checkLength(place.uri(), in.read() < 0 ? content.length : size + 1); // it grows
        return content;
      }
    } catch (NoSuchFileException e) {
      throw new Unresolved(
          Reason.REFERENCE_MISSING,
          "%s: no such file where the job runs; mount its folder there, or publish with --base-uri",
          place.uri());
    } catch (IOException e) {
      throw new Unresolved(
          Reason.REFERENCE_UNREACHABLE, "%s cannot be read: %s; check its rights", place.uri(), e);
    } catch (IllegalArgumentException | FileSystemNotFoundException | SecurityException e) {
      throw new Unresolved(
          Reason.REFERENCE_MALFORMED, "%s names no file: %s", place.uri(), e.getMessage());
    }
  }
}
