package etesian.ops.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.ops.models.Throne;
import etesian.ops.models.Throne.Change;
import etesian.ops.sample.GranuleSeries;
import etesian.ops.sample.SimulatedWorld;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.sink.KafkaEnds;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A person puts other weights in the champion's place while the job runs, and back again, in a
 * store that only Flink finds.
 */
@Timeout(300)
class PromotedByHandTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final int A_DAY = 4;

  private static final StreamSettings STREAM = SmallJob.air(START);

  @TempDir private Path folder;

  @Test
  void theJobServesWhomTheIssueTimeNames() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(0)) {
      PipelineSettings settings = settings(kafka.bootstrap());
      WeightsStore store = new WeightsStore(settings.weights());
      String first = store.put(weights("first"));
      Throne throne = new Throne(settings.kafka(), store, STREAM, Clock.systemUTC());
      GranuleSeries world = new SimulatedWorld(3, START).atmosphere();
      try (Stack stack = Stack.start(settings.kafka(), new Stack.ListenOn(0, 0, 0), 1)) {
        JobRunner.submit(settings, stack, 0, Optional.empty());
        publish(settings, world);
        await(settings, A_DAY - 1);
        Path other = Files.write(folder.resolve("other"), SafeTensors.write(weights("other")));
        Change promoted = throne.promote(other.toString(), Optional.empty(), "to see");
        awaitChampion(settings);
        publish(settings, world);
        await(settings, 2 * A_DAY - 1);
        Change back = throne.rollBack(Optional.empty(), "seen");
        awaitChampion(settings);
        publish(settings, world);
        SortedMap<Instant, String> served = await(settings, 3 * A_DAY - 1);

        Instant from = promoted.now().effectiveFrom();
        assertThat(from).isEqualTo(START.plus(Duration.ofDays(1)));
        Instant until = back.now().effectiveFrom();
        assertThat(until).isEqualTo(START.plus(Duration.ofDays(2)));
        String second = promoted.now().weightsSha256();
        assertThat(served.headMap(from).values()).containsOnly(first);
        assertThat(served.subMap(from, until).values()).hasSize(A_DAY).containsOnly(second);
        assertThat(served.tailMap(until).values()).hasSize(A_DAY).containsOnly(first);
        assertThat(back.now().before())
            .extracting(Champion::weightsSha256)
            .containsExactly(first, second);
      }
    }
  }

  private PipelineSettings settings(String brokers) {
    return Elsewhere.settings("by-hand", brokers, folder, STREAM);
  }

  /** Those of the demo under another name. */
  private static Weights weights(String name) throws Exception {
    try (InputStream in =
        PromotedByHandTest.class.getResourceAsStream("/weights/simulated-t2m.safetensors")) {
      Weights weights = SafeTensors.read(in.readAllBytes());
      Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
      metadata.put("name", name);
      return new Weights(metadata, weights.tensors());
    }
  }

  private static void publish(PipelineSettings settings, GranuleSeries world) throws Exception {
    Granules.publish(settings.kafka().client(), world.next(A_DAY).bytes());
  }

  /** Waits for the last lead of so many issue times, and says whose weights made each. */
  private static SortedMap<Instant, String> await(PipelineSettings settings, int issueTimes)
      throws InterruptedException {
    SortedMap<Instant, String> served = new TreeMap<>();
    while (served.size() < issueTimes) {
      Thread.sleep(100);
      TopicReader.each(
          settings.kafka().client(),
          Topics.FORECASTS,
          record -> {
            if (header(record, "ce_lastlead").equals("2")) {
              served.put(
                  Instant.parse(header(record, "ce_issuetime")),
                  header(record, "ce_weightssha256"));
            }
          });
    }
    return served;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  /** Waits until the job has taken every champion into a checkpoint. */
  private static void awaitChampion(PipelineSettings settings) throws Exception {
    TopicPartition champions = new TopicPartition(Topics.CHAMPIONS, 0);
    String group = KafkaEnds.group(settings.job());
    try (Admin admin = Admin.create(settings.kafka().client())) {
      // The last record is the marker of the transaction, which nobody reads.
      long end =
          admin
                  .listOffsets(Map.of(champions, OffsetSpec.latest()))
                  .all()
                  .get()
                  .get(champions)
                  .offset()
              - 1;
      OffsetAndMetadata taken = null;
      while (taken == null || taken.offset() < end) {
        Thread.sleep(100);
        taken =
            admin
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(champions);
      }
    }
  }
}
