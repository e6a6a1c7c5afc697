package etesian.pipeline.forecast;

import static etesian.pipeline.learn.Worlds.day;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.operators.SafeTensors;
import etesian.operators.Weights;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.Worlds;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.window.FieldWindow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Champions that are announced and cannot serve, with real files in a store. */
@Timeout(60)
class RefusedChampionTest {
  /** So long a missing file is not given up while a test looks on. */
  private static final Duration LONG = Duration.ofSeconds(20);

  private static final Duration SHORT = Duration.ofMillis(5);

  private static final List<float[]> SERIES = Worlds.series(60, 1, day -> 0.3);

  /** Two advances of the model, so that there is a middle. */
  private static final StreamSettings STREAM =
      new StreamSettings(
          "t2m",
          "era5",
          "t2m",
          "K",
          Samples.GRID,
          Worlds.stream().step(),
          Worlds.HISTORY,
          2 * Worlds.HORIZON,
          1,
          Instant.EPOCH,
          StreamSettings.FROM_THE_FIRST,
          Duration.ZERO,
          "smnn",
          List.of(1));

  @TempDir private Path folder;

  private WeightsStore store;
  private Champion first;
  private ForecastHarness harness;

  @BeforeEach
  void start() throws Exception {
    store = new WeightsStore(folder);
    String sha256 = store.put(weights(0.3));
    first = new Champion("t2m", "smnn", sha256, Champion.ALWAYS, null);
    harness = harness(LONG, List.of(first));
    harness.open();
  }

  @AfterEach
  void stop() throws Exception {
    harness.close();
  }

  /** What may be wrong with a file. */
  private enum Wrong {
    HASH("damaged?") {
      @Override
      String put(WeightsStore store) throws Exception {
        String sha256 = store.put(weights(0.9));
        flipAByte(Path.of(store.location(sha256)));
        return sha256;
      }
    },
    FORMAT("safetensors") {
      @Override
      String put(WeightsStore store) throws Exception {
        byte[] bytes = "no weights at all".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        String sha256 = SafeTensors.sha256(bytes);
        Files.write(Path.of(store.location(sha256)), bytes);
        return sha256;
      }
    },
    GRID("the weights are for") {
      @Override
      String put(WeightsStore store) {
        Grid other = new Grid(2, 3, 60, 0, 10, 10);
        return store.put(
            with(
                "stream.grid",
                "%d %d %s %s %s %s"
                    .formatted(
                        other.rows(),
                        other.columns(),
                        other.northDegrees(),
                        other.westDegrees(),
                        other.rowStepDegrees(),
                        other.columnStepDegrees())));
      }
    },
    ARCHITECTURE("perceptron") {
      @Override
      String put(WeightsStore store) {
        return store.put(with("architecture", "perceptron"));
      }
    },
    MODEL("of the architecture 'm2no', the settings ask for 'smnn'") {
      @Override
      String put(WeightsStore store) {
        return store.put(with("architecture", "m2no"));
      }
    },
    CHANNELS("stream.channels: null") {
      @Override
      String put(WeightsStore store) {
        Map<String, String> metadata = new HashMap<>(weights(0.9).metadata());
        metadata.remove("stream.channels");
        return store.put(new Weights(metadata, weights(0.9).tensors()));
      }
    },
    HEADER("which is rows, columns, north") {
      @Override
      String put(WeightsStore store) {
        return store.put(with("stream.grid", "2 2"));
      }
    },
    TENSORS("") {
      @Override
      String put(WeightsStore store) {
        return store.put(new Weights(weights(0.9).metadata(), Map.of()));
      }
    },
    NO_STREAM("not trained for a stream") {
      @Override
      String put(WeightsStore store) {
        Map<String, String> metadata = new HashMap<>(weights(0.9).metadata());
        metadata.keySet().removeIf(key -> key.startsWith("stream."));
        return store.put(new Weights(metadata, weights(0.9).tensors()));
      }
    };

    final String says;

    Wrong(String says) {
      this.says = says;
    }

    abstract String put(WeightsStore store) throws Exception;

