package etesian.pipeline;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Hands every value to the test, in whose process the job runs. */
public record TakingSink<T>(Taker<T> taker) implements Sink<T> {

  /** Gets the values; one that fails fails the job. */
  @FunctionalInterface
  public interface Taker<T> extends Serializable {
    void take(T value) throws IOException;
  }

  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) {
    return new SinkWriter<>() {
      @Override
      public void write(T value, Context ignored) throws IOException {
        taker.take(value);
      }

      @Override
      public void flush(boolean endOfInput) {}

      @Override
      public void close() {}
    };
  }
}
