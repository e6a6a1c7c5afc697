package etesian.ops.run;

import etesian.pipeline.settings.KafkaSettings;
import etesian.pipeline.sink.KafkaEnds;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How many granules the job has not taken into a checkpoint yet. */
public final class Lag implements AutoCloseable {
  private final Admin admin;
  private final String group;
  private final List<String> topics;

  public Lag(KafkaSettings kafka, String job, Collection<String> topics) {
    this.admin = Admin.create(kafka.client());
    this.group = KafkaEnds.group(job);
    this.topics = List.copyOf(topics);
  }

  /** Records between the offsets that the job has committed and the ends of its topics. */
  public long records() {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      Map<TopicPartition, ListOffsetsResultInfo> ends = admin.listOffsets(latest()).all().get();
      return ends.entrySet().stream()
          .mapToLong(
              end -> {
                OffsetAndMetadata done = committed.get(end.getKey());
                return end.getValue().offset() - (done == null ? 0 : done.offset());
              })
          .sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the brokers do not tell offsets: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Map<TopicPartition, OffsetSpec> latest() throws ExecutionException, InterruptedException {
    return admin.describeTopics(topics).allTopicNames().get().values().stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition())))
        .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
  }

  @Override
  public void close() {
    admin.close();
  }
}
