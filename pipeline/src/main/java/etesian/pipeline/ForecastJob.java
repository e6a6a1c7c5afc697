package etesian.pipeline;

import etesian.ingest.field.Field;
import etesian.ingest.field.Forecast;
import etesian.ingest.wire.FieldCodec;
import etesian.ingest.wire.ForecastCodec;
import etesian.pipeline.archive.Archives;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.decode.DeadLetter;
import etesian.pipeline.decode.DecodeGranules;
import etesian.pipeline.decode.GranuleRecord;
import etesian.pipeline.decode.TakeFields;
import etesian.pipeline.forecast.ForecastOperator;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.settings.GranuleSettings;
import etesian.pipeline.settings.PipelineSettings;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.tune.Tuning;
import etesian.pipeline.types.CodecType;
import etesian.pipeline.verify.Score;
import etesian.pipeline.verify.VerifyForecasts;
import etesian.pipeline.window.AssembleWindows;
import etesian.pipeline.window.FieldWindow;
import etesian.pipeline.window.ValidTimes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The whole job, top to bottom. Each stream has its own chain of stations, so that its event time
 * is its own: a monthly SST of 1950 and an hourly ERA5 of yesterday do not hold each other back.
 */
public final class ForecastJob {
  /** A step waits so long at each exchange for company; Flink's 100 ms are most of a first step. */
  private static final long BUFFER_TIMEOUT_MILLIS = 5;

  private static final TypeInformation<Field> FIELD =
      new CodecType<>(Field.class, FieldCodec.INSTANCE);
  private static final TypeInformation<Forecast> FORECAST =
      new CodecType<>(Forecast.class, ForecastCodec.INSTANCE);
  private static final TypeInformation<FieldWindow> WINDOW =
      new CodecType<>(FieldWindow.class, new FieldWindow.WindowCodec());
  private static final TypeInformation<Score> SCORE =
      new CodecType<>(Score.class, new Score.ScoreCodec());

  private ForecastJob() {}

