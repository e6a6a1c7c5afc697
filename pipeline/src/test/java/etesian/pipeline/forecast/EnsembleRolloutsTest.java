package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import etesian.ingest.field.Forecast;
import etesian.ingest.field.Grid;
import etesian.ingest.wire.ForecastCodec;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.EnsembleSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.window.FieldWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
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

  private KeyedTwoInputStreamOperatorTestHarness<Long, FieldWindow, Champion, Forecast> harness;
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
      steps(before);
      restart(FIVE, 8);
      steps(steps - before);
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
    steps(LAGGED + 1);
    float[] control = issuedNow().get(0).steps().get(0).ensemble().members().get(0);
    restart(null, 8);
    steps(1);
    Forecast.Step second = issuedNow().get(0).steps().get(0);
    assertThat(second.lead()).isEqualTo(2);
    assertThat(second.ensemble()).isNull();
    assertThat(second.values()).isEqualTo(Doubling.next(control));
  }

  @Test
  void aWindowThatWaitedWhenTheSettingWasTakenAwayIsOneRun() throws Exception {
    open(FIVE, 8, null);
    receive(0); // the letter of its first step is never read
    restart(null, 8);
    steps(1);
    assertThat(issuedNow().get(0).steps().get(0).values()).containsOnly(2 * 280);
  }

  @Test
  void aForecastOfOneRunThatHasBegunStaysOneWhenTheSettingComes() throws Exception {
    open(null, 8, null);
    receive(window(0, null));
    steps(1);
    restart(FIVE, 8);
    steps(1);
    receive(6);
    steps(LAGGED + 2);
    assertThat(issuedNow())
        .filteredOn(forecast -> forecast.issueTime().equals(hour(0)))
        .allSatisfy(forecast -> assertThat(forecast.ensemble()).isNull())
        .isNotEmpty();
    assertThat(issuedNow())
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
    steps(steps);
    collect();
    stop();
    harness = null;
    return new ArrayList<>(issued);
  }

  private void open(EnsembleSettings ensemble, int maxBatch, OperatorSubtaskState state)
      throws Exception {
    StreamSettings stream = Samples.stream(1, HORIZON).withEnsemble(ensemble);
    Champion champion = new Champion("t2m", "m2no", "a".repeat(64), Champion.ALWAYS, null);
    ForecastOperator operator =
        new ForecastOperator(
            stream, new DeviceSettings(8, maxBatch, 1 << 20, 1), Doubling::of, List.of(champion));
    harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            operator, window -> window.issueTime().toEpochMilli(), null, Types.LONG);
    harness.setup(
        new CodecType<>(Forecast.class, ForecastCodec.INSTANCE)
            .createSerializer(new SerializerConfigImpl()));
    operator.setMailboxExecutor( // as a task does; the harness does not
        new MailboxExecutorImpl(harness.getTaskMailbox(), 0, StreamTaskActionExecutor.IMMEDIATE));
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
    issued.addAll(issuedNow());
  }

  private List<Forecast> issuedNow() {
    return harness.extractOutputValues();
  }

  private void receive(int hour) throws Exception {
    receive(window(hour, FIVE));
  }

  private void receive(FieldWindow window) throws Exception {
    harness.processElement1(new StreamRecord<>(window, window.issueTime().toEpochMilli()));
  }

  /** Of the length that the settings ask for. */
  private static FieldWindow window(int hour, EnsembleSettings ensemble) {
    return ensemble == null
        ? new FieldWindow("t2m", List.of(t2m(hour(hour), 280)))
        : new FieldWindow("t2m", List.of(t2m(hour(hour - 6), 279), t2m(hour(hour), 280)));
  }

  /** Lets so many steps of the device be done and their letters be read. */
  private void steps(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      harness.getTaskMailbox().take(-1).run();
    }
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
