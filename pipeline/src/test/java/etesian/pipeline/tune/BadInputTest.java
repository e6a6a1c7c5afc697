package etesian.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.ingest.field.Grid;
import etesian.ingest.field.TimeStep;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.smnn.Mechanism;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.Mechanism.Mode;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.Kind;
import etesian.pipeline.metrics.Metric;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What must not make a stream worse, field by field through the operator, with the tutors that a
 * job has: M2NO by gradients, S-MNN by its mechanism. Each time the champion serves on, and the
 * audit log and the metrics say what was wrong.
 */
class BadInputTest {
  private static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");
  private static final Grid GRID = new Grid(8, 16, 70, 0, 20, 22.5);
  private static final int STEPS = 80;
  private static final int EVERY = 20;
  private static final int AT_LEAST = 10;
  private static final List<float[]> WAVES =
      Samples.waves(GRID, STEPS).stream().map(Field::toArray).toList();
  private static Weights network;

  @TempDir private Path folder;
  private StreamSettings stream;
  private TuneHarness tuner;

  @BeforeAll
  static void trainForAMoment() {
    StreamSettings hourly = stream("m2no", "PT1H", 20, 1e-3);
    List<Field> fields = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      fields.add(field(hourly, step, WAVES.get(step)));
    }
    network =
        new FirstWeights(Duration.ofMillis(200), (name, done, loss) -> {}).train(hourly, fields);
  }

  @AfterEach
  void close() throws Exception {
    if (tuner != null) {
      tuner.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"m2no, its gradient was no number after", "smnn, rate Infinity"})
  void aLossThatExplodes(String model, String reason) throws Exception {
    start(stream(model, "PT1H", 20, 1e6), weights(model, "PT1H"));
    receive(0, 40);
    assertRefused(reason);
    assertThat(tuner.events(Kind.CANDIDATE)).isEmpty();
  }

  /** They can be loaded, and forecast no numbers. */
  @Test
  void weightsThatOverflow() throws Exception {
    Map<String, Tensor> tensors = new LinkedHashMap<>(network.tensors());
    tensors.replaceAll(
        (name, tensor) -> {
          float[] values = tensor.values().clone();
          for (int i = 0; !name.startsWith("climatology") && i < values.length; i++) {
            values[i] *= 1e30f;
          }
          return new Tensor(values, tensor.shape());
        });
    start(stream("m2no", "PT1H", 20, 1e-3), new Weights(network.metadata(), tensors));
    receive(0, 40);
    assertRefused("no number after 0 steps");
    assertThat(tuner.events(Kind.CANDIDATE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"m2no", "smnn"})
  void anInstrumentThatIsStuck(String model) throws Exception {
    start(stream(model, "PT1H", 20, 1e-3), weights(model, "PT1H"));
    for (int step = 0; step < 40; step++) {
      tuner.receive(field(stream, step, WAVES.get(0)));
    }
    assertRefused("are the same: a stuck instrument or a copy?");
    assertThat(tuner.events(Kind.CANDIDATE)).isEmpty();
  }

  /** It is noticed after a day; what was observed before and after counts. */
  @ParameterizedTest
  @ValueSource(strings = {"m2no", "smnn"})
  void anInstrumentThatSticksAfterGoodDays(String model) throws Exception {
    start(stream(model, "PT1H", 20, 1e-3), weights(model, "PT1H"));
    receive(0, 30);
    int stretch = 100;
    for (int step = 30; step < 30 + stretch; step++) {
      tuner.receive(field(stream, step, WAVES.get(30)));
    }
    long judgedInTime = 30 + 24 - stream.history(); // those with a target before it was noticed
    assertThat(tuner.count(Metric.TUNING_WINDOWS_JUDGED_TOTAL)).isEqualTo(judgedInTime);
    int lessons = tuner.events(Kind.TRAINED).size();
    for (int step = 31; step < STEPS; step++) {
      tuner.receive(field(stream, step - 1 + stretch, WAVES.get(step)));
    }
    assertRefused("the newest fields of t2m, up to 2020-01-03T06:00:00Z, are the same");
    assertThat(tuner.events(Kind.REFUSED))
        .as("said once")
        .filteredOn(event -> event.reason().contains("are the same"))
        .hasSize(1);
    List<ModelEvent> trained = tuner.events(Kind.TRAINED);
    assertThat(trained).as("lessons go on").hasSizeGreaterThan(lessons);
    assertThat(trained.get(trained.size() - 1).evidence().get("windows"))
        .as("of the good days")
        .isLessThanOrEqualTo(STEPS);
  }

  @ParameterizedTest
  @CsvSource({"m2no, 1e20", "smnn, -99999"})
  void aFillValueThatNoFileDeclares(String model, float fill) throws Exception {
    start(stream(model, "PT1H", 20, 1e-3), weights(model, "PT1H"));
    for (int step = 0; step < 40; step++) {
      float[] values = WAVES.get(step).clone();
      Arrays.fill(values, 3, step == 15 ? 9 : 3, fill);
      tuner.receive(field(stream, step, values));
    }
    assertRefused("a fill value that is not declared");
    assertThat(tuner.events(Kind.TRAINED)).as("lessons go on").isNotEmpty();
  }

  /** A candidate is beside the champion when the fields stop. */
  @ParameterizedTest
  @CsvSource({"m2no, PT1H", "smnn, PT1H", "smnn, P1M"})
  void aStreamThatStopsForFiveMonths(String model, String step) throws Exception {
    start(stream(model, step, 20, 1e-3), weights(model, step));
    receive(0, 30);
    assertThat(tuner.events(Kind.CANDIDATE)).hasSize(1);
    int gap = step.equals("P1M") ? 5 : 5 * 30 * 24;
    for (int i = 30; i < 70; i++) {
      tuner.receive(field(stream, i + gap, WAVES.get(i)));
    }
    assertThat(tuner.events(Kind.REFUSED))
        .singleElement()
        .matches(e -> e.reason().contains("fields are missing; learning goes on after them"));
    assertThat(tuner.count(Metric.TUNING_GAPS_TOTAL)).isEqualTo(1);
    assertThat(tuner.count(Metric.TUNING_REFUSALS_TOTAL)).as("an alert rings at it").isZero();
    Instant stopped = stream.timeAfter(BEGIN, 29);
    Instant goesOn = stream.timeAfter(BEGIN, 30 + gap);
    assertThat(tuner.events)
        .noneMatch(e -> e.issueTime().isAfter(stopped) && e.issueTime().isBefore(goesOn));
    assertThat(tuner.events(Kind.TRAINED)).anyMatch(e -> e.issueTime().isAfter(goesOn));
    assertThat(tuner.promoted).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"m2no", "smnn"})
  void weightsOfAnotherArchitectureOrGrid(String model) throws Exception {
    Weights good = weights(model, "PT1H");
    Champion first = start(stream(model, "PT1H", 20, 1e-3), good);
    receive(0, 5);
    String other = model.equals("m2no") ? "smnn" : "m2no";
    Champion second = first.then(other, store().put(weights(other, "PT1H")), time(6));
    tuner.announce(second);
    receive(5, 8);
    assertRefused("of the architecture '" + other + "', the settings ask for '" + model + "'");
    Map<String, String> metadata = new LinkedHashMap<>(good.metadata());
    metadata.put("stream.grid", "8 16 -70.0 0.0 20.0 22.5");
    String elsewhere = store().put(new Weights(metadata, good.tensors()));
    tuner.announce(second.then(model, elsewhere, time(9)));
    receive(8, 40);
    assertRefused("the weights are for");
    assertThat(tuner.events(Kind.REFUSED)).hasSize(2);
    assertThat(tuner.events(Kind.TRAINED))
        .isNotEmpty()
        .allMatch(event -> event.parent().equals(first.weightsSha256()));
  }

  /** The models that forecast are in memory; a lesson reads the file. */
  @Test
  void aChampionWhoseFileVanishesUnderALesson() throws Exception {
    Champion first = start(stream("smnn", "PT1H", 20, 1e-3), weights("smnn", "PT1H"));
    receive(0, 10);
    Path file = Path.of(store().location(first.weightsSha256()));
    Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
    receive(10, 25);
    assertRefused("no weights " + first.weightsSha256());
    assertThat(tuner.events(Kind.TRAINED)).isEmpty();
    Files.move(elsewhere, file);
    receive(25, 60);
    assertThat(tuner.events(Kind.TRAINED)).isNotEmpty();
  }

  /** The lesson that was interrupted comes to the very weights of one that was not. */
  @Test
  void aCheckpointInTheMiddleOfALesson() throws Exception {
    StreamSettings longer = stream("m2no", "PT1H", 80, 1e-3); // its state is kept after 50 steps
    Champion first = start(longer, network);
    receive(0, 20);
    ModelEvent whole = tuner.events(Kind.TRAINED).get(0);
    tuner.close();

    Files.move(
        Path.of(store().training().location("x")).getParent(), folder.resolve("of the first"));
    start(longer, network);
    int step = 0;
    while (tuner.count(Metric.TUNING_WINDOWS_JUDGED_TOTAL) < AT_LEAST) {
      tuner.hand(field(stream, step, WAVES.get(step)));
      if (++step > stream.history()) {
        tuner.step();
      }
    }
    while (store().training().newestFirst().isEmpty()) {
      Thread.sleep(1);
    }
    Files.delete(Path.of(store().location(first.weightsSha256()))); // the lesson has read it
    OperatorSubtaskState snapshot = tuner.snapshot(1);
    assertThat(tuner.events(Kind.TRAINED)).isEmpty();
    tuner.close();

    store().put(network);
    tuner = new TuneHarness(stream, store(), List.of(first), snapshot);
    receive(step, 20);
    ModelEvent resumed = tuner.events(Kind.TRAINED).get(0);
    assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
    assertThat(resumed.evidence().get("steps")).isEqualTo(80);
  }

  /** By hand, one after the other, before the first of them serves; then records come again. */
  @Test
  void aRollbackRightAfterAPromotionThatIsStillToCome() throws Exception {
    Champion first = start(stream("smnn", "PT1H", 20, 1e-3), weights("smnn", "PT1H"));
    receive(0, 30);
    Champion second = first.then("smnn", store().put(mechanism("PT1H", 0.2)), time(500));
    Champion back = second.then("smnn", first.weightsSha256(), time(501));
    for (Champion record : List.of(second, back, back, second, first)) {
      tuner.announce(record);
    }
    receive(30, 80);
    assertThat(tuner.events(Kind.ADOPTED))
        .extracting(ModelEvent::weightsSha256)
        .containsExactly(second.weightsSha256(), first.weightsSha256());
    assertThat(tuner.events(Kind.REFUSED)).isEmpty();
    assertThat(tuner.events(Kind.TRAINED).get(1).parent()).isEqualTo(first.weightsSha256());
    OperatorSubtaskState snapshot = tuner.snapshot(1);
    tuner.close();
    tuner = new TuneHarness(stream, store(), List.of(back), snapshot);
    tuner.drain();
    assertThat(tuner.events).as("a restart finds it all as it was").isEmpty();
  }

  private void assertRefused(String reason) {
    assertThat(tuner.events(Kind.REFUSED)).anyMatch(event -> event.reason().contains(reason));
    assertThat(tuner.count(Metric.TUNING_REFUSALS_TOTAL))
        .isEqualTo(tuner.events(Kind.REFUSED).size());
    assertThat(tuner.promoted).isEmpty();
  }

  private Champion start(StreamSettings asked, Weights weights) throws Exception {
    stream = asked;
    Champion first =
        new Champion("t2m", asked.model(), store().put(weights), Champion.ALWAYS, null);
    tuner = new TuneHarness(stream, store(), List.of(first), null);
    return first;
  }

  private WeightsStore store() {
    return new WeightsStore(folder.resolve("weights"));
  }

  private void receive(int from, int to) throws Exception {
    for (int step = from; step < to; step++) {
      tuner.receive(field(stream, step, WAVES.get(step)));
    }
  }

  private Instant time(int step) {
    return stream.timeAfter(BEGIN, step);
  }

  private static Field field(StreamSettings stream, int step, float[] values) {
    Instant time = stream.timeAfter(BEGIN, step);
    return new Field(new Frame(Samples.T2M, GRID, time), 1, Samples.ORIGIN, values);
  }

  private static StreamSettings stream(String model, String step, int steps, double rate) {
    TuningSettings tuning =
        TuningSettings.OFF.with(
            t ->
                t.every(EVERY)
                    .atLeast(AT_LEAST)
                    .rank(1)
                    .steps(steps)
                    .learningRate(rate)
                    .blocks(60)
                    .replayMebibytes(1));
    return new StreamSettings(
            "t2m",
            "era5",
            "t2m",
            "K",
            GRID,
            TimeStep.parse(step),
            2,
            2,
            1,
            BEGIN,
            StreamSettings.FROM_THE_FIRST,
            Duration.ZERO,
            model,
            List.of(1))
        .withTuning(tuning);
  }

  private static Weights weights(String model, String step) {
    return model.equals("m2no") ? network : mechanism(step, 0.1);
  }

  private static Weights mechanism(String step, double rate) {
    StreamSettings stream = stream("smnn", step, 1, 1);
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      times.add(stream.timeAfter(BEGIN, i));
    }
    Mechanism mechanism = new Mechanism(List.of(new Mode(Law.RELAXATION, rate, 0, 1, 1, 1)));
    return Forecasters.complete(
        new MechanisticForecaster(mechanism, stream.history(), stream.horizon()).weights(),
        StreamCard.of(stream),
        Channels.HISTORY,
        Standardiser.fit(Harmonics.forStep(stream.step()), 1, times, WAVES),
        Map.of());
  }
}
