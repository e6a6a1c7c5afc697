package etesian.ops.console;

import static etesian.ops.console.Samples.GRID;
import static etesian.ops.console.Samples.NOON;
import static etesian.ops.console.Samples.STEP;
import static etesian.ops.console.Samples.full;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Forecast;
import etesian.ingest.field.Origin;
import etesian.ingest.field.TimeStep;
import etesian.operators.Tensor;
import etesian.operators.Weights;
import etesian.operators.smnn.EncoderTrainer;
import etesian.operators.smnn.Mechanism;
import etesian.operators.smnn.Mechanism.Law;
import etesian.operators.smnn.MechanisticForecaster;
import etesian.ops.console.Mechanisms.Mode;
import etesian.ops.console.Mechanisms.Unavailable;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.climatology.Harmonics;
import etesian.pipeline.model.Channels;
import etesian.pipeline.model.Forecasters;
import etesian.pipeline.model.Standardiser;
import etesian.pipeline.model.StreamCard;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.storage.Folder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MechanismsTest {
  private static final int HISTORY = 4;
  private static final StreamSettings STREAM =
      new StreamSettings(
          "t2m",
          "era5",
          "t2m",
          "K",
          GRID,
          new TimeStep.Fixed(STEP),
          HISTORY,
          2,
          1,
          Instant.EPOCH,
          StreamSettings.FROM_THE_FIRST,
          Duration.ZERO,
          "smnn",
          List.of(1, 2));

  private final Store store = new Store(List.of(STREAM), 4, 1 << 20);
  private WeightsStore weights;
  private Mechanisms mechanisms;

  @BeforeEach
  void folder(@TempDir Path folder) {
    weights = new WeightsStore(folder);
    mechanisms = new Mechanisms(Folder.of(folder));
  }

  @Test
  void oneLawForAllCellsIsToldInNumbersAndHasNoMaps() throws Exception {
    String sha256 = weights.put(complete(shared().weights()));
    forecastBy(sha256);

    Mechanisms.Law law = mechanisms.of("t2m", sha256).orElseThrow();
    assertThat(law.modes())
        .containsExactly(
            new Mode("relaxation", 2, null, 1, 1),
            new Mode("oscillation", 4, 2 * Math.PI, 0.25 / Math.hypot(0.25, 1), 1));
    assertThat(law.maps()).isEmpty();
    assertThatThrownBy(() -> mechanisms.maps(store, Samples.KEY, NOON))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("no mechanism by cell");
  }

  @Test
  void anEncodersMapsAreReadFromTheFieldsBeforeTheForecast() throws Exception {
    String sha256 = weights.put(complete(encoded()));
    forecastBy(sha256);
    observe(HISTORY);

    assertThat(mechanisms.of("t2m", sha256).orElseThrow().maps())
        .containsExactly(
            "relaxation_1.e_folding_steps",
            "relaxation_1.target",
            "oscillation_2.e_folding_steps",
            "oscillation_2.period_steps",
            "oscillation_2.damping_ratio",
            "oscillation_2.target");
    float[] maps = mechanisms.maps(store, Samples.KEY, NOON);
    assertThat(maps).hasSize(6 * GRID.cells());
    assertThat(Arrays.copyOf(maps, GRID.cells())).as("e-folding steps").doesNotContain(Float.NaN);
  }

  @Test
  void saysWhichFieldsAreMissingForAMap() throws Exception {
    forecastBy(weights.put(complete(encoded())));
    observe(HISTORY - 1);

    assertThatThrownBy(() -> mechanisms.maps(store, Samples.KEY, NOON))
        .isInstanceOf(Unavailable.class)
        .hasMessage(
            "a mechanism is read from 4 fields up to the issue time; 3 of them are kept here");
    assertThatThrownBy(() -> mechanisms.maps(store, Samples.KEY, NOON.plus(STEP)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("no such forecast");
  }

  @Test
  void networksDoNotPushMechanismsOut() throws Exception {
    String sha256 = weights.put(complete(shared().weights()));
    assertThat(mechanisms.of("t2m", sha256)).isPresent();
    for (int i = 0; i < 40; i++) {
      Map<String, String> header = Map.of("architecture", "fno", "name", "network " + i);
      String network = weights.put(new Weights(header, Map.of("w", new Tensor(new float[1], 1))));
      assertThat(mechanisms.of("t2m", network)).isEmpty();
    }
    Files.delete(Path.of(weights.location(sha256))); // it cannot be read again
    assertThat(mechanisms.of("t2m", sha256)).isPresent();
  }

  @Test
  void weightsThatLieElsewhereAreNoError() {
    assertThat(mechanisms.of("t2m", Samples.WEIGHTS)).isEmpty();
  }

  /** The newest {@code count} fields up to noon. */
  private void observe(int count) {
    for (int back = 0; back < count; back++) {
      store.addObserved(
          STREAM, Samples.observed(NOON.minus(STEP.multipliedBy(back)), 280 + (back * back) % 3));
    }
  }

  private void forecastBy(String sha256) {
    store.add(
        new Forecast(
            "t2m",
            Samples.T2M,
            GRID,
            NOON,
            0,
            List.of(new Forecast.Step(1, NOON.plus(STEP), full(280), null)),
            "smnn",
            sha256,
            List.of(new Origin("", "etesian.granules.era5/0@0"))));
  }

  private static MechanisticForecaster shared() {
    return new MechanisticForecaster(
        new Mechanism(
            List.of(
                new Mechanism.Mode(Law.RELAXATION, 0.5, 0, 1, 1, 1),
                new Mechanism.Mode(Law.OSCILLATION, 0.25, 1, 1, 1, 1))),
        HISTORY,
        2);
  }

  /** A step of training, so that the correction is not zero. */
  private static Weights encoded() {
    float[][] anomalies = new float[40][GRID.cells()];
    for (int t = 0; t < anomalies.length; t++) {
      for (int cell = 0; cell < GRID.cells(); cell++) {
        anomalies[t][cell] = (float) Math.sin(t * (cell + 1) * 0.7);
      }
    }
    double[] all = new double[GRID.cells()];
    Arrays.fill(all, 1);
    int[] windows = IntStream.range(0, 30).toArray();
    EncoderTrainer trainer =
        new EncoderTrainer(
            new EncoderTrainer.Settings(4, 2, 2, 16, 1e-2, 1, 0, 2, 1, Duration.ofMinutes(1)),
            shared(),
            anomalies,
            all,
            windows,
            windows);
    trainer.train((epoch, epochs, training, validation) -> {});
    return trainer.weights();
  }

  private static Weights complete(Weights operator) {
    List<Instant> times =
        IntStream.range(0, 8).mapToObj(t -> NOON.plusSeconds(21600L * t)).toList();
    List<float[]> frames = IntStream.range(0, 8).mapToObj(t -> full(280 + t % 3)).toList();
    Standardiser standardiser = Standardiser.fit(new Harmonics(0, 0), 1, times, frames);
    return Forecasters.complete(
        operator, StreamCard.of(STREAM), Channels.HISTORY, standardiser, Map.of());
  }
}
