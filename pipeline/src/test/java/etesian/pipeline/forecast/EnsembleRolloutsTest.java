package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.EnsembleSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.window.FieldWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ensembles in the operator: over restarts, batches and changes of the settings. */
@Timeout(60)
class EnsembleRolloutsTest {
  private static final int HORIZON = 3;
  private static final int LAGGED = 1;
  private static final EnsembleSettings FIVE =
      new EnsembleSettings(5, 0.5, 3, 2000, true, LAGGED, List.of(0.5), true, 7);

  private ForecastHarness harness;
  private final List<Forecast> issued = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  @Test
  void aRestartAnywhereGivesTheSameEnsemble() throws Exception {
    int steps = LAGGED + HORIZON;
    List<Forecast> undisturbed = run(FIVE, 8, List.of(0), steps);
    assertThat(undisturbed).extracting(Forecast::firstLead).containsExactly(1, 2, 3);
    assertThat(undisturbed.get(0).steps().get(0).ensemble().spread()[0]).isPositive();
    for (int before = 0; before <= steps; before++) {
      issued.clear();
      open(FIVE, 8, null);
      receive(0);
      harness.letters(before);
      restart(FIVE, 8);
      harness.letters(steps - before);
      collect();
      assertThat(issued).as("restarted after " + before).isEqualTo(undisturbed);
    }
  }

  @Test
  void whatElseIsInABatchDoesNotMatter() throws Exception {
    List<Forecast> alone = run(FIVE, 2, List.of(0), LAGGED + HORIZON);
    List<Forecast> other = run(FIVE, 2, List.of(6), LAGGED + HORIZON);
    List<Forecast> all = new ArrayList<>(alone);
    all.addAll(other);
    List<Forecast> together = run(FIVE, 64, List.of(0, 6), LAGGED + HORIZON + 1);
    together.sort(Comparator.comparing(Forecast::issueTime).thenComparing(Forecast::firstLead));
    assertThat(together).isEqualTo(all);
  }

  @Test
  void anEnsembleWhoseSettingIsTakenAwayGoesOnWithItsControl() throws Exception {
    open(FIVE, 8, null);
    receive(0);
    harness.letters(LAGGED + 1);
    float[] control = harness.forecasts().get(0).steps().get(0).ensemble().members().get(0);
    restart(null, 8);
    harness.letters(1);
    Forecast.Step second = harness.forecasts().get(0).steps().get(0);
    assertThat(second.lead()).isEqualTo(2);
    assertThat(second.ensemble()).isNull();
    assertThat(second.values()).isEqualTo(Doubling.next(control));
  }

  @Test
  void aWindowThatWaitedWhenTheSettingWasTakenAwayIsOneRun() throws Exception {
    open(FIVE, 8, null);
    receive(0); // the letter of its first step is never read
    restart(null, 8);
    harness.letters(1);
    assertThat(harness.forecasts().get(0).steps().get(0).values()).containsOnly(2 * 280);
  }

  @Test
  void aForecastOfOneRunThatHasBegunStaysOneWhenTheSettingComes() throws Exception {
    open(null, 8, null);
    harness.receive(window(0, null));
    harness.letters(1);
    restart(FIVE, 8);
    harness.letters(1);
    receive(6);
    harness.letters(LAGGED + 2);
    assertThat(harness.forecasts())
        .filteredOn(forecast -> forecast.issueTime().equals(hour(0)))
        .allSatisfy(forecast -> assertThat(forecast.ensemble()).isNull())
        .isNotEmpty();
    assertThat(harness.forecasts())
        .filteredOn(forecast -> forecast.issueTime().equals(hour(6)))
        .allSatisfy(forecast -> assertThat(forecast.ensemble().size()).isEqualTo(5))
        .isNotEmpty();
  }

  @Test
  void anEnsembleThatNoRecordTakesIsRefusedAtStart() {
    Grid quarterDegree = new Grid(721, 1440, 90, 0, 0.25, 0.25);
    EnsembleSettings fifty = new EnsembleSettings(50, 0.1, 3, 500, true, 0, List.of(), true, 0);
    StreamSettings stream = Samples.stream(1, HORIZON).withGrid(quarterDegree).withEnsemble(fifty);
    DeviceSettings device = new DeviceSettings(8, 8, 1 << 20, 1);
    assertThatThrownBy(() -> new ForecastOperator(stream, device, sha -> null, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a lead has 52 fields")
        .hasMessageContaining("1038240 cells, 215953920 bytes, and a record takes 32505856");
  }

  private List<Forecast> run(
      EnsembleSettings ensemble, int maxBatch, List<Integer> hours, int steps) throws Exception {
    issued.clear();
    open(ensemble, maxBatch, null);
    for (int hour : hours) {
      receive(hour);
    }
    harness.letters(steps);
    collect();
    stop();
    harness = null;
    return new ArrayList<>(issued);
  }

  private void open(EnsembleSettings ensemble, int maxBatch, OperatorSubtaskState state)
      throws Exception {
    StreamSettings stream = Samples.stream(1, HORIZON).withEnsemble(ensemble);
    Champion champion = new Champion("t2m", "m2no", "a".repeat(64), Champion.ALWAYS, null);
    harness =
        new ForecastHarness(
            new ForecastOperator(
                stream,
                new DeviceSettings(8, maxBatch, 1 << 20, 1),
                Doubling::of,
                List.of(champion)));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
  }

  private void restart(EnsembleSettings ensemble, int maxBatch) throws Exception {
    OperatorSubtaskState state = harness.snapshot(1, 1);
    collect();
    stop();
    open(ensemble, maxBatch, state);
  }

  private void collect() {
    issued.addAll(harness.forecasts());
  }

  private void receive(int hour) throws Exception {
    harness.receive(window(hour, FIVE));
  }

  /** Of the length that the settings ask for. */
  private static FieldWindow window(int hour, EnsembleSettings ensemble) {
    return ensemble == null
        ? new FieldWindow("t2m", List.of(t2m(hour(hour), 280)))
        : new FieldWindow("t2m", List.of(t2m(hour(hour - 6), 279), t2m(hour(hour), 280)));
  }

  /** Doubles the newest frame. */
  private static final class Doubling implements Forecaster {
    static Doubling of(String sha256) {
      return new Doubling();
    }

    static float[] next(float[] frame) {
      float[] next = frame.clone();
      for (int i = 0; i < next.length; i++) {
        next[i] *= 2;
      }
      return next;
    }

    @Override
    public int leadsPerAdvance() {
      return 1;
    }

    @Override
    public float[] deviations() {
      float[] deviations = new float[Samples.GRID.cells()];
      Arrays.fill(deviations, 1);
      return deviations;
    }

    @Override
    public List<List<float[]>> advance(List<Carry> batch) {
      return batch.stream().map(carry -> List.of(next(newest(carry)))).toList();
    }

    private static float[] newest(Carry carry) {
      return carry.frames().get(carry.frames().size() - 1);
    }

    @Override
    public void close() {}
  }
}
