package etesian.ops.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Publisher;
import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deadletters}: what was refused and why, and the way back once the cause is mended. */
@Command(
    name = "deadletters",
    mixinStandardHelpOptions = true,
    versionProvider = Etesian.Version.class,
    description = "What the stream refused and why, and the way back into it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etesian deadletters list --class TRUNCATED",
      "  etesian deadletters list --json | jq .reason",
      "  etesian deadletters replay --class UNSUPPORTED_FORMAT --dry-run",
      "  etesian deadletters replay 0@17 0@18"
    },
    subcommands = {DeadLettersCommand.ListThem.class, DeadLettersCommand.Replay.class})
final class DeadLettersCommand implements Runnable {
  /** Headers that the job adds; the others came with the granule. */
  private static final Set<String> OURS =
      Set.of("reason", "class", "topic", "partition", "offset", "sha256", "omitted");

  private static final Pattern PLACE = Pattern.compile("\\d+@\\d+");

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what to do: deadletters list, or deadletters replay");
  }

  /** Which letters. */
  private static final class Choice {
    @Option(
        names = "--class",
        paramLabel = "CLASS",
        description = "Only those with this class of reason, for instance TRUNCATED.")
    private String reasonClass;

    @Option(
        names = "--topic",
        paramLabel = "TOPIC",
        description = "Only those that came from this topic.")
    private String topic;

    @Parameters(
        paramLabel = "PARTITION@OFFSET",
        arity = "0..*",
        description = "Only these, as 'deadletters list' names them (default: all).")
    private List<String> places = new ArrayList<>();

    private boolean all() {
      return reasonClass == null && topic == null && places.isEmpty();
    }

    private void check(CommandSpec spec) {
      for (String place : places) {
        if (!PLACE.matcher(place).matches()) {
          throw new CommandLine.ParameterException(
              spec.commandLine(),
              "'%s' is no place of a dead letter; expected PARTITION@OFFSET, for instance 0@17"
                  .formatted(place));
        }
      }
    }

    private boolean takes(Letter letter) {
      return (reasonClass == null || reasonClass.equalsIgnoreCase(letter.header("class")))
          && (topic == null || topic.equals(letter.header("topic")))
          && (places.isEmpty() || places.contains(letter.place()));
    }
  }

  /** A record of the topic of dead letters. */
  private record Letter(ConsumerRecord<byte[], byte[]> record) {
    private String place() {
      return record.partition() + "@" + record.offset();
    }

    private String header(String name) {
      Header header = record.headers().lastHeader(name);
      return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    /** Whether its bytes were too many for a dead letter: they are in the granule's topic only. */
    private boolean isEmpty() {
      return !header("omitted").isEmpty();
    }

    /** The file, as who sent it named it; a dash where nobody did. */
    private String source() {
      String source = header("ce_source");
      return source.isEmpty() ? "-" : source.replaceFirst("^file://(?=/)", "");
    }

    private String line() {
      return "%s  %s  %s/%s@%s  %s  %s"
          .formatted(
              place(),
              header("class"),
              header("topic"),
              header("partition"),
              header("offset"),
              source(),
              header("reason"));
    }

    private Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("place", place());
      json.put("refused_at", Instant.ofEpochMilli(record.timestamp()));
      json.put("class", header("class"));
      json.put("reason", header("reason"));
      json.put("topic", header("topic"));
      json.put("partition", header("partition"));
      json.put("offset", header("offset"));
      json.put("sha256", header("sha256"));
      json.put("source", header("ce_source").isEmpty() ? null : header("ce_source"));
      json.put("key", record.key() == null ? null : new String(record.key(), UTF_8));
      json.put("bytes", record.value() == null ? 0 : record.value().length);
      if (isEmpty()) {
        json.put("omitted", Long.parseLong(header("omitted")));
      }
      return json;
    }

    /** The granule as it came, to the topic that it came from. */
    private ProducerRecord<byte[], byte[]> granule() {
      ProducerRecord<byte[], byte[]> granule =
          new ProducerRecord<>(header("topic"), record.key(), record.value());
      for (Header header : record.headers()) {
        if (!OURS.contains(header.key())) {
          granule.headers().add(header);
        }
      }
      return granule;
    }
  }

  /** One after the other, as their bytes may be many. */
  private static void each(Brokers brokers, Choice choice, Consumer<Letter> taker)
      throws IOException {
    Properties client = new Properties();
    client.putAll(brokers.properties());
    TopicReader.each(
        client,
        Topics.DEAD_LETTERS,
        record -> Optional.of(new Letter(record)).filter(choice::takes).ifPresent(taker));
  }

  /** {@code deadletters list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      versionProvider = Etesian.Version.class,
      description = "Every granule that was refused: where it lies, why, where it came from.")
  static final class ListThem implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Brokers brokers;
    @Mixin private Choice choice;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
      choice.check(spec);
      PrintWriter out = spec.commandLine().getOut();
      AtomicLong count = new AtomicLong();
      each(
          brokers,
          choice,
          letter -> {
            out.println(json ? Json.line(letter.json()) : Terminal.harmless(letter.line()));
            count.incrementAndGet();
          });
      if (!json && count.get() == 0) {
        out.println(
            choice.all()
                ? "no dead letters"
                : "no dead letters that fit; without a choice the list has all of them");
      }
      return 0;
    }
  }

  /** {@code deadletters replay}. */
  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      versionProvider = Etesian.Version.class,
      description = {
        "Sends granules that were refused again, as they came, to the topic that they came from.",
        "",
        "What is refused again becomes a dead letter again. A granule that is sent twice does no"
            + " harm: the stream knows its content."
      })
  static final class Replay implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private Brokers brokers;
    @Mixin private Choice choice;

    @Option(names = "--dry-run", description = "Only say what would be sent.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException, InterruptedException {
      choice.check(spec);
      Replayed replayed = dryRun ? look() : send();
      if (replayed.whole.isEmpty() && replayed.empty.isEmpty()) {
        throw new IllegalStateException(
            "no dead letter fits; see which there are with 'etesian deadletters list'");
      }
      PrintWriter out = spec.commandLine().getOut();
      replayed.whole.forEach(line -> out.println(Terminal.harmless(line)));
      out.printf("%d %s%n", replayed.whole.size(), dryRun ? "would be sent" : "sent");
      replayed.empty.forEach(spec.commandLine().getErr()::println);
      return replayed.empty.isEmpty() ? 0 : 1; // those that only their topic has are not done
    }

    /** What is said of letters that were sent, or would be, and of those without bytes. */
    private static final class Replayed {
      private final List<String> whole = new ArrayList<>();
      private final List<String> empty = new ArrayList<>();

      /** Whether it can be sent. */
      private boolean add(Letter letter) {
        if (letter.isEmpty()) {
          empty.add(
              "%s has no bytes: they are too many for a dead letter and lie at %s/%s@%s alone"
                  .formatted(
                      letter.place(),
                      letter.header("topic"),
                      letter.header("partition"),
                      letter.header("offset")));
          return false;
        }
        return whole.add(letter.place() + " to " + letter.header("topic"));
      }
    }

    private Replayed look() throws IOException {
      Replayed replayed = new Replayed();
      each(brokers, choice, replayed::add);
      return replayed;
    }

    private Replayed send() throws IOException, InterruptedException {
      Properties client = new Properties();
      client.putAll(brokers.properties());
      Replayed replayed = new Replayed();
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      try (var producer =
          new KafkaProducer<>(
              Publisher.settings(client), new ByteArraySerializer(), new ByteArraySerializer())) {
        each(
            brokers,
            choice,
            letter -> {
              if (replayed.add(letter)) {
                sent.add(producer.send(letter.granule()));
              }
            });
        for (Future<RecordMetadata> each : sent) {
          each.get();
        }
      } catch (ExecutionException e) {
        throw new IOException("the brokers did not take a record: " + e.getCause(), e);
      }
      return replayed;
    }
  }
}