    private static Weights with(String key, String value) {
      Map<String, String> metadata = new HashMap<>(weights(0.9).metadata());
      metadata.put(key, value);
      return new Weights(metadata, weights(0.9).tensors());
    }
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  void weightsThatCannotServeAreRefusedAndTheChampionBeforeServes(Wrong wrong) throws Exception {
    Champion second = first.then("smnn", wrong.put(store), day(10));
    harness.announce(second);
    until(() -> !events().isEmpty());
    receive(8, 12);
    until(() -> leads() == 2 * STREAM.horizon());
    assertThat(harness.forecasts()).extracting(Forecast::weightsSha256).containsOnly(hash(first));
    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.event()).isEqualTo(ModelEvent.Kind.REFUSED);
              assertThat(event.weightsSha256()).isEqualTo(hash(second));
              assertThat(event.parent()).isEqualTo(hash(first));
              assertThat(event.reason()).contains(hash(first) + " serves on").contains(wrong.says);
            });
  }

  /** Who starts with a topic that ends with a bad champion goes on with those before it. */
  @Test
  void aFreshJobFindsTheChampionsBeforeABadOneInItsRecord() throws Exception {
    Champion third = first.then("smnn", hash(put(0.6)), day(10)).then("smnn", bad(), day(20));
    restart(LONG, List.of(third));
    receive(8, 12, 22);
    until(() -> leads() == 3 * STREAM.horizon());
    assertThat(hashesOf(8)).containsOnly(hash(first));
    assertThat(hashesOf(12)).containsOnly(hash(put(0.6)));
    assertThat(hashesOf(22)).containsOnly(hash(put(0.6)));
    assertThat(events()).extracting(ModelEvent::weightsSha256).containsExactly(hash(third));
  }

  @Test
  void aGoodChampionAfterABadOneServes() throws Exception {
    Champion bad = first.then("smnn", bad(), day(10));
    Champion good = bad.then("smnn", hash(put(0.6)), day(20));
    harness.announce(bad);
    harness.announce(good);
    receive(8, 12, 22);
    until(() -> leads() == 3 * STREAM.horizon());
    assertThat(hashesOf(12)).containsOnly(hash(first));
    assertThat(hashesOf(22)).containsOnly(hash(good));
  }

  @Test
  void aFileThatIsMissingIsAskedForAgainAndTheChampionBeforeServesMeanwhile() throws Exception {
    restart(Duration.ofMillis(200), List.of(first));
    Champion second = first.then("smnn", hash(weights(0.6)), day(10));
    harness.announce(second);
    receive(12);
    until(() -> leads() == STREAM.horizon());
    assertThat(hashesOf(12)).containsOnly(hash(first));
    put(0.6);
    int issue = 12;
    do { // a pause may have begun just before
      harness.letters(1);
      receive(++issue);
      int due = (issue - 11) * STREAM.horizon();
      until(() -> leads() == due);
    } while (!hashesOf(issue).contains(hash(second)));
    assertThat(events()).isEmpty();
  }

  @Test
  void aFileThatStaysAwayIsRefusedInTheEnd() throws Exception {
    restart(SHORT, List.of(first));
    harness.announce(first.then("smnn", hash(weights(0.6)), day(10)));
    until(() -> !events().isEmpty());
    assertThat(events())
        .singleElement()
        .satisfies(event -> assertThat(event.reason()).contains("no weights"));
  }

  /** A folder in the place of the file: it is there, and reading it fails. */
  @Test
  void whatFailsToBeReadIsNotRefusedAtOnce() throws Exception {
    Files.createDirectory(Path.of(store.location(hash(weights(0.6)))));
    harness.announce(first.then("smnn", hash(weights(0.6)), day(10)));
    receive(12);
    until(() -> leads() == STREAM.horizon());
    assertThat(hashesOf(12)).containsOnly(hash(first));
    assertThat(events()).isEmpty();
  }

  @Test
  void whatWasRefusedStaysSoOverARestartUntilItIsAnnouncedAgain() throws Exception {
    String sha256 = hash(put(0.6));
    byte[] right = Files.readAllBytes(Path.of(store.location(sha256)));
    flipAByte(Path.of(store.location(sha256)));
    Champion second = first.then("smnn", sha256, day(10));
    harness.announce(second);
    until(() -> !events().isEmpty());
    receive(12);
    until(() -> leads() == STREAM.horizon());

    Files.write(Path.of(store.location(sha256)), right);
    restartFromSnapshot(LONG);
    receive(13);
    until(() -> leads() == STREAM.horizon());
    assertThat(hashesOf(13)).as("as before the restart").containsOnly(hash(first));

    harness.announce(second);
    receive(14);
    until(() -> leads() == 2 * STREAM.horizon());
    assertThat(hashesOf(14)).containsOnly(sha256);
  }

  @Test
  void aRestartWhileAFileIsAwayAsksForItAnew() throws Exception {
    harness.announce(first.then("smnn", hash(weights(0.6)), day(10)));
    receive(12);
    until(() -> leads() == Worlds.HORIZON); // in its middle
    put(0.6);
    restartFromSnapshot(LONG);
    receive(13);
    until(() -> leads() == Worlds.HORIZON + STREAM.horizon());
    assertThat(hashesOf(12)).as("keeps what it began with").containsOnly(hash(first));
    assertThat(hashesOf(13)).containsOnly(hash(weights(0.6)));
  }

  @Test
  void aRolloutInItsMiddleWaitsForItsOwnWeightsAndOthersAreServed() throws Exception {
    Champion second = first.then("smnn", hash(put(0.6)), day(10));
    harness.announce(second);
    receive(12);
    until(() -> leads() == Worlds.HORIZON);
    byte[] right = Files.readAllBytes(Path.of(store.location(hash(second))));
    flipAByte(Path.of(store.location(hash(second))));

    restartFromSnapshot(LONG);
    receive(13);
    until(() -> leads() == STREAM.horizon() && !events().isEmpty());
    assertThat(hashesOf(13)).containsOnly(hash(first));
    assertThat(harness.forecasts()).extracting(Forecast::issueTime).doesNotContain(day(12));
    harness.advanceTime(day(20));
    assertThat(harness.watermark()).isEqualTo(day(12).toEpochMilli() - 1);

    Files.write(Path.of(store.location(hash(second))), right);
    restartFromSnapshot(LONG);
    until(() -> leads() == Worlds.HORIZON);
    assertThat(hashesOf(12)).containsOnly(hash(second));
    assertThat(harness.forecasts())
        .extracting(Forecast::firstLead)
        .containsOnly(Worlds.HORIZON + 1);
    assertThat(events()).isEmpty();
  }

  @Test
  void withoutAUsableChampionWindowsWaitAndNoneIsLost() throws Exception {
    restart(LONG, List.of(new Champion("t2m", "smnn", bad(), Champion.ALWAYS, null)));
    receive(10, 11);
    until(() -> !events().isEmpty());
    assertThat(events().get(0).reason()).contains("windows wait");
    harness.advanceTime(day(11));
    assertThat(harness.watermark()).isEqualTo(day(10).toEpochMilli() - 1);

    restartFromSnapshot(LONG);
    harness.announce(new Champion("t2m", "smnn", hash(put(0.6)), day(12), null));
    until(() -> leads() == 2 * STREAM.horizon());
    assertThat(harness.forecasts())
        .as("also before it is effective, as there is no other")
        .extracting(Forecast::weightsSha256)
        .containsOnly(hash(weights(0.6)));
  }

  @Test
  void theEndOfTheInputWaitsForAFileThatSomethingNeeds() throws Exception {
    String sha256 = hash(weights(0.6));
    restart(
        Duration.ofMillis(50), List.of(new Champion("t2m", "smnn", sha256, Champion.ALWAYS, null)));
    receive(10);
    harness.letters(1); // it is not there
    put(0.6);
    harness.end();
    assertThat(leads()).isEqualTo(STREAM.horizon());
    assertThat(harness.watermark()).isEqualTo(Long.MAX_VALUE);
  }

  private static Weights weights(double decay) {
    return Worlds.weights(decay, SERIES);
  }

  private Weights put(double decay) {
    Weights weights = weights(decay);
    store.put(weights);
    return weights;
  }

  private String bad() throws Exception {
    return Wrong.HASH.put(store);
  }

  private static void flipAByte(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1]++;
    Files.write(file, bytes);
  }

  private static String hash(Weights weights) {
    return SafeTensors.sha256(weights);
  }

  private static String hash(Champion champion) {
    return champion.weightsSha256();
  }

  private void receive(int... issueDays) throws Exception {
    for (int issue : issueDays) {
      List<Field> fields =
          IntStream.rangeClosed(issue - Worlds.HISTORY + 1, issue)
              .mapToObj(day -> Worlds.field(day, SERIES.get(day)))
              .toList();
      harness.receive(new FieldWindow("t2m", fields));
    }
  }

  /** Reads letters until something has happened. */
  private void until(BooleanSupplier happened) throws Exception {
    while (!happened.getAsBoolean()) {
      harness.letters(1);
    }
  }

  private void restart(Duration firstPause, List<Champion> champions) throws Exception {
    stop();
    harness = harness(firstPause, champions);
    harness.open();
  }

  private void restartFromSnapshot(Duration firstPause) throws Exception {
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    stop();
    harness = harness(firstPause, List.of(first));
    harness.initializeState(snapshot);
    harness.open();
  }

  private ForecastHarness harness(Duration firstPause, List<Champion> champions) throws Exception {
    WeightsStore files = store;
    return new ForecastHarness(
        new ForecastOperator(
            STREAM,
            new DeviceSettings(1, 1, 1 << 20, 1),
            sha256 -> Forecasters.load(files.get(sha256), STREAM),
            champions,
            firstPause));
  }

  private int leads() {
    return harness.forecasts().stream().mapToInt(forecast -> forecast.steps().size()).sum();
  }

  private List<String> hashesOf(int issueDay) {
    return harness.forecasts(day(issueDay)).stream().map(Forecast::weightsSha256).toList();
  }

  private List<ModelEvent> events() {
    Queue<StreamRecord<ModelEvent>> said = harness.getSideOutput(ForecastOperator.REFUSED);
    List<ModelEvent> events = new ArrayList<>();
    if (said != null) {
      said.forEach(record -> events.add(record.getValue()));
    }
    return events;
  }
}
