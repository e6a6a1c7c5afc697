package etesian.ops.run;

import etesian.pipeline.storage.Folder;
import java.net.URI;
import java.nio.file.Path;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * The disk as a file system that only Flink knows, {@code elsewhere:/folder}: nothing finds a file
 * in it by {@code java.nio.file}, and tests can look behind it.
 */
public final class Elsewhere implements FileSystemFactory {
  private static final URI ROOT = URI.create("elsewhere:///");

  /** A folder of the disk by its other name. */
  public static Folder of(Path folder) {
    return Folder.parse("elsewhere:" + folder);
  }

  @Override
  public String getScheme() {
    return ROOT.getScheme();
  }

  @Override
  public FileSystem create(URI uri) {
    return new LocalFileSystem() {
      @Override
      public URI getUri() {
        return ROOT;
      }

      @Override
      public boolean isDistributedFS() {
        return true;
      }

      @Override
      public boolean rename(org.apache.flink.core.fs.Path from, org.apache.flink.core.fs.Path to) {
        throw new UnsupportedOperationException("nothing is renamed elsewhere");
      }
    };
  }
}
