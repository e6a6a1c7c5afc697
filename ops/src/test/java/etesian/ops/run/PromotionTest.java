package etesian.ops.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.Origin;
import etesian.ingest.field.Variable;
import etesian.ingest.kafka.TopicReader;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.GranuleEvents;
import etesian.ingest.wire.GranuleNetcdf;
import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.ops.embedded.EmbeddedKafka;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.sink.ChampionTopic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Champions on their way through a real topic: out by the transactional sink, back by the source.
 */
@Timeout(180)
class PromotionTest {
  private static final Grid GRID = new Grid(2, 3, 50, 0, 10, 10);
  private static final Variable T2M = new Variable("t2m", "K", "2 metre temperature", "");
  private static final int HISTORY = 6;
  private static final int HORIZON = 4;

  /** Days on which anomalies last long; the first weights are made from them. */
  private static final int CALM = 60;

  private static final int MOST_DAYS = 3000;

  private static final String SETTINGS =
      """
      job: promotion
      kafka: {brokers: %s}
      weights: %s
      state: %s
      checkpoint_interval: PT0.3S
      streams:
        - name: t2m
          dataset: era5
          variable: t2m
          units: K
          step: P1D
          history: 6
          horizon: 4
          model: smnn
          verify_leads: [1, 4]
          grid: {rows: 2, columns: 3, north: 50, west: 0, row_step: 10, column_step: 10}
          tuning: {every: 120, drift: false, at_least: 120, steps: 60, rate: 0.05, l2_sp: 0.001,
                   climatology_years: 0, false_promotion_rate: 0.01, long_run: false, replay_mebibytes: 1}
      """;

  @TempDir private Path folder;
  private EmbeddedKafka kafka;
  private PipelineSettings settings;
  private WeightsStore store;
  private Stack stack;
  private KafkaProducer<byte[], byte[]> producer;
  private final List<float[]> series = series();

