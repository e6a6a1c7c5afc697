package etesian.pipeline.storage;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * An object store in this process, {@code objects://bucket/key}: no folders but what keys suggest,
 * no renaming, objects that appear when their stream is closed or their upload committed, and times
 * in whole seconds. The bucket {@code absent} is not there.
 */
public final class ObjectStore implements FileSystemFactory {
  private record Stored(byte[] bytes, Instant writtenAt) {}

  private static final Map<String, Stored> OBJECTS = new ConcurrentSkipListMap<>(); // by URI
  private static final Set<String> WRITTEN = new ConcurrentSkipListSet<>();
  private static final AtomicReference<Failure> FAILURE = new AtomicReference<>();

  private record Failure(int after, Exception what) {}

  /** The request after so many others fails, once. */
  public static void failAfter(int requests, Exception failure) {
    FAILURE.set(new Failure(requests, failure));
  }

  /** URIs of the objects whose URI begins so. */
  public static List<String> objects(String prefix) {
    return OBJECTS.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  /** Whether there ever was an object whose URI begins so. */
  public static boolean wasWritten(String prefix) {
    return WRITTEN.stream().anyMatch(key -> key.startsWith(prefix));
  }

  /** Puts something into the place of an object, as nobody should. */
  public static void spoil(String uri, byte[] bytes, Instant writtenAt) {
    OBJECTS.put(uri, new Stored(bytes, writtenAt));
  }

  public static byte[] bytes(String uri) {
    return OBJECTS.get(uri).bytes();
  }

  @Override
  public String getScheme() {
    return "objects";
  }

  @Override
  public FileSystem create(URI uri) {
    return new Objects(URI.create("objects://" + uri.getAuthority()));
  }

  private static void request(Path path) throws IOException {
    Failure failure =
        FAILURE.getAndUpdate(
            f -> f == null || f.after == 0 ? null : new Failure(f.after - 1, f.what));
    if (failure != null && failure.after == 0) {
      if (failure.what instanceof RuntimeException e) {
        throw e;
      }
      throw (IOException) failure.what;
    }
    if ("absent".equals(path.toUri().getAuthority())) {
      throw new IOException("absent: no such bucket");
    }
  }

  private record Status(Path path, boolean isDir, long length, Instant writtenAt)
      implements FileStatus {
    @Override
    public long getLen() {
      return length;
    }

    @Override
    public long getBlockSize() {
      return length;
    }

    @Override
    public short getReplication() {
      return 1;
    }

    @Override
    public long getModificationTime() {
      return writtenAt.getEpochSecond() * 1000;
    }

    @Override
    public long getAccessTime() {
      return 0;
    }

    @Override
    public Path getPath() {
      return path;
    }
  }

  private static final class Objects extends FileSystem {
    private final URI bucket;

    Objects(URI bucket) {
      this.bucket = bucket;
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
      request(path);
      Stored stored = OBJECTS.get(path.toString());
      if (stored != null) {
        return new Status(path, false, stored.bytes.length, stored.writtenAt);
      }
      if (objects(path + "/").isEmpty()) {
        throw new FileNotFoundException("no object " + path);
      }
      return new Status(path, true, 0, Instant.EPOCH);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
      request(path);
      String folder = path.toString().endsWith("/") ? path.toString() : path + "/";
      Map<String, FileStatus> found = new TreeMap<>();
      OBJECTS.forEach(
          (key, stored) -> {
            if (key.startsWith(folder)) {
              String name = key.substring(folder.length());
              int slash = name.indexOf('/');
              String child = slash < 0 ? name : name.substring(0, slash);
              found.put(
                  child,
                  new Status(
                      new Path(folder + child),
                      slash >= 0,
                      slash >= 0 ? 0 : stored.bytes.length,
                      slash >= 0 ? Instant.EPOCH : stored.writtenAt));
            }
          });
      if (found.isEmpty()) {
        Stored itself = OBJECTS.get(folder.substring(0, folder.length() - 1));
        if (itself != null) { // as those of Hadoop do
          return new FileStatus[] {new Status(path, false, itself.bytes.length, itself.writtenAt)};
        }
        throw new FileNotFoundException("nothing begins with " + folder);
      }
      return found.values().toArray(FileStatus[]::new);
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
      request(path);
      Stored stored = OBJECTS.get(path.toString());
      if (stored == null) {
        throw new FileNotFoundException("no object " + path);
      }
      return new In(stored.bytes);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
      return open(path);
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
      request(path);
      return new Out(path) {
        @Override
        public void close() {
          publish();
        }
      };
    }

    @Override
    public RecoverableWriter createRecoverableWriter() {
      return new Uploads();
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
      request(path);
      boolean there = OBJECTS.remove(path.toString()) != null;
      return recursive
          ? OBJECTS.keySet().removeIf(key -> key.startsWith(path + "/")) || there
          : there;
    }

    @Override
    public boolean mkdirs(Path path) {
      return true;
    }

    @Override
    public boolean rename(Path from, Path to) {
      throw new UnsupportedOperationException("objects are not renamed");
    }

    @Override
    public boolean isDistributedFS() {
      return true;
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length) {
      return new BlockLocation[0];
    }

    @Override
    public Path getWorkingDirectory() {
      return new Path(bucket);
    }

    @Override
    public Path getHomeDirectory() {
      return new Path(bucket);
    }

    @Override
    public URI getUri() {
      return bucket;
    }
  }

  private static final class In extends FSDataInputStream {
    private final byte[] bytes;
    private int position;

    In(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void seek(long to) {
      position = (int) to;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public int read() {
      return position < bytes.length ? bytes[position++] & 0xff : -1;
    }
  }

  /** What is written, for nobody to see until it is published. */
  private static class Out extends RecoverableFsDataOutputStream {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Path path;

    Out(Path path) {
      this.path = path;
    }

    void publish() {
      WRITTEN.add(path.toString());
      OBJECTS.put(path.toString(), new Stored(written.toByteArray(), Instant.now()));
    }

    @Override
    public void write(int value) {
      written.write(value);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      written.write(from, offset, length / 2);
      request(path); // fails in the middle
      written.write(from, offset + length / 2, length - length / 2);
    }

    @Override
    public long getPos() {
      return written.size();
    }

    @Override
    public void flush() {}

    @Override
    public void sync() {}

    /** An upload that was not completed is never seen. */
    @Override
    public void close() throws IOException {}

    @Override
    public RecoverableWriter.ResumeRecoverable persist() {
      throw new UnsupportedOperationException("uploads begin anew");
    }

    @Override
    public Committer closeForCommit() {
      return new Committer() {
        @Override
        public void commit() throws IOException {
          request(path);
          publish();
        }

        @Override
        public void commitAfterRecovery() {
          publish();
        }

        @Override
        public RecoverableWriter.CommitRecoverable getRecoverable() {
          throw new UnsupportedOperationException("uploads begin anew");
        }
      };
    }
  }

  private static final class Uploads implements RecoverableWriter {
    @Override
    public RecoverableFsDataOutputStream open(Path path) throws IOException {
      request(path);
      return new Out(path);
    }

    @Override
    public RecoverableFsDataOutputStream recover(ResumeRecoverable from) {
      throw new UnsupportedOperationException("uploads begin anew");
    }

    @Override
    public boolean requiresCleanupOfRecoverableState() {
      return false;
    }

    @Override
    public boolean cleanupRecoverableState(ResumeRecoverable of) {
      return false;
    }

    @Override
    public RecoverableFsDataOutputStream.Committer recoverForCommit(CommitRecoverable from) {
      throw new UnsupportedOperationException("uploads begin anew");
    }

    @Override
    public SimpleVersionedSerializer<CommitRecoverable> getCommitRecoverableSerializer() {
      throw new UnsupportedOperationException("uploads begin anew");
    }

    @Override
    public SimpleVersionedSerializer<ResumeRecoverable> getResumeRecoverableSerializer() {
      throw new UnsupportedOperationException("uploads begin anew");
    }

    @Override
    public boolean supportsResume() {
      return false;
    }
  }
}
