package etesian.pipeline.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.wire.FieldCodec;
import etesian.ingest.wire.ForecastCodec;
import etesian.pipeline.Samples;
import etesian.pipeline.TakingSink;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.model.Forecaster;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.window.AssembleWindows;
import etesian.pipeline.window.FieldWindow;
import etesian.pipeline.window.ValidTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three times as many windows as the device can take, until all are in, and a TaskManager that is
 * lost meanwhile: the input is held back, checkpoints go on, and every forecast comes.
 */
@Timeout(180)
class OverloadTest {
  private static final int HORIZON = 4;
  private static final int BATCH = 4;
  private static final int STEP_MILLIS = 10;

  /** Windows a second. */
  private static final double CAPACITY = 1000.0 / STEP_MILLIS * BATCH / HORIZON;

  private static final int WINDOWS = (int) (25 * CAPACITY);

  /** Windows that may wait; what comes beyond them is held back. */
  private static final int WAITING = 100;

  private static final Duration CHECKPOINT_INTERVAL = Duration.ofMillis(200);
  private static final StreamSettings STREAM = Samples.stream(1, HORIZON);
  private static final Champion CHAMPION =
      new Champion("t2m", "m2no", "1".repeat(64), Champion.ALWAYS, null);

  private static final TypeInformation<Field> FIELD =
      new CodecType<>(Field.class, FieldCodec.INSTANCE);
  private static final TypeInformation<FieldWindow> WINDOW =
      new CodecType<>(FieldWindow.class, new FieldWindow.WindowCodec());
  private static final TypeInformation<Forecast> FORECAST =
      new CodecType<>(Forecast.class, ForecastCodec.INSTANCE);
  private static final TypeInformation<Champion> CHAMPIONS =
      new CodecType<>(Champion.class, new Champion.ChampionCodec());

  private static final Set<String> OUT = ConcurrentHashMap.newKeySet();

  @TempDir private Path folder;
  private final InMemoryReporter metrics = InMemoryReporter.create();
  private int mostWaiting;
  private boolean heldBack;

  @Test
  void checkpointsGoOnAndNothingIsLostWhenMoreComesThanTheDeviceTakes() throws Exception {
    OUT.clear();
    try (MiniCluster cluster = new MiniCluster(cluster())) {
      cluster.start();
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.getExecutionEnvironment(configuration());
      define(env);
      JobID job = cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
      CompletableFuture<JobResult> end = cluster.requestJobResult(job);

      long before = checkpointsWhileHeldBack(cluster, job, WINDOWS / 5 * HORIZON);
      cluster.terminateTaskManager(0).get();
      cluster.startTaskManager();
      long after = checkpointsWhileHeldBack(cluster, job, WINDOWS / 2 * HORIZON);
      end.get().toJobExecutionResult(getClass().getClassLoader());

      assertThat(heldBack).as("input was held back").isTrue();
      assertThat(before).as("checkpoints before the TaskManager was lost").isGreaterThan(2);
      assertThat(after).as("checkpoints after it").isGreaterThan(2);
    }
    assertThat(mostWaiting).as("windows that waited").isBetween(WAITING, WAITING + 1);
    assertThat(OUT).hasSize(WINDOWS * HORIZON);
  }

  /** Looks on until so many steps are out. */
  private long checkpointsWhileHeldBack(MiniCluster cluster, JobID job, int steps)
      throws Exception {
    long first = -1;
    long last = -1;
    while (OUT.size() < steps) {
      int waiting = waiting(job);
      mostWaiting = Math.max(mostWaiting, waiting);
      if (waiting >= WAITING) {
        heldBack = true;
        CheckpointStatsSnapshot checkpoints =
            cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
        last = checkpoints.getCounts().getNumberOfCompletedCheckpoints();
        first = first < 0 ? last : first;
      }
      Thread.sleep(20);
    }
    return last - first;
  }

  private int waiting(JobID job) {
    return metrics.findMetric(job, "rollouts_waiting$").map(OverloadTest::number).orElse(0);
  }

  private static int number(Metric gauge) {
    return ((Gauge<?>) gauge).getValue() instanceof Integer number ? number : 0;
  }

  private MiniClusterConfiguration cluster() {
    return new MiniClusterConfiguration.Builder()
        .setConfiguration(configuration())
        .setNumTaskManagers(1)
        .setNumSlotsPerTaskManager(1)
        .build();
  }

  private Configuration configuration() {
    return metrics.addToConfiguration(
        new Configuration()
            .set(RestOptions.PORT, 0)
            .set(TaskManagerOptions.BUFFER_DEBLOAT_ENABLED, true) // as ours do
            .set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString())
            .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
            .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10)
            .set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100)));
  }

  /** The stations around the device as the job has them. */
  private static void define(StreamExecutionEnvironment env) {
    env.setParallelism(1);
    env.getConfig().enableObjectReuse();
    env.enableCheckpointing(CHECKPOINT_INTERVAL.toMillis());
    env.setBufferTimeout(5);
    DataStream<Champion> champions =
        env.fromSource(
            new DataGeneratorSource<>(index -> CHAMPION, 1, CHAMPIONS),
            WatermarkStrategy.noWatermarks(),
            "champions");
    env.fromSource(
            new DataGeneratorSource<>(
                index -> Samples.t2m(Samples.hour((int) (6 * index)), index),
                WINDOWS,
                RateLimiterStrategy.perSecond(3 * CAPACITY),
                FIELD),
            WatermarkStrategy.<Field>forGenerator(context -> new ValidTimes(Duration.ZERO))
                .withTimestampAssigner((field, before) -> time(field)),
            "fields")
        .keyBy(field -> STREAM.name(), Types.STRING)
        .process(new AssembleWindows(STREAM), WINDOW)
        .keyBy(window -> window.issueTime().toEpochMilli(), Types.LONG)
        .connect(champions.broadcast())
        .transform(
            "forecast",
            FORECAST,
            new ForecastOperator(
                STREAM,
                new DeviceSettings(
                    BATCH, BATCH, (long) WAITING * Samples.GRID.cells() * Float.BYTES - 1, 1),
                sha256 -> new Slow(),
                List.of(CHAMPION)))
        .sinkTo(
            new TakingSink<>(
                forecast -> OUT.add(forecast.issueTime() + "+" + forecast.firstLead())));
  }

  private static long time(Field field) {
    return field.frame().validAt().toEpochMilli();
  }

  /** Takes its time. */
  private static final class Slow implements Forecaster {
    @Override
    public int leadsPerAdvance() {
      return 1;
    }

    @Override
    public List<List<float[]>> advance(List<Carry> batch) {
      try {
        Thread.sleep(STEP_MILLIS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      List<List<float[]>> frames = new ArrayList<>();
      for (Carry carry : batch) {
        frames.add(List.of(carry.frames().get(0)));
      }
      return frames;
    }

    @Override
    public void close() {}
  }
}
