package etesian.pipeline.forecast;

import static etesian.pipeline.Samples.hour;
import static etesian.pipeline.Samples.t2m;

import etesian.ingest.field.Forecast;
import etesian.pipeline.Samples;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.model.ForecasterSource;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.window.FieldWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Tests in which the device makes a step only when they let it. */
@Timeout(60)
abstract class StepwiseForecasts {
  static final int HORIZON = 4;
  static final String ONE = "1".repeat(64);
  static final String TEN = "a".repeat(64);

  /** Lets the device make a step; static, as the operator is serialised. */
  private static final Semaphore STEPS = new Semaphore(0);

  ForecastHarness harness;

  @BeforeEach
  void start() throws Exception {
    STEPS.drainPermits();
    harness = harness(AddOne::of, List.of(champion(ONE, Champion.ALWAYS)));
    harness.open();
  }

  @AfterEach
  void stop() throws Exception {
    STEPS.release(1000); // a step that waits must not keep the operator from closing
    harness.close();
    STEPS.drainPermits();
  }

  /** In the place of that which runs, maybe from a checkpoint. */
  void restart(StreamSettings stream, OperatorSubtaskState snapshot) throws Exception {
    restart(stream, snapshot, List.of(champion(ONE, Champion.ALWAYS)));
  }

  void restart(StreamSettings stream, OperatorSubtaskState snapshot, List<Champion> champions)
      throws Exception {
    stop();
    harness = harness(stream, AddOne::of, champions);
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  static ForecastHarness harness(ForecasterSource source, List<Champion> champions)
      throws Exception {
    return harness(Samples.stream(1, HORIZON), source, champions);
  }

  private static ForecastHarness harness(
      StreamSettings stream, ForecasterSource source, List<Champion> champions) throws Exception {
    return new ForecastHarness(
        new ForecastOperator(stream, new DeviceSettings(8, 4, 1 << 20, 1), source, champions));
  }

  static Champion champion(String sha256, Instant from) {
    return new Champion("t2m", "m2no", sha256, from, null);
  }

  void receive(int hour) throws Exception {
    harness.receive(revised(hour, 0, 280));
  }

  static FieldWindow revised(int hour, int revision, float value) {
    return new FieldWindow("t2m", hour(hour), revision, 0, List.of(t2m(hour(hour), value)));
  }

  /** Lets one step of the device happen and its letter be read. */
  void step() throws Exception {
    steps(1);
  }

  void steps(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      STEPS.release();
      harness.letters(1);
    }
  }

  /** The device waits for nobody any more. */
  static void allSteps() {
    STEPS.release(1000);
  }

  List<Integer> leads() {
    return harness.forecasts().stream().map(Forecast::firstLead).toList();
  }

  List<Float> values(Instant issueTime) {
    return harness.forecasts(issueTime).stream()
        .map(forecast -> forecast.steps().get(0).values()[0])
        .toList();
  }

  /** Tomorrow is today plus one; with the other weights, plus ten. */
  record AddOne(float increment) implements Forecaster {
    static Forecaster of(String sha256) {
      return new AddOne(sha256.equals(ONE) ? 1 : 10);
    }

    @Override
    public int leadsPerAdvance() {
      return 1;
    }

    @Override
    public List<List<float[]>> advance(List<Carry> batch) {
      STEPS.acquireUninterruptibly();
      List<List<float[]>> frames = new ArrayList<>();
      for (Carry carry : batch) {
        float[] next = carry.frames().get(0).clone();
        for (int cell = 0; cell < next.length; cell++) {
          next[cell] += increment;
        }
        frames.add(List.of(next));
      }
      return frames;
    }

    @Override
    public void close() {}
  }
}
