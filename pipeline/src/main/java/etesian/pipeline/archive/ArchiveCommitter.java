package etesian.pipeline.archive;

import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;

/**
 * The second phase: the checkpoint is complete, so its forecasts become visible. A failure fails
 * the job, which tries again when it is restored.
 */
final class ArchiveCommitter implements Committer<Staged> {
  private final Archive archive;

  ArchiveCommitter(Archive archive) {
    this.archive = archive;
  }

  @Override
  public void commit(Collection<CommitRequest<Staged>> requests) throws IOException {
    List<Staged> staged =
        requests.stream()
            .map(CommitRequest::getCommittable)
            .sorted(Comparator.comparing(Staged::issue, Issue.ORDER))
            .toList();
    archive.commit(staged);
  }

  @Override
  public void close() {}
}
