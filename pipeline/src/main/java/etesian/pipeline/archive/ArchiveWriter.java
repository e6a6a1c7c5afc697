package etesian.pipeline.archive;

import etesian.ingest.field.Forecast;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.core.fs.Path;

/**
 * The first phase: writes each forecast out of sight, in {@code .pending/<job>/<subtask>/}.
 *
 * <p>Names below are new ones each time, so that an attempt that does not know yet that it is dead
 * writes no file of its successor. At the first checkpoint all committers have run, which commit
 * what the job was restored with before anything else; what lies in the folder by then and is not
 * of this attempt will never be committed, and goes.
 */
final class ArchiveWriter implements CommittingSinkWriter<Forecast, Staged> {
  private static final String PENDING = ".pending";

  private final Archive archive;
  private final Storage storage;
  private final Path jobFolder;
  private final int subtask;
  private final int subtasks;
  private final List<Staged> staged = new ArrayList<>(); // since the last checkpoint
  private boolean swept;

  ArchiveWriter(Archive archive, String job, int subtask, int subtasks) throws IOException {
    this.archive = archive;
    this.jobFolder = new Path(new Path(archive.root(), PENDING), job);
    this.subtask = subtask;
    this.subtasks = subtasks;
    this.storage = Storage.of(archive.root());
    storage.makeFolder(folder());
    archive.open();
  }

  private Path folder() {
    return new Path(jobFolder, Integer.toString(subtask));
  }

  @Override
  public void write(Forecast whole, Context context) throws IOException {
    staged.add(new Staged(Issue.of(whole), archive.stage(whole, folder())));
  }

  /** At the end of the input other subtasks may not have begun: no time for sweeping. */
  @Override
  public void flush(boolean endOfInput) {
    swept |= endOfInput;
  }

  @Override
  public List<Staged> prepareCommit() throws IOException {
    if (!swept) {
      sweep();
      swept = true;
    }
    List<Staged> all = List.copyOf(staged);
    staged.clear();
    return all;
  }

  private void sweep() throws IOException {
    Set<String> ours = new HashSet<>();
    staged.forEach(own -> ours.add(own.pending().getName()));
    for (String name : storage.list(folder())) {
      if (!ours.contains(name)) {
        storage.delete(new Path(folder(), name));
      }
    }
    if (subtask == 0) {
      for (String other : storage.list(jobFolder)) {
        if (other.matches("\\d+") && Integer.parseInt(other) >= subtasks) {
          storage.delete(new Path(jobFolder, other)); // of a time with more subtasks
        }
      }
    }
  }

  /** What no checkpoint knows of goes at once. */
  @Override
  public void close() throws IOException {
    for (Staged own : staged) {
      storage.delete(own.pending());
    }
    staged.clear();
  }
}