  @BeforeEach
  void start() throws Exception {
    kafka = EmbeddedKafka.start(0);
    Path file = folder.resolve("etesian.yaml");
    Files.writeString(
        file,
        SETTINGS.formatted(kafka.bootstrap(), folder.resolve("weights"), folder.resolve("state")));
    settings = PipelineSettings.read(file);
    store = new WeightsStore(settings.weights());
    store.put(weights());
    stack = Stack.start(settings.kafka(), new Stack.ListenOn(0, 0, 0), settings.slotsNeeded());
    producer =
        new KafkaProducer<>(
            settings.kafka().client(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void stop() {
    producer.close();
    stack.close();
    kafka.close();
  }

  @Test
  void whatTheTunerPromotesComesBackAndServesFromItsEffectiveTimeOn() throws Exception {
    JobRunner.submit(settings, stack, 0, Optional.empty());
    int day = 0;
    while (champions().size() < 2 || !hashes().containsValue(newest().weightsSha256())) {
      assertThat(day).as("days until a promotion served").isLessThanOrEqualTo(MOST_DAYS - 20);
      for (int more = 0; more < 20; more++) {
        publish(day++);
      }
    }
    Champion second = champions().get(1);
    Champion first = champions().get(0);
    assertThat(second.parent()).isEqualTo(first.weightsSha256());
    assertThat(hashes().headMap(second.effectiveFrom(), false).values())
        .as("none before")
        .containsOnly(first.weightsSha256());
    Instant arrived = firstIssueTimeOf(second.weightsSha256());
    assertThat(arrived).isAfterOrEqualTo(second.effectiveFrom());
    assertThat(hashes().tailMap(arrived, true).values())
        .as("once it has come back, no other but those after it")
        .doesNotContain(first.weightsSha256());
    assertThat(events())
        .filteredOn(event -> event.event() == ModelEvent.Kind.PROMOTED)
        .extracting(ModelEvent::weightsSha256)
        .contains(second.weightsSha256());
    assertThat(Path.of(store.location(second.weightsSha256()))).exists();
  }

  @Test
  void aChampionWithDamagedWeightsIsRefusedAndTheJobGoesOn() throws Exception {
    String damaged = "d".repeat(64);
    Files.writeString(Path.of(store.location(damaged)), "not what its name says");
    var job = JobRunner.submit(settings, stack, 0, Optional.empty());
    for (int day = 0; day < 10; day++) {
      publish(day);
    }
    Champion first = champions().get(0);
    announce(first.then("smnn", damaged, day(10)));
    while (events().stream().noneMatch(e -> e.event() == ModelEvent.Kind.REFUSED)) {
      Thread.sleep(50);
    }
    for (int day = 10; day < 20; day++) {
      publish(day);
    }
    while (!hashes().containsKey(day(19))) {
      Thread.sleep(50);
    }
    assertThat(hashes().values()).containsOnly(first.weightsSha256());
    assertThat(events())
        .filteredOn(event -> event.event() == ModelEvent.Kind.REFUSED)
        .anySatisfy(
            event -> {
              assertThat(event.weightsSha256()).isEqualTo(damaged);
              assertThat(event.reason()).contains("damaged?").contains("serves on");
            });
    assertThat(stack.flink().status(job).isGloballyTerminalState()).isFalse();
  }

  /** They saw committed records only, and a promotion was on its way. */
  @Test
  void whomAPersonNamedBesideAPromotionServesLast() throws Exception {
    JobRunner.submit(settings, stack, 0, Optional.empty());
    for (int day = 0; day < 10; day++) {
      publish(day);
    }
    Champion first = champions().get(0);
    String byHand = store.put(noted("by hand"));
    announce(first.then("smnn", store.put(noted("tuned")), day(15)).byTuning());
    announce(first.then("smnn", byHand, day(12)));
    while (champions().size() < 4) {
      Thread.sleep(50);
    }
    assertThat(newest())
        .matches(champion -> champion.weightsSha256().equals(byHand))
        .matches(champion -> champion.effectiveFrom().equals(day(15)));
    for (int day = 10; day < 20; day++) {
      publish(day);
    }
    while (!hashes().containsKey(day(19))) {
      Thread.sleep(50);
    }
    assertThat(hashes().tailMap(day(12)).values()).containsOnly(byHand);
  }

  private Weights noted(String note) {
    Weights weights = weights();
    Map<String, String> metadata = new TreeMap<>(weights.metadata());
    metadata.put("note", note);
    return new Weights(metadata, weights.tensors());
  }

  private static Instant day(int index) {
    return Instant.parse("2000-01-01T00:00:00Z").plus(Duration.ofDays(index));
  }

  /** Red noise whose memory is long at first, then short. */
  private static List<float[]> series() {
    Random random = new Random(1);
    double[] state = new double[GRID.cells()];
    List<float[]> series = new ArrayList<>();
    for (int day = 0; day < MOST_DAYS; day++) {
      double kept = Math.exp(day < CALM ? -0.1 : -1.5);
      float[] field = new float[state.length];
      for (int cell = 0; cell < state.length; cell++) {
        state[cell] = kept * state[cell] + Math.sqrt(1 - kept * kept) * random.nextGaussian();
        field[cell] = (float) (280 + 3 * state[cell]);
      }
      series.add(field);
    }
    return series;
  }

  private Weights weights() {
    StreamSettings stream = settings.streams().get(0);
    List<Instant> times = new ArrayList<>();
    for (int day = 0; day < CALM; day++) {
      times.add(day(day));
    }
    Mechanism mechanism = new Mechanism(List.of(new Mode(Law.RELAXATION, 0.1, 0, 1, 1, 1)));
    return Forecasters.complete(
        new MechanisticForecaster(mechanism, HISTORY, HORIZON).weights(),
        StreamCard.of(stream),
        Channels.HISTORY,
        Standardiser.fit(Harmonics.forStep(stream.step()), 1, times, series.subList(0, CALM)),
        Map.of());
  }

  private void publish(int day) throws Exception {
    Field field =
        new Field(new Frame(T2M, GRID, day(day)), 1, new Origin("test", "test"), series.get(day));
    producer
        .send(
            GranuleEvents.record(
                Topics.granules("era5"),
                "era5",
                GranuleNetcdf.write(List.of(field)),
                "/test",
                day(day)))
        .get();
  }

  private void announce(Champion champion) throws Exception {
    producer
        .send(
            new ProducerRecord<>(
                Topics.CHAMPIONS, "t2m".getBytes(UTF_8), champion.toJson().getBytes(UTF_8)))
        .get();
  }

  private List<Champion> champions() {
    return ChampionTopic.readToEnd(settings.kafka()).champions();
  }

  private Champion newest() {
    List<Champion> all = champions();
    return all.get(all.size() - 1);
  }

  private List<ModelEvent> events() {
    List<ModelEvent> events = new ArrayList<>();
    TopicReader.each(
        settings.kafka().client(),
        Topics.MODELS,
        record -> events.add(ModelEvent.fromJson(new String(record.value(), UTF_8))));
    return events;
  }

  /** Of the committed forecasts, by issue time. */
  private NavigableMap<Instant, String> hashes() {
    NavigableMap<Instant, String> hashes = new TreeMap<>();
    TopicReader.each(
        settings.kafka().client(),
        Topics.FORECASTS,
        record ->
            hashes.put(
                Instant.parse(header(record.headers().lastHeader("ce_issuetime").value())),
                header(record.headers().lastHeader("ce_weightssha256").value())));
    return hashes;
  }

  private static String header(byte[] value) {
    return new String(value, UTF_8);
  }

  private Instant firstIssueTimeOf(String sha256) {
    return hashes().entrySet().stream()
        .filter(entry -> entry.getValue().equals(sha256))
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
