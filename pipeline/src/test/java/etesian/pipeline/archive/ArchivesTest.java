package etesian.pipeline.archive;

import static etesian.pipeline.Samples.hour;
import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import etesian.ingest.wire.ForecastNetcdf;
import etesian.pipeline.Samples;
import etesian.pipeline.settings.SinkSettings;
import etesian.pipeline.settings.StreamSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both archives in a running job that fails in its middle. */
class ArchivesTest {
  private static final int ISSUES = 24;
  private static final List<StreamSettings> STREAMS = List.of(Samples.stream(1, Forecasts.HORIZON));
  private static final AtomicBoolean FAILED = new AtomicBoolean();

  @TempDir Path folder;

  @Test
  void eachForecastIsArchivedOnceAlthoughTheJobFails() throws Exception {
    FAILED.set(false);
    Path netcdf = folder.resolve("netcdf");
    Path zarr = folder.resolve("zarr");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(
            2,
            new Configuration()
                .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
                .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1)
                .set(
                    RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY,
                    Duration.ofMillis(10)));
    env.enableCheckpointing(50);
    DataStream<Forecast> forecasts =
        env.fromSource(
                new NumberSequenceSource(0, (long) ISSUES * Forecasts.HORIZON - 1),
                WatermarkStrategy.noWatermarks(),
                "numbers")
            .setParallelism(1)
            .map(new LeadsOneByOne())
            .returns(CollectLeads.FORECAST)
            .setParallelism(1);
    Archives.attach(
        forecasts,
        new SinkSettings(Optional.of(netcdf.toUri()), Optional.of(zarr.toUri())),
        "job",
        STREAMS);
    env.execute();

    assertThat(FAILED).isTrue();
    assertThat(TwoPhases.pending(netcdf)).isEmpty();
    assertThat(TwoPhases.pending(zarr)).isEmpty();
    assertThat(TwoPhases.visible(netcdf)).hasSize(ISSUES);
    Set<Forecast> read = new HashSet<>();
    for (String name : TwoPhases.visible(netcdf)) {
      read.add(ForecastNetcdf.read(Files.readAllBytes(netcdf.resolve(name))));
    }
    ZarrReader rows = ZarrReader.open(zarr, "t2m", "issue_time");
    Set<Double> issueTimes = new HashSet<>();
    for (int i = 0; i < rows.shape()[0]; i++) {
      issueTimes.add(rows.cell(i));
    }
    assertThat(rows.shape()).containsExactly(ISSUES);
    for (int i = 0; i < ISSUES; i++) {
      assertThat(read).contains(Forecasts.whole(hour(6 * i), 0));
      assertThat(issueTimes).contains((double) hour(6 * i).toEpochMilli());
    }
  }

  @Test
  void withoutSettingsThereIsNothingInTheJob() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
    DataStream<Forecast> forecasts =
        env.fromSource(new NumberSequenceSource(0, 1), WatermarkStrategy.noWatermarks(), "numbers")
            .map(new LeadsOneByOne())
            .returns(CollectLeads.FORECAST);
    forecasts.sinkTo(new DiscardingSink<>());
    int before = env.getStreamGraph(false).getStreamNodes().size();
    Archives.attach(forecasts, SinkSettings.NONE, "job", STREAMS);
    assertThat(env.getStreamGraph(false).getStreamNodes()).hasSize(before);
  }

  /** Slow enough that checkpoints fall between leads; fails once, in the middle of an issue. */
  private static final class LeadsOneByOne implements MapFunction<Long, Forecast> {
    private static final long serialVersionUID = 1L;

    @Override
    public Forecast map(Long number) throws Exception {
      Thread.sleep(5);
      if (number == ISSUES * Forecasts.HORIZON / 2 + 1 && FAILED.compareAndSet(false, true)) {
        throw new IllegalStateException("as the test wants it");
      }
      int issue = (int) (number / Forecasts.HORIZON);
      int lead = (int) (number % Forecasts.HORIZON) + 1;
      return Forecasts.leads(hour(6 * issue), 0, lead, lead);
    }
  }
}
