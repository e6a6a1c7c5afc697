package etesian.pipeline;

import etesian.ingest.field.Forecast;
import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.Codec;
import etesian.ingest.wire.ForecastCodec;
import etesian.ingest.wire.ForecastEvents;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.decode.DeadLetter;
import etesian.pipeline.decode.GranuleRecord;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.verify.Score;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * The ends of a job without brokers: granules from memory, at a pace; forecasts and scores into
 * memory, by what names them. Nothing is committed here: what a restarted job repeats comes again,
 * and shows whether it is the same.
 */
final class MemoryEnds implements Ends {
  private static final Map<String, Map<String, Set<ByteBuffer>>> RUNS = new ConcurrentHashMap<>();
  private static final Map<String, AtomicInteger> UNTIL_FAILURE = new ConcurrentHashMap<>();
  private static final TypeInformation<GranuleRecord> GRANULE =
      new CodecType<>(GranuleRecord.class, new GranuleRecord.RecordCodec());
  private static final TypeInformation<Champion> CHAMPION =
      new CodecType<>(Champion.class, new Champion.ChampionCodec());

  private final String run;
  private final byte[][] granules;
  private final double perSecond;
  private final Champion champion;

  /**
   * @param run names what comes out
   * @param granules the files, in their order
   * @param champion one that the job knows already, again
   */
  MemoryEnds(String run, List<byte[]> granules, double perSecond, Champion champion) {
    this.run = run;
    this.granules = granules.toArray(byte[][]::new);
    this.perSecond = perSecond;
    this.champion = champion;
    RUNS.put(run, new ConcurrentHashMap<>());
  }

  /** Lets the job fail once, when so many forecasts have come out. */
  void failAfter(int forecasts) {
    UNTIL_FAILURE.put(run, new AtomicInteger(forecasts));
  }

  /** Whether it failed. */
  boolean hasFailed() {
    return UNTIL_FAILURE.get(run).get() <= 0;
  }

  /** All forms of each record that came out. */
  Map<String, Set<ByteBuffer>> records() {
    return RUNS.get(run);
  }

  @Override
  public Source<GranuleRecord, ?, ?> granules(String dataset) {
    byte[][] values = granules;
    return new DataGeneratorSource<>(
        index ->
            new GranuleRecord(
                Topics.granules(dataset), 0, index, new byte[0], values[index.intValue()]),
        values.length,
        RateLimiterStrategy.perSecond(perSecond),
        GRANULE);
  }

  @Override
  public Source<Champion, ?, ?> champions() {
    Champion one = champion;
    return new DataGeneratorSource<>(index -> one, 1, CHAMPION);
  }

  @Override
  public Sink<Forecast> forecasts() {
    return kept(ForecastCodec.INSTANCE, ForecastEvents::id);
  }

  @Override
  public Sink<Score> scores() {
    return kept(
        new Score.ScoreCodec(),
        score -> score.stream() + "/" + score.issueTime() + "/" + score.lead());
  }

  @Override
  public Sink<DeadLetter> deadLetters() {
    return new DiscardingSink<>();
  }

  @Override
  public Sink<ModelEvent> modelEvents() {
    return new DiscardingSink<>();
  }

  @Override
  public Sink<Champion> promotions() {
    return new DiscardingSink<>();
  }

  private interface Name<T> extends Function<T, String>, Serializable {}

  private <T> Sink<T> kept(Codec<T> codec, Name<T> name) {
    String mine = run;
    return new TakingSink<>(
        value -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          codec.write(value, new DataOutputStream(bytes));
          RUNS.get(mine)
              .computeIfAbsent(name.apply(value), id -> ConcurrentHashMap.newKeySet())
              .add(ByteBuffer.wrap(bytes.toByteArray()));
          AtomicInteger left = UNTIL_FAILURE.get(mine);
          if (value instanceof Forecast && left != null && left.decrementAndGet() == 0) {
            throw new IOException("as the test wants it");
          }
        });
  }
}
