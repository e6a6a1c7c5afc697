package etesian.ops.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import etesian.ingest.field.Field;
import etesian.ingest.field.Origin;
import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.ingest.netcdf.GranuleReader;
import etesian.ingest.wire.GranuleNetcdf;
import etesian.operators.SafeTensors;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.ops.run.Granules;
import etesian.ops.run.JobRunner;
import etesian.ops.run.Lag;
import etesian.ops.run.SmallJob;
import etesian.ops.run.Stack;
import etesian.ops.sample.SimulatedAtmosphere;
import etesian.ops.sample.SimulatedWorld;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job on provisional fields (ERA5T), and then on the final ones of some of them, one that
 * was missing, one that comes twice, one that is worse, one that is the same and one that is too
 * old. Windows have two fields; numbers are steps after {@link #START}.
 */
@Timeout(180)
class RevisionsTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final int HORIZON = 4;
  private static final int RETENTION = 8;
  private static final int PROVISIONAL = 0;
  private static final int FINAL = 1;

  /**
   * By hand. 8 comes late: 8 and 9 are issued then. 10 is final: 10 and 11 again; 11: 11 and 12; 12
   * is the same; 13, twice: 13 and 14; 14: 14 and 15. 2 is too old when 15 was there.
   */
  private static final Map<Integer, Integer> REVISIONS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(1, 0),
              Map.entry(2, 0),
              Map.entry(3, 0),
              Map.entry(4, 0),
              Map.entry(5, 0),
              Map.entry(6, 0),
              Map.entry(7, 0),
              Map.entry(8, 0),
              Map.entry(9, 0),
              Map.entry(10, 1),
              Map.entry(11, 2),
              Map.entry(12, 1),
              Map.entry(13, 1),
              Map.entry(14, 2),
              Map.entry(15, 1),
              Map.entry(16, 0),
              Map.entry(17, 0)));

  private static final StreamSettings STREAM =
      SmallJob.air(START)
          .withName("t2m")
          .withHorizon(HORIZON)
          .withVerifyLeads(List.of(1, 3))
          .withRetention(RETENTION);

  private static final List<Event> FORECASTS = new ArrayList<>();
  private static final List<Event> SCORES = new ArrayList<>();
  private static Due due;

  /** A record as a consumer has it. */
  private record Event(Map<String, String> headers, byte[] value) {
    static Event of(ConsumerRecord<byte[], byte[]> record) {
      return new Event(
          Arrays.stream(record.headers().toArray())
              .collect(Collectors.toMap(Header::key, h -> new String(h.value(), UTF_8))),
          record.value());
    }

    String id() {
      return headers.get("ce_id");
    }

    String supersedes() {
      return headers.get("ce_supersedes");
    }

    int revision() {
      return Integer.parseInt(headers.get("ce_revision"));
    }

    int issueStep() {
      return step(Instant.parse(headers.get("ce_issuetime")));
    }

    int lead() {
      return Integer.parseInt(headers.get("ce_firstlead"));
    }

    JsonNode json() {
      try {
        return new ObjectMapper().readTree(value);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @BeforeAll
  static void runTheStreamOnce(@TempDir Path folder) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(0)) {
      PipelineSettings settings = SmallJob.settings("revisions", kafka.bootstrap(), folder, STREAM);
      try (InputStream weights =
          RevisionsTest.class.getResourceAsStream("/weights/simulated-t2m.safetensors")) {
        new WeightsStore(settings.weights()).put(SafeTensors.read(weights));
      }
      List<Field> truth = truth(18);
      try (Stack stack = Stack.start(settings.kafka(), new Stack.ListenOn(0, 0, 0), 1)) {
        JobID job = JobRunner.submit(settings, stack, 0, Optional.empty());
        for (int step = 0; step <= 15; step++) {
          if (step != 8) {
            publish(settings, field(truth, step, step == 12 ? 0 : 1, PROVISIONAL));
          }
        }
        int windows = 13; // 1 to 7 and 10 to 15: 8 and 9 miss a field
        while (count(settings, Topics.FORECASTS) < windows * HORIZON) {
          Thread.sleep(50);
        }
        publish(settings, field(truth, 8, 0, FINAL));
        publish(settings, field(truth, 10, 0, FINAL));
        publish(settings, field(truth, 11, 0, FINAL));
        publish(settings, field(truth, 12, 0, FINAL));
        publish(settings, field(truth, 13, 0, FINAL));
        publish(settings, field(truth, 13, 0, FINAL));
        publish(settings, field(truth, 14, 0, FINAL));
        publish(settings, field(truth, 14, 5, PROVISIONAL));
        publish(settings, field(truth, 2, 0, FINAL));
        publish(settings, field(truth, 16, 1, PROVISIONAL));
        publish(settings, field(truth, 17, 1, PROVISIONAL));
        try (Lag lag =
            new Lag(settings.kafka(), settings.job(), List.of(Topics.granules("era5")))) {
          while (!lag.isNone()) {
            Thread.sleep(100);
          }
        }
        stack.flink().stopWithSavepoint(job, true, Duration.ofMinutes(1));
      }
      TopicReader.each(
          settings.kafka().client(), Topics.FORECASTS, record -> FORECASTS.add(Event.of(record)));
      TopicReader.each(
          settings.kafka().client(), Topics.SCORES, record -> SCORES.add(Event.of(record)));
      due = due(settings);
    }
  }

  @Test
  void everyTouchedIssueTimeIsIssuedAgainAndNoOther() {
    Map<Integer, Integer> newest = new TreeMap<>();
    FORECASTS.forEach(event -> newest.merge(event.issueStep(), event.revision(), Math::max));
    assertThat(newest).isEqualTo(REVISIONS);
  }

  @Test
  void theNewestRevisionIsCompleteAndNothingComesTwice() {
    REVISIONS.forEach(
        (issueStep, revision) ->
            assertThat(FORECASTS)
                .filteredOn(e -> e.issueStep() == issueStep && e.revision() == revision)
                .extracting(Event::lead)
                .containsExactly(1, 2, 3, 4));
    assertThat(FORECASTS).extracting(Event::id).doesNotHaveDuplicates();
  }

  @Test
  void everyForecastNamesTheOneThatItSupersedes() {
    assertChains(
        FORECASTS.stream()
            .collect(Collectors.groupingBy(e -> e.issueStep() + "/" + e.lead()))
            .values());
    assertThat(FORECASTS).filteredOn(e -> e.revision() == 1).hasSizeGreaterThanOrEqualTo(4 * 4);
  }

  @Test
  void everyScoreNamesTheOneThatItSupersedesAndTheLastIsOfTheNewest() {
    Map<String, List<Event>> chains =
        SCORES.stream()
            .collect(
                Collectors.groupingBy(
                    e ->
                        step(Instant.parse(e.json().get("issue_time").asText()))
                            + "/"
                            + e.json().get("lead").asInt()));
    assertChains(chains.values());
    Set<Integer> observedFinally = Set.of(8, 10, 11, 13, 14);
    REVISIONS.forEach(
        (issueStep, revision) -> {
          for (int lead : STREAM.verifyLeads()) {
            int validStep = issueStep + lead;
            if (validStep <= 17) {
              List<Event> chain = chains.get(issueStep + "/" + lead);
              JsonNode last = chain.get(chain.size() - 1).json();
              assertThat(last.get("revision").asInt()).isEqualTo(revision);
              assertThat(last.get("score_revision").asInt()).isEqualTo(chain.size() - 1);
              if (validStep != 12) {
                assertThat(last.get("observation_revision").asInt())
                    .isEqualTo(observedFinally.contains(validStep) ? FINAL : PROVISIONAL);
              }
            }
          }
        });
  }

  @Test
  void aRevisedPairCountsOnce() {
    assertThat(SCORES.stream().map(Event::json).filter(j -> j.get("lead").asInt() == 1))
        .extracting(score -> score.get("n").asInt())
        .as("issued from 1 to 16, each observed")
        .contains(16)
        .allMatch(n -> n <= 16);
  }

  @Test
  void whatIsDueIsWorkedOutFromTheGranulesAlone() {
    Map<Integer, Integer> expected = new TreeMap<>();
    due.revisions(STREAM).forEach((time, revision) -> expected.put(step(time), revision));
    assertThat(expected).isEqualTo(REVISIONS);
    Due.Balance balance =
        due.against(
            FORECASTS.stream()
                .map(e -> new Due.Step("t2m", "t2m", at(e.issueStep()), e.lead(), e.revision()))
                .toList());
    assertThat(balance.due()).isEqualTo((long) REVISIONS.size() * HORIZON);
    assertThat(balance.lost()).isZero();
    assertThat(balance.duplicates()).isZero();
  }

  /** In each chain the first supersedes nothing, and every other the one before it. */
  private static void assertChains(Iterable<List<Event>> chains) {
    for (List<Event> chain : chains) {
      List<Event> ordered = new ArrayList<>(chain);
      ordered.sort(Comparator.comparingInt(Event::revision));
      assertThat(chain).as("in the order of the topic").isEqualTo(ordered);
      for (int i = 0; i < ordered.size(); i++) {
        assertThat(ordered.get(i).supersedes()).isEqualTo(i == 0 ? null : ordered.get(i - 1).id());
      }
    }
  }

  private static List<Field> truth(int steps) throws Exception {
    List<Field> fields = new ArrayList<>();
    var world = new SimulatedWorld(3, START).atmosphere();
    while (fields.size() < steps) {
      byte[] day = world.next(4).bytes();
      new GranuleReader()
          .read(day, "sample", new Origin("", "")).fields().stream()
              .filter(STREAM::takes)
              .forEach(fields::add);
    }
    return fields;
  }

  private static Field field(List<Field> truth, int step, float error, int revision) {
    float[] values = truth.get(step).toArray();
    for (int cell = 0; cell < values.length; cell++) {
      values[cell] += error;
    }
    return new Field(truth.get(step).frame(), revision, new Origin("", ""), values);
  }

  private static void publish(PipelineSettings settings, Field field) throws Exception {
    Granules.publish(settings.kafka().client(), GranuleNetcdf.write(List.of(field)));
  }

  private static Due due(PipelineSettings settings) {
    return Findings.read(settings.kafka(), List.of(STREAM)).due();
  }

  private static int count(PipelineSettings settings, String topic) {
    int[] count = {0};
    TopicReader.each(settings.kafka().client(), topic, record -> count[0]++);
    return count[0];
  }

  private static Instant at(int step) {
    return START.plus(SimulatedAtmosphere.STEP.multipliedBy(step));
  }

  private static int step(Instant time) {
    return (int) Duration.between(START, time).dividedBy(SimulatedAtmosphere.STEP);
  }
}
