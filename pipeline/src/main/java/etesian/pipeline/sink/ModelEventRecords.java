package etesian.pipeline.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import etesian.ingest.kafka.Topics;
import etesian.ingest.wire.EventHeaders;
import etesian.pipeline.learn.ModelEvent;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Model events as JSON in CloudEvents; the key is the stream. */
final class ModelEventRecords extends TopicRecords<ModelEvent> {
  private static final long serialVersionUID = 1L;
  private static final String TYPE = "etesian.model-event.v1";

  ModelEventRecords() {
    super(Topics.MODELS);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      ModelEvent event, KafkaSinkContext context, Long timestamp) {
    String json = event.toJson();
    return EventHeaders.json(
        topic(),
        event.stream().getBytes(UTF_8),
        json.getBytes(UTF_8),
        TYPE,
        EventHeaders.id(TYPE, event.stream(), json),
        "/etesian/streams/" + event.stream(),
        event.at());
  }
}