  /**
   * @param championsAtStart the champions topic, read to its end before submission
   */
  public static void define(
      StreamExecutionEnvironment env,
      PipelineSettings settings,
      Ends ends,
      List<Champion> championsAtStart) {
    env.configure(
        new Configuration()
            .set(PipelineOptions.GENERIC_TYPES, false)
            .set(PipelineOptions.AUTO_GENERATE_UIDS, false) // they would change with the job
            .set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, settings.checkpointTimeout())
            // Whatever a cluster has: the timeout of transactions is reckoned for one checkpoint.
            .set(
                CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE)
            .set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 0));
    env.configure(StateStore.of(settings));
    env.getConfig().enableObjectReuse(); // values are immutable
    env.enableCheckpointing(settings.checkpointInterval().toMillis());
    env.setBufferTimeout(BUFFER_TIMEOUT_MILLIS);

    DataStream<Champion> champions =
        env.fromSource(ends.champions(), WatermarkStrategy.noWatermarks(), "champions")
            .uid("champions")
            .setParallelism(1);

    WeightsStore weights = new WeightsStore(settings.weights());
    Map<String, SingleOutputStreamOperator<Field>> datasets = new HashMap<>();
    List<DataStream<Forecast>> forecasts = new ArrayList<>();
    List<DataStream<Score>> scores = new ArrayList<>();
    List<DataStream<ModelEvent>> events = new ArrayList<>();
    List<DataStream<Champion>> promotions = new ArrayList<>();
    for (StreamSettings stream : settings.streams()) {
      DataStream<Field> fields =
          datasets
              .computeIfAbsent(
                  stream.dataset(), dataset -> decode(env, ends, dataset, settings.granules()))
              .flatMap(new TakeFields(stream))
              .returns(FIELD)
              .name(stream.name() + ": fields")
              .uid(stream.name() + "-fields")
              .setParallelism(1) // in the order of the topic, as decoded
              .assignTimestampsAndWatermarks(byValidTime(stream))
              .name(stream.name() + ": valid time")
              .uid(stream.name() + "-valid-time")
              .setParallelism(1);

      SingleOutputStreamOperator<Forecast> forecast =
          fields
              .keyBy(field -> stream.name(), Types.STRING)
              .process(new AssembleWindows(stream), WINDOW)
              .name(stream.name() + ": assemble windows")
              .uid(stream.name() + "-windows")
              .keyBy(window -> window.issueTime().toEpochMilli(), Types.LONG)
              .connect(champions.broadcast())
              .transform(
                  stream.name() + ": forecast",
                  FORECAST,
                  new ForecastOperator(
                      stream,
                      settings.device(),
                      new StoredModels(weights, stream, settings.device()),
                      championsAtStart))
              .uid(stream.name() + "-forecast")
              .setParallelism(1); // one per device: the largest useful batch
      forecasts.add(shown(forecast, stream));
      events.add(forecast.getSideOutput(ForecastOperator.REFUSED));

      scores.add(
          forecast
              .keyBy(one -> VerifyForecasts.keyOf(one.stream(), one.variable()), Types.STRING)
              .connect(
                  fields.keyBy(
                      field -> VerifyForecasts.keyOf(stream.name(), field.frame().variable()),
                      Types.STRING))
              .process(new VerifyForecasts(stream), SCORE)
              .name(stream.name() + ": verify")
              .uid(stream.name() + "-verify"));

      Tuning.attach(stream, weights, fields, champions, championsAtStart)
          .ifPresent(
              learned -> {
                events.add(learned.events());
                promotions.add(learned.promotions());
              });
    }

    union(forecasts).sinkTo(ends.forecasts()).name("forecasts").uid("forecasts-sink");
    Archives.attach(union(forecasts), settings.sinks(), settings.job(), settings.streams());
    union(scores).sinkTo(ends.scores()).name("scores").uid("scores-sink");
    union(events)
        .sinkTo(ends.modelEvents())
        .name("model events")
        .uid("models-sink")
        .setParallelism(1);
    if (!promotions.isEmpty()) {
      union(promotions)
          .sinkTo(ends.promotions()) // they come back by the champions source
          .name("promotions")
          .uid("promotions-sink")
          .setParallelism(1);
    }
    List<DataStream<DeadLetter>> refused = new ArrayList<>();
    datasets.values().forEach(d -> refused.add(d.getSideOutput(DecodeGranules.REFUSED)));
    union(refused).sinkTo(ends.deadLetters()).name("dead letters").uid("deadletters-sink");
  }

  /** As the sinks get it: the members of an ensemble only where they were asked for. */
  private static DataStream<Forecast> shown(DataStream<Forecast> forecast, StreamSettings stream) {
    return stream.ensemble() == null || stream.ensemble().emitMembers()
        ? forecast
        : forecast
            .map(Forecast::withoutMembers)
            .returns(FORECAST)
            .name(stream.name() + ": products")
            .uid(stream.name() + "-products")
            .setParallelism(1);
  }

  private static SingleOutputStreamOperator<Field> decode(
      StreamExecutionEnvironment env, Ends ends, String dataset, GranuleSettings settings) {
    DataStream<GranuleRecord> granules =
        env.fromSource(
                ends.granules(dataset), WatermarkStrategy.noWatermarks(), dataset + " granules")
            .uid(dataset + "-granules")
            .setParallelism(1);
    return granules
        .process(new DecodeGranules(settings, dataset), FIELD)
        .name(dataset + ": decode")
        .uid(dataset + "-decode")
        .setParallelism(1); // in the order of the topic, so that time moves on evenly
  }

  private static WatermarkStrategy<Field> byValidTime(StreamSettings stream) {
    return WatermarkStrategy.forGenerator(context -> new ValidTimes(stream.lateness()))
        .withTimestampAssigner((field, before) -> field.frame().validAt().toEpochMilli());
  }

  @SuppressWarnings("unchecked")
  private static <T> DataStream<T> union(List<DataStream<T>> streams) {
    return streams.get(0).union(streams.subList(1, streams.size()).toArray(DataStream[]::new));
  }
}
