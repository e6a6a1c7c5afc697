package etesian.ops.run;

import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.storage.Folder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * The disk as a file system that only Flink knows, {@code elsewhere:/folder}: nothing finds a file
 * in it by {@code java.nio.file}, and tests can look behind it.
 */
public final class Elsewhere implements FileSystemFactory {
  private static final URI ROOT = URI.create("elsewhere:///");

  private static final Set<String> AWAY = ConcurrentHashMap.newKeySet();

  /** Files that are listed and cannot be read. */
  static void unreachable(Set<String> files) {
    AWAY.clear();
    AWAY.addAll(files);
  }

  /** A folder of the disk by its other name. */
  public static Folder of(Path folder) {
    return Folder.parse("elsewhere:" + folder);
  }

  /** Of a job of one stream whose weights and state lie there, below a folder of the disk. */
  static PipelineSettings settings(String job, String brokers, Path folder, StreamSettings stream) {
    return SmallJob.settings(job, brokers, folder, stream)
        .withWeights(of(folder.resolve("weights")))
        .withState(of(folder.resolve("state")));
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
      public FSDataInputStream open(org.apache.flink.core.fs.Path file) throws IOException {
        if (AWAY.contains(file.toString())) {
          throw new IOException("connection reset");
        }
        return super.open(file);
      }

      @Override
      public boolean rename(org.apache.flink.core.fs.Path from, org.apache.flink.core.fs.Path to) {
        throw new UnsupportedOperationException("nothing is renamed elsewhere");
      }
    };
  }
}
