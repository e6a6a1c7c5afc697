package etesian.pipeline.tune;

import etesian.ingest.field.Field;
import etesian.pipeline.champion.Champion;
import etesian.pipeline.champion.WeightsStore;
import etesian.pipeline.learn.Learning;
import etesian.pipeline.learn.ModelEvent;
import etesian.pipeline.learn.ModelEvent.ModelEventCodec;
import etesian.pipeline.settings.StreamSettings;
import etesian.pipeline.types.CodecType;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** The station that learns, for streams whose settings ask for it. */
public final class Tuning {
  /** The slots of what learns: on a cluster they may lie in a TaskManager of their own. */
  public static final String SLOT_SHARING_GROUP = "tuning";

  private static final TypeInformation<ModelEvent> EVENT =
      new CodecType<>(ModelEvent.class, new ModelEventCodec());

  private Tuning() {}

  /**
   * What a stream does about its weights.
   *
   * @param events for the audit log
   * @param promotions for the champions topic
   */
  public record Learned(DataStream<ModelEvent> events, DataStream<Champion> promotions) {}

  /**
   * @param fields of the stream, as they arrive
   * @return empty for a stream that does not learn
   * @throws IllegalArgumentException when it cannot learn by its settings; says which
   */
  public static Optional<Learned> attach(
      StreamSettings stream,
      WeightsStore weights,
      DataStream<Field> fields,
      DataStream<Champion> champions,
      List<Champion> championsAtStart) {
    if (!stream.tuning().on()) {
      return Optional.empty();
    }
    Learning.check(stream, stream.tuning());
    SingleOutputStreamOperator<ModelEvent> events =
        fields
            .connect(champions.broadcast())
            .transform(
                stream.name() + ": tune",
                EVENT,
                new TuneOperator(stream, weights, championsAtStart))
            .uid(stream.name() + "-tune")
            .setParallelism(1) // one buffer, one contest
            .slotSharingGroup(SLOT_SHARING_GROUP);
    return Optional.of(new Learned(events, events.getSideOutput(TuneOperator.CHAMPIONS)));
  }
}
