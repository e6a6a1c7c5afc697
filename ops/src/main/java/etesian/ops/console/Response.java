package etesian.ops.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** An answer: its status, media type and bytes. */
record Response(int status, String type, byte[] body) {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .build();

  static Response json(Object value) {
    return json(200, value);
  }

  /** Tells a person what is wrong. */
  static Response problem(int status, String what) {
    return json(status, Map.of("problem", what));
  }

  /** Float32, little-endian, row after row, NaN where missing. */
  static Response values(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new Response(200, "application/octet-stream", bytes.array());
  }

  /** On one line, as an event of a stream needs it. */
  static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Response json(int status, Object value) {
    return new Response(status, "application/json", text(value).getBytes(UTF_8));
  }
}
