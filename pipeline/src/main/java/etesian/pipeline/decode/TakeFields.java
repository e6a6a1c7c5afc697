package etesian.pipeline.decode;

import etesian.ingest.field.Field;
import etesian.pipeline.settings.StreamSettings;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Of the fields of a dataset those of a stream, on the grid of the stream. */
public final class TakeFields implements FlatMapFunction<Field, Field> {
  private static final long serialVersionUID = 1L;

  private final StreamSettings stream;

  public TakeFields(StreamSettings stream) {
    this.stream = stream;
  }

  @Override
  public void flatMap(Field field, Collector<Field> out) {
    if (stream.takes(field)) {
      out.collect(stream.onGrid(field));
    }
  }
}
