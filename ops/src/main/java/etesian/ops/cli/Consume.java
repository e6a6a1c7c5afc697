package etesian.ops.cli;

import etesian.ingest.kafka.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code consume}: a readable tail of any of our topics, committed records only. */
@Command(
    name = "consume",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = {
      "Shows the records of a topic, one a line, as they are committed; Ctrl-C ends it.",
      "",
      "Forecasts and granules are opened, scores and models are spelled out, dead letters come with"
          + " their reason."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian consume etesian.forecasts",
      "  etesian consume etesian.forecasts --from-beginning --max 10 --save out",
      "  etesian consume etesian.scores --json | jq .value.rmse"
    })
final class Consume implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(500);

  @Spec private CommandSpec spec;
  @Mixin private Brokers brokers;

  @Parameters(paramLabel = "TOPIC", description = "For instance etesian.forecasts.")
  private String topic;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Also write each value to a file there, named by topic, partition and offset.")
  private Path save;

  @Option(names = "--from-beginning", description = "Start with the oldest record.")
  private boolean fromBeginning;

  @Option(names = "--max", paramLabel = "N", description = "End after N records.")
  private long max = Long.MAX_VALUE;

  @Override
  public Integer call() throws IOException {
    Map<String, Object> properties = brokers.properties();
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", false);
    properties.put("allow.auto.create.topics", false);
    properties.put("fetch.max.bytes", Topics.MAX_RECORD_BYTES);
    properties.put("max.partition.fetch.bytes", Topics.MAX_RECORD_BYTES);
    if (save != null) {
      Files.createDirectories(save);
    }
    try (var consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = partitions(consumer);
      if (partitions.isEmpty()) {
        throw new IllegalStateException(
            "there is no topic '" + topic + "' at " + brokers.list() + "; " + ours(consumer));
      }
      consumer.assign(partitions);
      if (fromBeginning) {
        consumer.seekToBeginning(partitions);
      } else {
        consumer.seekToEnd(partitions);
      }
      tail(consumer);
    }
    return 0;
  }

  private void tail(KafkaConsumer<byte[], byte[]> consumer) {
    PrintWriter out = spec.commandLine().getOut();
    long shown = 0;
    while (shown < max && !out.checkError()) { // a closed pipe (head) ends it too
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        RecordView view = RecordView.of(record);
        out.println(json ? Json.line(view.json()) : Terminal.harmless(view.line()));
        out.flush();
        if (save != null) {
          save(record, view);
        }
        if (++shown == max) {
          return;
        }
      }
    }
  }

  private void save(ConsumerRecord<byte[], byte[]> record, RecordView view) {
    if (record.value() == null) {
      return;
    }
    Path file =
        save.resolve(
            "%s-%d-%d.%s"
                .formatted(record.topic(), record.partition(), record.offset(), view.suffix()));
    try {
      Files.write(file, record.value());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e, e);
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
    try {
      List<PartitionInfo> known = consumer.partitionsFor(topic, PATIENCE);
      return known == null
          ? List.of()
          : known.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "no answer from the brokers at "
              + brokers.list()
              + " within "
              + PATIENCE.toSeconds()
              + " s; start one, or name others with --brokers",
          e);
    }
  }

  private static String ours(KafkaConsumer<byte[], byte[]> consumer) {
    List<String> names =
        consumer.listTopics(PATIENCE).keySet().stream()
            .filter(name -> name.startsWith("etesian."))
            .sorted()
            .toList();
    return names.isEmpty() ? "there is none of ours" : "there are " + String.join(", ", names);
  }
}
