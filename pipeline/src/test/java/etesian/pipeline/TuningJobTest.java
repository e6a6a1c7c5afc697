package etesian.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import etesian.ingest.field.Forecast;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.GranuleNetcdf;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.decode.DeadLetter;
import etesian.pipeline.decode.GranuleRecord;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.Worlds;
import etesian.pipeline.settings.DeviceSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.settings.TuningSettings;
import etesian.pipeline.storage.Folder;
import etesian.pipeline.storage.ObjectStore;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.verify.Score;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole job on a world that changes, with weights and checkpoints in an object store; what it
 * promotes comes back to it as from a topic. Learning takes as long as the machine is busy: the
 * later fields wait until the promotion has come through.
 */
@Timeout(600)
class TuningJobTest {
  private static final int DAYS = 500;
  private static final int CHANGE = 120;

  /** Fields from here on wait; the promotion follows from those before. */
  private static final int GATE = 450;

  private static final List<Champion> CHAMPIONS = new CopyOnWriteArrayList<>();
  private static final List<ModelEvent> EVENTS = new CopyOnWriteArrayList<>();
  private static final List<Forecast> FORECASTS = new CopyOnWriteArrayList<>();

  /** The first promotion is committed. */
  private static final CompletableFuture<Void> PROMOTED = new CompletableFuture<>();

  /** It is known wherever champions are. */
  private static final CompletableFuture<Void> KNOWN = new CompletableFuture<>();

  private static volatile boolean promotionRead;

  private static final Folder WEIGHTS = Folder.parse("objects://tuning/weights");

  @TempDir private Path folder;

  @Test
  void fromTheEffectiveTimeOnForecastsCarryTheHashOfThePromotedWeights() throws Exception {
    List<float[]> series = Worlds.series(DAYS, 1, day -> day < CHANGE ? 0.1 : 1.5);
    WeightsStore store = new WeightsStore(WEIGHTS);
    String sha256 = store.put(Worlds.weights(0.1, series.subList(0, CHANGE)));
    Champion first = new Champion("t2m", "smnn", sha256, Champion.ALWAYS, null);
    CHAMPIONS.add(first);
    List<byte[]> granules = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      granules.add(GranuleNetcdf.write(List.of(Worlds.field(day, series.get(day)))));
    }
    run(new Loop(granules.toArray(byte[][]::new)), first);

    assertThat(EVENTS).extracting(ModelEvent::event).contains(ModelEvent.Kind.PROMOTED);
    Champion second = CHAMPIONS.get(1);
    assertThat(second.parent()).isEqualTo(sha256);
    assertThat(hashesOf(Instant.MIN, second.effectiveFrom())).containsOnly(sha256);
    assertThat(second.effectiveFrom()).isBeforeOrEqualTo(Worlds.day(GATE));
    assertThat(hashesOf(Worlds.day(GATE), Instant.MAX)).containsOnly(second.weightsSha256());
    assertThat(store.holds(second.weightsSha256())).isTrue();
    assertThat(ObjectStore.wasWritten("objects://tuning/state/")).as("checkpoints").isTrue();
    assertThat(FORECASTS).hasSize(DAYS - Worlds.HISTORY + 1);
  }

  private static List<String> hashesOf(Instant from, Instant to) {
    return FORECASTS.stream()
        .filter(f -> !f.issueTime().isBefore(from) && f.issueTime().isBefore(to))
        .map(Forecast::weightsSha256)
        .distinct()
        .toList();
  }

  private void run(Ends ends, Champion first) throws Exception {
    TuningSettings tuning =
        TuningSettings.OFF.with(
            t ->
                t.every(60)
                    .drift(true)
                    .rank(1)
                    .steps(60)
                    .learningRate(0.05)
                    .longRun(false)
                    .replayMebibytes(1));
    DeviceSettings device = new DeviceSettings(16, 8, 1 << 20, 1);
    StreamSettings stream = Worlds.stream().withTuning(tuning);
    LocalJob.run(
        LocalJob.settings(folder, Duration.ofMillis(200), device, stream)
            .withWeights(WEIGHTS)
            .withState(Folder.parse("objects://tuning/state")),
        ends,
        1,
        first);
  }

  /** Lets records through until the gate; after it, when the gate is open. */
  private static class Gate implements RateLimiter<SourceSplit> {
    private final int before;
    private final CompletableFuture<Void> open;
    private int through;

    Gate(int before, CompletableFuture<Void> open) {
      this.before = before;
      this.open = open;
    }

    @Override
    public CompletionStage<Void> acquire(int records) {
      through += records;
      return through <= before ? CompletableFuture.completedFuture(null) : open;
    }
  }

  /**
   * Opens when a checkpoint has completed that began after the promotion was read: its barriers
   * came to every station behind it. The first to complete may have begun before.
   */
  private static final class FieldGate extends Gate {
    private int completed;

    FieldGate() {
      super(GATE, KNOWN);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      if (promotionRead && ++completed > 1) {
        KNOWN.complete(null);
      }
    }
  }

  /** The first two champions, each when it is there. */
  private record Loop(byte[][] granules) implements Ends {
    @Override
    public Source<GranuleRecord, ?, ?> granules(String dataset) {
      byte[][] values = granules;
      return new DataGeneratorSource<>(
          index ->
              new GranuleRecord(
                  Topics.granules(dataset), 0, index, new byte[0], values[index.intValue()]),
          values.length,
          parallelism -> new FieldGate(),
          new CodecType<>(GranuleRecord.class, new GranuleRecord.RecordCodec()));
    }

    @Override
    public Source<Champion, ?, ?> champions() {
      return new DataGeneratorSource<>(
          index -> {
            promotionRead = index == 1;
            return CHAMPIONS.get(index.intValue());
          },
          2,
          parallelism -> new Gate(1, PROMOTED),
          new CodecType<>(Champion.class, new Champion.ChampionCodec()));
    }

    @Override
    public Sink<Forecast> forecasts() {
      return new TakingSink<>(forecast -> FORECASTS.add(forecast));
    }

    @Override
    public Sink<Score> scores() {
      return new DiscardingSink<>();
    }

    @Override
    public Sink<DeadLetter> deadLetters() {
      return new DiscardingSink<>();
    }

    @Override
    public Sink<ModelEvent> modelEvents() {
      return new TakingSink<>(event -> EVENTS.add(event));
    }

    @Override
    public Sink<Champion> promotions() {
      return new TakingSink<>(
          champion -> {
            CHAMPIONS.add(champion);
            PROMOTED.complete(null);
          });
    }
  }
}
