package etesian.pipeline.archive;

import etesian.ingest.field.Forecast;
import java.io.IOException;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Whole forecasts into an {@link Archive}, exactly once by Flink's two phases. */
final class ArchiveSink implements Sink<Forecast>, SupportsCommitter<Staged> {
  private static final long serialVersionUID = 1L;

  private final Archive archive;
  private final String job;

  /**
   * @param job its name, so that jobs that share a root keep out of each other's way
   */
  ArchiveSink(Archive archive, String job) {
    this.archive = archive;
    this.job = job;
  }

  @Override
  public SinkWriter<Forecast> createWriter(WriterInitContext context) throws IOException {
    TaskInfo task = context.getTaskInfo();
    return new ArchiveWriter(
        archive, job, task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks());
  }

  @Override
  public Committer<Staged> createCommitter(CommitterInitContext context) {
    return new ArchiveCommitter(archive);
  }

  @Override
  public SimpleVersionedSerializer<Staged> getCommittableSerializer() {
    return new StagedSerializer();
  }
}
