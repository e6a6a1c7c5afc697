package etesian.pipeline.archive;

import etesian.ingest.field.Forecast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;

/** Drives writer and committer as Flink does. */
final class TwoPhases {
  private TwoPhases() {}

  static ArchiveWriter writer(Archive archive, int subtask, int subtasks) throws IOException {
    return new ArchiveWriter(archive, "job", subtask, subtasks);
  }

  /** Everything up to the end of a checkpoint, and through the state of the committer. */
  static List<Staged> checkpoint(ArchiveWriter writer, Forecast... forecasts) throws IOException {
    for (Forecast forecast : forecasts) {
      writer.write(forecast, null);
    }
    writer.flush(false);
    StagedSerializer serializer = new StagedSerializer();
    List<Staged> restored = new ArrayList<>();
    for (Staged staged : writer.prepareCommit()) {
      restored.add(serializer.deserialize(serializer.getVersion(), serializer.serialize(staged)));
    }
    return restored;
  }

  static void commit(Archive archive, List<Staged> staged) throws IOException {
    List<CommitRequest<Staged>> requests = new ArrayList<>();
    staged.forEach(one -> requests.add(new Request(one)));
    new ArchiveCommitter(archive).commit(requests);
  }

  /** All files but those that wait, relative to the root, sorted. */
  static List<String> visible(Path root) throws IOException {
    return files(root).stream().filter(name -> !name.startsWith(".pending")).toList();
  }

  static List<String> pending(Path root) throws IOException {
    return files(root).stream().filter(name -> name.startsWith(".pending")).toList();
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  private record Request(Staged committable) implements CommitRequest<Staged> {
    @Override
    public Staged getCommittable() {
      return committable;
    }

    @Override
    public int getNumberOfRetries() {
      return 0;
    }

    @Override
    public void signalFailedWithKnownReason(Throwable t) {
      throw new AssertionError(t);
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable t) {
      throw new AssertionError(t);
    }

    @Override
    public void retryLater() {
      throw new AssertionError("not expected");
    }

    @Override
    public void updateAndRetryLater(Staged changed) {
      throw new AssertionError("not expected");
    }

    @Override
    public void signalAlreadyCommitted() {}
  }
}
