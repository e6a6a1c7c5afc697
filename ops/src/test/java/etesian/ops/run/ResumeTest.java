package etesian.ops.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Origin;
import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.ingest.netcdf.GranuleReader;
import etesian.operators.Weights;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.ops.sample.GranuleSeries;
import etesian.ops.sample.SimulatedWorld;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.StreamVariable;
import etesian.pipeline.tune.FirstWeights;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job of two variables that is cut off in its middle and started again on the same brokers;
 * weights and checkpoints lie where only Flink finds them.
 */
@Timeout(180)
class ResumeTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final int HORIZON = 6;
  private static final int DAYS = 12;

  private static final StreamSettings STREAM =
      SmallJob.air(START)
          .withName("surface")
          .withHorizon(HORIZON)
          .withVerifyLeads(List.of(1, 2))
          .withVariables(
              List.of(new StreamVariable("t2m", "K"), new StreamVariable("u10", "m s-1")));

  @TempDir private Path folder;
  private EmbeddedKafka kafka;
  private PipelineSettings settings;

  @BeforeEach
  void start() throws Exception {
    kafka = EmbeddedKafka.start(0);
    settings = Elsewhere.settings("resume", kafka.bootstrap(), folder, STREAM);
    new WeightsStore(settings.weights()).put(weights());
  }

  /** Hardly trained: how good they are does not matter. */
  private static Weights weights() throws Exception {
    byte[] past =
        new SimulatedWorld(4, START.minus(Duration.ofDays(10))).atmosphere().next(40).bytes();
    return new FirstWeights(Duration.ofMillis(100), (name, done, loss) -> {})
        .train(STREAM, new GranuleReader().read(past, "past", new Origin("", "")).fields());
  }

  @AfterEach
  void stop() {
    kafka.close();
  }

  @Test
  void nothingIsLostAndNothingComesTwice() throws Exception {
    GranuleSeries world = new SimulatedWorld(3, START).atmosphere();
    try (Stack first = Stack.start(settings.kafka(), new Stack.ListenOn(0, 0, 0), 1)) {
      JobRunner.submit(settings, first, 0, Optional.of(settings.state()));
      publish(world, DAYS / 2);
      awaitForecasts(5); // rollouts are in their middle, windows wait, transactions are open
    }
    assertThat(RetainedState.newest(settings.state().resolve(settings.job()))).isPresent();

    publish(world, DAYS / 2);
    try (Stack second = Stack.start(settings.kafka(), new Stack.ListenOn(0, 0, 0), 1)) {
      JobID job = JobRunner.submit(settings, second, 0, Optional.of(settings.state()));
      try (Lag lag = new Lag(settings.kafka(), settings.job(), List.of(Topics.granules("era5")))) {
        while (!lag.isNone()) {
          Thread.sleep(100);
        }
      }
      second.flink().stopWithSavepoint(job, true, Duration.ofMinutes(1));
    }

    List<String> found = keys(Topics.FORECASTS);
    int issueTimes = DAYS * 4 - 1; // the first window needs two fields
    assertThat(found).hasSize(issueTimes * 2 * HORIZON);
    assertThat(found.stream().distinct().count()).isEqualTo(issueTimes * 2L);
    assertThat(found).allMatch(key -> key.matches("surface/(t2m|u10)/.*"));
    assertThat(ids(Topics.FORECASTS)).doesNotHaveDuplicates();
    assertThat(ids(Topics.SCORES)).doesNotHaveDuplicates().hasSize(2 * (issueTimes * 2 - 3));
  }

  private void publish(GranuleSeries world, int days) throws Exception {
    for (int day = 0; day < days; day++) {
      Granules.publish(settings.kafka().client(), world.next(4).bytes());
    }
  }

  private void awaitForecasts(int count) throws InterruptedException {
    while (keys(Topics.FORECASTS).size() < count) {
      Thread.sleep(50);
    }
  }

  private List<String> keys(String topic) {
    List<String> keys = new ArrayList<>();
    TopicReader.each(
        settings.kafka().client(), topic, record -> keys.add(new String(record.key(), UTF_8)));
    return keys;
  }

  private List<String> ids(String topic) {
    List<String> ids = new ArrayList<>();
    TopicReader.each(
        settings.kafka().client(),
        topic,
        record -> ids.add(new String(record.headers().lastHeader("ce_id").value(), UTF_8)));
    return ids;
  }
}
