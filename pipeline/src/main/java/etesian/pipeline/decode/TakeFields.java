package etesian.pipeline.decode;

import etesian.ingest.field.Field;
import etesian.ingest.field.Frame;
import etesian.pipeline.settings.StreamSettings;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of the fields of a dataset those of a stream, on the grid of the stream. Fields of the name of
 * one of its variables in another unit or on another grid are left to other streams, with a warning
 * for the first few kinds: a stream that waits for what never comes is hard to understand
 * otherwise.
 */
public final class TakeFields implements FlatMapFunction<Field, Field> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(TakeFields.class);
  private static final int MOST_WARNINGS = 8;

  private final StreamSettings stream;
  private transient Set<String> left; // kinds that a warning was given for

  public TakeFields(StreamSettings stream) {
    this.stream = stream;
  }

  @Override
  public void flatMap(Field field, Collector<Field> out) {
    if (stream.takes(field)) {
      out.collect(stream.onGrid(field));
    } else if (stream.variables().stream()
        .anyMatch(variable -> variable.name().equals(field.frame().variable().name()))) {
      warn(field.frame());
    }
  }

  private void warn(Frame frame) {
    left = left == null ? new HashSet<>() : left;
    if (left.size() >= MOST_WARNINGS) {
      return;
    }
    String kind =
        "%s [%s] on %s".formatted(frame.variable().name(), frame.variable().units(), frame.grid());
    if (left.add(kind)) {
      LOG.warn(
          "stream {} takes {} on {}: it leaves {}, first at {}; further ones are not logged",
          stream.name(),
          stream.variables(),
          stream.regrid() == null ? stream.grid() : "grids that reach its own",
          kind,
          frame.validAt());
    }
  }
}
