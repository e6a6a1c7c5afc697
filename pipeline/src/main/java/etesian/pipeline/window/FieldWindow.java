package etesian.pipeline.window;

import etesian.ingest.field.Check;
import etesian.ingest.field.Field;
import etesian.ingest.wire.Binary;
import etesian.ingest.wire.Codec;
import etesian.ingest.wire.FieldCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a forecast starts from.
 *
 * @param stream name of the stream
 * @param frames consecutive fields, oldest first; the newest is valid at the issue time
 */
public record FieldWindow(String stream, List<Field> frames) {
  public FieldWindow {
    Check.that(!frames.isEmpty(), "a window has at least one field");
    frames = List.copyOf(frames);
  }

  public Field newest() {
    return frames.get(frames.size() - 1);
  }

  /** Forecast reference time: the valid time of the newest field. */
  public Instant issueTime() {
    return newest().frame().validAt();
  }

  /** Version 1: stream, count, fields. */
  public static final class WindowCodec implements Codec<FieldWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public void write(FieldWindow window, DataOutput out) throws IOException {
      out.writeByte(1);
      Binary.text(window.stream, out);
      out.writeInt(window.frames.size());
      for (Field field : window.frames) {
        FieldCodec.INSTANCE.write(field, out);
      }
    }

    @Override
    public FieldWindow read(DataInput in) throws IOException {
      Binary.version(in, 1, "a window");
      String stream = Binary.text(in);
      int count = in.readInt();
      List<Field> frames = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        frames.add(FieldCodec.INSTANCE.read(in));
      }
      return new FieldWindow(stream, frames);
    }
  }
}
